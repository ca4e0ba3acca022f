package org.slipway.helper.varlink;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.slipway.helper.log.LogLine;
import org.slipway.helper.log.LogStream;
import org.slipway.model.wire.Answer;
import org.slipway.model.wire.Log;
import org.slipway.model.wire.Reply;

/** Sends a container's output as it comes, on a thread of its own, until it ends. */
final class LogsStream implements Method.Stream {

    private final LogStream lines;
    private final Outbox outbox;
    private final Thread thread;

    private LogsStream(LogStream lines, Outbox outbox, String name) {
        this.lines = lines;
        this.outbox = outbox;
        this.thread = Thread.ofVirtual().name("logs-" + name).unstarted(this::run);
    }

    static LogsStream open(LogStream lines, Outbox outbox, String name) {
        var stream = new LogsStream(lines, outbox, name);
        stream.thread.start();
        return stream;
    }

    /** All lines there are, without waiting for more. */
    static List<Log> all(LogStream lines) throws IOException, InterruptedException {
        List<Log> all = new ArrayList<>();
        try (lines) {
            for (Optional<LogLine> line = lines.next(); line.isPresent(); line = lines.next()) {
                all.add(Views.log(line.get()));
            }
        }
        return all;
    }

    private void run() {
        try (lines) {
            for (Optional<LogLine> line = lines.next(); line.isPresent(); line = lines.next()) {
                outbox.send(Answer.more(new Reply.Logs(List.of(Views.log(line.get())))));
            }
            outbox.send(Answer.last(new Reply.Logs(List.of())));
        } catch (IOException e) {
            LoggerFactory.getLogger(LogsStream.class).debug("output no longer sent: {}", "" + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void join() throws InterruptedException {
        thread.join();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
