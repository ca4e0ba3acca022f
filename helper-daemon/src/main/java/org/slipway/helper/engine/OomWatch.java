package org.slipway.helper.engine;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.cgroup.Cgroups;
import org.slipway.helper.cgroup.Statistics.Place;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.reactor.Reactor;

/**
 * Tells when a container runs out of memory: on v1 by an event descriptor (cgroup v1 memory controller, OOM control), on v2 by a change of
 * {@code memory.events}. The kernel tells; nothing is read until then.
 */
final class OomWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OomWatch.class);

    private final Reactor reactor;
    private final Fd fd;
    private final String file;
    private final boolean counts;
    private final Runnable told;
    private long seen;

    private OomWatch(Reactor reactor, Fd fd, String file, boolean counts, Runnable told) {
        this.reactor = reactor;
        this.fd = fd;
        this.file = file;
        this.counts = counts;
        this.told = told;
        this.seen = counts ? kills() : 0;
    }

    /** Begins to watch; empty where no controller counts memory. */
    static Optional<OomWatch> begin(Reactor reactor, List<Place> places, Runnable told) {
        for (Place place : places) {
            if (place.controllers().contains("memory")) {
                try {
                    OomWatch watch = place.unified()
                            ? unified(reactor, place.directory(), told)
                            : classic(reactor, place.directory(), told);
                    Thread.ofVirtual().name("oom").start(watch::follow);
                    return Optional.of(watch);
                } catch (IOException e) {
                    LOG.debug("out of memory is not told of {}: {}", place.directory(), e.toString());
                }
            }
        }
        return Optional.empty();
    }

    private static OomWatch unified(Reactor reactor, String directory, Runnable told) throws IOException {
        String file = directory + "/memory.events";
        return new OomWatch(reactor, Descriptors.watch(file), file, true, told);
    }

    private static OomWatch classic(Reactor reactor, String directory, Runnable told) throws IOException {
        String file = directory + "/memory.oom_control";
        Fd event = Descriptors.eventfd();
        try (Fd control = Descriptors.open(file, Descriptors.O_RDONLY, 0)) {
            Cgroups.write(directory + "/cgroup.event_control", event.number() + " " + control.number());
        } catch (IOException e) {
            event.close();
            throw e;
        }
        return new OomWatch(reactor, event, file, false, told);
    }

    private void follow() {
        byte[] buffer = new byte[4096];
        try {
            while (reactor.awaitReadable(fd, null)) {
                look(buffer);
            }
        } catch (ClosedChannelException e) {
            // nobody wants to know any more
        } catch (IOException e) {
            LOG.debug("out of memory is no longer told: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void look(byte[] buffer) throws IOException {
        boolean came = false;
        while (Descriptors.read(fd, buffer) > 0) {
            came = true;
        }
        // the cgroup's end wakes it too
        if (came && (counts ? more() : Cgroups.exists(file))) {
            told.run();
        }
    }

    private boolean more() {
        long now = kills();
        boolean more = now > seen;
        seen = now;
        return more;
    }

    /** Whether the kernel has killed somebody in one of these cgroups for want of memory. */
    static boolean killed(List<String> directories) {
        return directories.stream()
                .anyMatch(directory ->
                        kills(directory + "/memory.events") > 0 || kills(directory + "/memory.oom_control") > 0);
    }

    private long kills() {
        return kills(file);
    }

    private static long kills(String file) {
        return Cgroups.text(file)
                .orElse("")
                .lines()
                .filter(line -> line.startsWith("oom_kill "))
                .mapToLong(line ->
                        Long.parseLong(line.substring("oom_kill ".length()).strip()))
                .findFirst()
                .orElse(0);
    }

    /** What the kernel has told by now is told first. */
    @Override
    public void close() {
        try {
            if (fd.isOpen()) {
                look(new byte[4096]);
            }
        } catch (IOException e) {
            LOG.debug("out of memory is no longer told: {}", e.toString());
        }
        reactor.close(fd);
    }
}
