package org.slipway.workbench.lifecycle;

import java.util.List;
import org.slipway.model.state.Status;
import org.slipway.model.wire.Container;
import org.slipway.model.wire.Fault;
import org.slipway.model.wire.Name;
import org.slipway.workbench.helper.HelperPort;
import org.slipway.workbench.helper.HelperSession;
import org.slipway.workbench.helper.Refused;

/** Ends containers for good: SIGKILL, then delete. Its calls wait for the helper. */
public final class Ending {

    private static final int ATTEMPTS = 50;
    private static final int PAUSE_MILLIS = 100;

    private Ending() {}

    /** The containers of the person at the window that have a process; those of others are not theirs to end. */
    public static List<Container> alive(HelperSession helper) {
        return helper.info()
                .get()
                .map(info -> helper.containers().stream()
                        .filter(container -> container.owner() == info.uid() && isAlive(container))
                        .toList())
                .orElse(List.of());
    }

    private static boolean isAlive(Container container) {
        return !container.status().equals(Status.STOPPED.word());
    }

    /** Ends all of them; the first that can't be ended stops it. */
    public static void all(HelperPort port, List<Container> containers) throws Refused {
        for (Container container : containers) {
            end(port, new Name(java.util.Optional.of(container.owner()), container.id()), isAlive(container));
        }
    }

    /** A killed container is stopped a moment after the signal, so deleting may have to be asked for again. */
    static void end(HelperPort port, Name name, boolean alive) throws Refused {
        if (alive) {
            port.kill(name, "KILL");
        }
        for (int attempt = 0; ; attempt++) {
            try {
                port.delete(name);
                return;
            } catch (Refused e) {
                if (!alive || attempt == ATTEMPTS || e.problem().fault() != Fault.STATE) {
                    throw e;
                }
            }
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
