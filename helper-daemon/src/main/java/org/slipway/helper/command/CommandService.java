package org.slipway.helper.command;

import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.door.Gate;
import org.slipway.helper.reactor.Channel;
import org.slipway.helper.reactor.Reactor;

/** Serves connections that carry frames of the command line: one command each. */
public final class CommandService {

    private static final Logger LOG = LoggerFactory.getLogger(CommandService.class);

    private final Reactor reactor;
    private final String root;
    private final Offline offline;
    private final Parsers parsers = new Parsers();

    /**
     * Serves commands.
     *
     * @param root the helper's runtime directory, absolute
     */
    public CommandService(Reactor reactor, String root, Offline offline) {
        this.reactor = reactor;
        this.root = root;
        this.offline = offline;
    }

    /**
     * Does one command.
     *
     * @param rest bytes that came before the connection was upgraded; there may be none
     */
    public void serve(Gate gate, Channel channel, byte[] rest) throws IOException, InterruptedException {
        if (rest.length > 0) {
            LOG.info(
                    "pid {}: frames before the answer to Command, ending the connection",
                    gate.peer().pid());
            return;
        }
        try (FrameClient client = FrameClient.greet(channel, gate.peer())) {
            var helper = new Context.Helper(gate, client, reactor, root);
            client.exit(Commands.run(new Context(client, Optional.of(helper), offline), parsers));
        } catch (Frame.Malformed e) {
            LOG.info(
                    "pid {}: malformed frame ({}), ending the connection",
                    gate.peer().pid(),
                    e.getMessage());
        }
        parsers.refill();
    }
}
