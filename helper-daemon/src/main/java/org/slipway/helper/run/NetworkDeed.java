package org.slipway.helper.run;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.network.NetDevices;
import org.slipway.helper.network.NetworkRole;
import org.slipway.model.plan.NetworkOp;

/**
 * Network interfaces in and out of a container. Done by threads of their own: a request to rtnetlink(7) waits inside the kernel for its
 * lock of all network configuration, which would hold the carrier of a virtual thread.
 */
final class NetworkDeed {

    private final Tools tools;
    private final Subject subject;

    NetworkDeed(Tools tools, Subject subject) {
        this.tools = tools;
        this.subject = subject;
    }

    /** Does one step; false if there was nothing to do. */
    boolean run(NetworkOp op) throws IOException, InterruptedException {
        return apart(deed(op));
    }

    /** Does it on a thread of its own, which has ended when this returns, also by an interrupt. */
    static boolean apart(Callable<Boolean> deed) throws IOException, InterruptedException {
        FutureTask<Boolean> task = new FutureTask<>(deed);
        Thread worker = Thread.ofPlatform().name("rtnetlink").daemon().start(task);
        try {
            return task.get();
        } catch (InterruptedException e) {
            end(worker);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IOException(e.getCause());
            }
        }
    }

    /** What undoes the deed must not overtake it: it is told to end, and waited for. It waits for nothing that could last. */
    private static void end(Thread worker) {
        boolean again = false;
        worker.interrupt();
        while (worker.isAlive()) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                again = true;
            }
        }
        if (again) {
            Thread.currentThread().interrupt();
        }
    }

    private Callable<Boolean> deed(NetworkOp op) {
        NetDevices devices = new NetDevices(
                new NetworkRole(tools.image().path(), tools.reactor()),
                subject.folder().path());
        return () -> switch (op) {
            case NetworkOp.ProbeNetDevice probe -> {
                NetDevices.probe(probe.name());
                yield true;
            }
            case NetworkOp.PinNetwork _ -> {
                pin(devices);
                yield true;
            }
            case NetworkOp.UnpinNetwork _ -> devices.unpin();
            case NetworkOp.MoveNetDevice move -> {
                devices.move(move.name(), move.target());
                yield true;
            }
            case NetworkOp.ReturnNetDevice back -> devices.giveBack(back.name());
            case NetworkOp.AddAddresses add -> {
                devices.addAddresses(add.name());
                yield true;
            }
            case NetworkOp.BringUpNetDevice up -> {
                devices.bringUp(up.name());
                yield true;
            }
        };
    }

    private void pin(NetDevices devices) throws IOException {
        Proc init = subject.body().init().orElseThrow(() -> new ErrnoException("init", Errno.ESRCH));
        devices.pin("/proc/" + init.pid() + "/ns/net");
        if (init.ended()) {
            throw new ErrnoException(
                    "open(\"/proc/" + init.pid() + "/ns/net\")", Errno.ESRCH); // may be another's by now
        }
    }
}
