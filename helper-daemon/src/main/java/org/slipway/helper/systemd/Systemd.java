package org.slipway.helper.systemd;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.slipway.helper.systemd.Manager.JobRemoved;

/**
 * Asks systemd for a transient scope, and to take it away. Each request has a connection of its own: there are few, and one that outlived
 * a restart of the bus would be of no use.
 */
public final class Systemd {

    private static final String BUS = "unix:path=/run/dbus/system_bus_socket";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Systemd() {}

    /** A call to the manager that begins a job. */
    private interface Job {
        DBusPath begin(Manager manager);
    }

    /**
     * Makes a scope around a process, and returns when the process is in it.
     *
     * @throws IOException with systemd's own words if it refuses
     */
    public static void start(String unit, String slice, int pid, List<String> limits)
            throws IOException, InterruptedException {
        String result = run(manager ->
                manager.startTransientUnit(unit, "fail", Properties.of(unit, slice, pid, limits), List.of()));
        if (!result.equals("done")) {
            throw new IOException("its job ended with '" + result + "'");
        }
    }

    /** Stops a scope and forgets it; false if there is none. */
    public static boolean stop(String unit) throws IOException, InterruptedException {
        try {
            String _ = run(manager -> manager.stopUnit(unit, "replace"));
        } catch (Refusal e) {
            if (isMissing(e.name, String.valueOf(e.getMessage()))) {
                return false;
            }
            throw e;
        }
        try (DBusConnection bus = connect()) {
            manager(bus).resetFailedUnit(unit);
        } catch (DBusExecutionException | DBusException e) {
            return true; // one that did not fail is gone by now
        }
        return true;
    }

    /** Sets limits of a scope; each as in its plan. */
    public static void set(String unit, List<String> limits) throws IOException {
        try (DBusConnection bus = connect()) {
            manager(bus).setUnitProperties(unit, true, Properties.limits(limits));
        } catch (DBusExecutionException e) {
            throw new Refusal(e);
        } catch (DBusException e) {
            throw new IOException("it can't be asked: " + e.getMessage(), e);
        }
    }

    /** There is no such unit: a scope goes by itself with its last process. The library loses the names of some errors. */
    static boolean isMissing(String error, String message) {
        return error.endsWith(".NoSuchUnit") || message.endsWith(" not loaded.");
    }

    private static String run(Job job) throws IOException, InterruptedException {
        BlockingQueue<JobRemoved> ended = new LinkedBlockingQueue<>();
        try (DBusConnection bus = connect()) {
            bus.addSigHandler(JobRemoved.class, ended::add);
            Manager manager = manager(bus);
            manager.subscribe();
            String mine = job.begin(manager).getPath();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (true) {
                JobRemoved one = ended.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (one == null) {
                    throw new IOException("its job did not end within " + PATIENCE.toSeconds() + " s");
                }
                if (one.job().equals(mine)) {
                    return one.result();
                }
            }
        } catch (DBusExecutionException e) {
            throw new Refusal(e);
        } catch (DBusException e) {
            throw new IOException("it can't be asked: " + e.getMessage(), e);
        }
    }

    private static DBusConnection connect() throws DBusException {
        return DBusConnectionBuilder.forAddress(BUS).withShared(false).build();
    }

    private static Manager manager(DBusConnection bus) throws DBusException {
        return bus.getRemoteObject("org.freedesktop.systemd1", "/org/freedesktop/systemd1", Manager.class);
    }

    /** The library keeps the name of an error nowhere else. */
    @SuppressWarnings("removal")
    private static String name(DBusExecutionException e) {
        return String.valueOf(e.getType());
    }

    /** An error that systemd answered with. */
    private static final class Refusal extends IOException {

        private final String name;

        Refusal(DBusExecutionException e) {
            super(String.valueOf(e.getMessage()), e);
            this.name = name(e);
        }
    }
}
