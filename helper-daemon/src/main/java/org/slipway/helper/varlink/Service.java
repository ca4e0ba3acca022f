package org.slipway.helper.varlink;

import java.io.IOException;
import org.slipway.helper.door.Gate;
import org.slipway.helper.lifecycle.Containers;
import org.slipway.helper.reactor.Channel;
import tools.jackson.databind.node.ObjectNode;

/** What the server serves. */
public interface Service {

    /** The helper's version. */
    String version();

    /** The host's facts, and the helper's own pid and namespaces. */
    ObjectNode facts();

    /** What is asked about. */
    Containers containers();

    /** Ends the helper once no container lives any more, or soon after this returns if forced. */
    void shutdown(boolean force);

    /**
     * Serves a connection that became frames of the command line, until it ends.
     *
     * @param rest bytes that came already
     */
    void command(Gate gate, Channel channel, byte[] rest) throws IOException, InterruptedException;
}
