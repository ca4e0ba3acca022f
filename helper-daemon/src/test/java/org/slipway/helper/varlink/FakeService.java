package org.slipway.helper.varlink;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slipway.helper.door.Gate;
import org.slipway.helper.lifecycle.Containers;
import org.slipway.helper.lifecycle.FakeContainers;
import org.slipway.helper.reactor.Channel;
import org.slipway.model.wire.Wire;
import tools.jackson.databind.node.ObjectNode;

/** A service without anything behind it. */
final class FakeService implements Service {

    final FakeContainers containers = new FakeContainers();
    final BlockingQueue<String> asked = new LinkedBlockingQueue<>();

    @Override
    public String version() {
        return "1.2.3";
    }

    @Override
    public ObjectNode facts() {
        return Wire.object();
    }

    @Override
    public Containers containers() {
        return containers;
    }

    @Override
    public void shutdown(boolean force) {
        asked.add("shutdown " + force);
    }

    @Override
    public void command(Gate gate, Channel channel, byte[] rest) throws IOException, InterruptedException {
        channel.send(new byte[] {'r', 'a', 'w'}, List.of(), null);
    }
}
