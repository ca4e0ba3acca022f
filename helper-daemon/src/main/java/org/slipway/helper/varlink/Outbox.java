package org.slipway.helper.varlink;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.slipway.helper.reactor.Channel;
import org.slipway.model.wire.Answer;
import org.slipway.model.wire.Wire;

/** Sends answers; one thread at a time, which is whoever answers the current call. */
final class Outbox {

    private final Channel channel;
    private final Duration timeout;

    Outbox(Channel channel, Duration timeout) {
        this.channel = channel;
        this.timeout = timeout;
    }

    /** Sends one answer, or fails when the reader takes nothing for too long. */
    void send(Answer answer) throws IOException, InterruptedException {
        byte[] text = Wire.toBytes(answer);
        channel.send(Arrays.copyOf(text, text.length + 1), List.of(), timeout);
    }
}
