package org.slipway.helper.run;

import java.io.IOException;
import org.slipway.helper.cgroup.Cgroups;
import org.slipway.helper.cgroup.Resctrl;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.systemd.Systemd;
import org.slipway.model.plan.CgroupOp;
import org.slipway.model.plan.Plan;
import org.slipway.model.plan.ResctrlOp;
import org.slipway.model.plan.Step;
import org.slipway.model.state.Status;

/** What the helper does with control groups and resource control groups. */
final class CgroupDeeds {

    /** Which files of a cgroup belong to whom it is handed to; see the kernel's documentation of cgroup v2, Delegation. */
    private static final String DELEGATE = "/sys/kernel/cgroup/delegate";

    private final Subject subject;
    private final Plan plan;

    CgroupDeeds(Subject subject, Plan plan) {
        this.subject = subject;
        this.plan = plan;
    }

    /** Does a step; false if there was nothing to do. */
    boolean run(CgroupOp op, int index) throws IOException, InterruptedException {
        switch (op) {
            case CgroupOp.MakeCgroup make -> {
                return inParents(make.path(), index, done(() -> Cgroups.make(make.path())));
            }
            case CgroupOp.MakeCgroupParent parent -> {
                return Cgroups.makeParent(parent.path());
            }
            case CgroupOp.EnableControllers enable -> {
                return inParents(
                        enable.directory() + "/",
                        index,
                        done(() -> Cgroups.enable(enable.directory(), enable.controllers())));
            }
            case CgroupOp.RemoveCgroup remove -> {
                if (present(remove.path())) {
                    return false;
                }
                Cgroups.remove(remove.path());
            }
            case CgroupOp.RemoveCgroupParent parent -> {
                return Cgroups.removeParent(parent.path()) || leftUnmarked(parent.path());
            }
            case CgroupOp.WriteCgroupFile write -> {
                return inParents(write.file(), index, done(() -> Cgroups.write(write.file(), write.value())));
            }
            case CgroupOp.WriteFirstCgroupFile write -> {
                String file = write.files().getFirst();
                try {
                    return inParents(file, index, () -> writeFirst(write));
                } catch (ErrnoException e) {
                    if (write.required() || !e.is(Errno.ENOENT) || Cgroups.exists(directory(file))) {
                        throw e;
                    }
                    return false; // a delete that is tried again thaws what is no longer there
                }
            }
            case CgroupOp.CheckUsage check -> Cgroups.checkUsage(check.file(), check.bytes());
            case CgroupOp.RaiseRealtime raise -> {
                return inParents(raise.directory() + "/", index, () -> raise(raise));
            }
            case CgroupOp.AttachDeviceFilter filter ->
                Cgroups.attachDeviceFilter(filter.cgroup(), filter.program().bytes());
            case CgroupOp.HandOverCgroup hand -> Cgroups.handOver(hand.path(), hand.uid(), DELEGATE);
            case CgroupOp.KillCgroup kill -> {
                return kill(kill.path());
            }
            case CgroupOp.SignalCgroup signal -> Cgroups.signal(signal.path(), signal.signal());
            case CgroupOp.InheritCpuset cpuset -> Cgroups.inheritCpuset(cpuset.path());
            case CgroupOp.MoveInit move -> Cgroups.move(move.file(), init().pid());
            case CgroupOp.StartScope scope ->
                Systemd.start(scope.unit(), scope.slice(), init().pid(), scope.properties());
            case CgroupOp.StopScope scope -> {
                return !present(scope.cgroup()) && Systemd.stop(scope.unit());
            }
            case CgroupOp.OpenCgroup _, CgroupOp.EnterCgroup _, CgroupOp.NewCgroupNamespace _ ->
                throw new IllegalStateException("not a step of the helper: " + op);
        }
        return true;
    }

    /** Does a step with a group of resource control. */
    boolean run(ResctrlOp op) throws IOException {
        switch (op) {
            case ResctrlOp.MakeResctrlGroup make -> Resctrl.make(make);
            case ResctrlOp.RemoveResctrlGroup remove -> {
                if (present(remove.path())) {
                    return false;
                }
                Resctrl.remove(remove.path());
            }
        }
        return true;
    }

    /** Whether it was there before create. */
    private boolean present(String path) {
        return subject.entry().present().contains(path);
    }

    private boolean kill(String path) throws ErrnoException, InterruptedException {
        if (!Cgroups.exists(path) || subject.entry().taken().contains(path)) {
            return false;
        }
        Cgroups.kill(path);
        return true;
    }

    /** A create that was killed between making a parent and marking it left one that nobody else would take away. */
    private boolean leftUnmarked(String path) throws ErrnoException {
        return subject.entry().status() == Status.CREATING && !present(path) && Cgroups.removeUnmarked(path);
    }

    private static boolean raise(CgroupOp.RaiseRealtime raise) throws ErrnoException {
        return Cgroups.raiseRealtime(raise.directory(), raise.period(), raise.runtime());
    }

    private static boolean writeFirst(CgroupOp.WriteFirstCgroupFile write) throws ErrnoException {
        String directory = directory(write.files().getFirst());
        if (!Cgroups.exists(directory)) {
            throw new ErrnoException("open(\"" + write.files().getFirst() + "\")", Errno.ENOENT);
        }
        boolean written = Cgroups.writeFirst(write.files(), write.values());
        if (!written && write.required()) {
            throw new ErrnoException("open(\"" + write.files().getLast() + "\")", Errno.ENOENT);
        }
        return written;
    }

    /** A deed with cgroups; false if there was nothing to do. */
    interface Deed {
        boolean run() throws ErrnoException;
    }

    private interface Simple {
        void run() throws ErrnoException;
    }

    private static Deed done(Simple deed) {
        return () -> {
            deed.run();
            return true;
        };
    }

    /** The last container of a shared parent may just have taken it away: then all above is made once more. */
    private boolean inParents(String path, int index, Deed deed) throws ErrnoException {
        try {
            return deed.run();
        } catch (ErrnoException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
            for (Step step : plan.steps().subList(0, index)) {
                if (step.op() instanceof CgroupOp before) {
                    above(path, before);
                }
            }
            return deed.run();
        }
    }

    /** Does a step once more if it concerns what a path lies in. */
    private static void above(String path, CgroupOp op) throws ErrnoException {
        switch (op) {
            case CgroupOp.MakeCgroupParent parent
            when path.startsWith(parent.path() + "/") -> {
                boolean _ = Cgroups.makeParent(parent.path());
            }
            case CgroupOp.EnableControllers enable
            when path.startsWith(enable.directory() + "/") -> Cgroups.enable(enable.directory(), enable.controllers());
            case CgroupOp.WriteCgroupFile write
            when path.startsWith(directory(write.file()) + "/") ->
                Cgroups.write(write.file(), write.value()); // the limits of a person's node went with it
            case CgroupOp.WriteFirstCgroupFile write
            when path.startsWith(directory(write.files().getFirst()) + "/") -> {
                boolean _ = Cgroups.writeFirst(write.files(), write.values());
            }
            case CgroupOp.RaiseRealtime raise
            when path.startsWith(raise.directory() + "/") -> {
                boolean _ = raise(raise);
            }
            default -> {}
        }
    }

    private static String directory(String file) {
        return file.substring(0, file.lastIndexOf('/'));
    }

    private Proc init() throws ErrnoException {
        return subject.body().init().orElseThrow(() -> new ErrnoException("init", Errno.ESRCH));
    }
}
