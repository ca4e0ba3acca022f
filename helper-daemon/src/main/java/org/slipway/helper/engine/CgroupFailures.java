package org.slipway.helper.engine;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slipway.helper.engine.Failures.Verdict;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.lifecycle.Failure.Fault;
import org.slipway.model.plan.CgroupOp;
import org.slipway.model.plan.LiveOp;

/** Of failures with control groups, those that have a sentence of their own. */
final class CgroupFailures {

    /** As the kernel refuses a list: too high a number, one that is not online, one that the parent has not. */
    private static final Set<String> REFUSED_LISTS = Set.of("EINVAL", "ERANGE", "EACCES");

    private CgroupFailures() {}

    static @Nullable Verdict code(CgroupOp op, Errno errno) {
        return switch (op) {
            case CgroupOp.MakeCgroup _ when errno.equals(Errno.EEXIST) -> new Verdict("cgroup-in-use", Fault.STATE);
            case CgroupOp.MakeCgroup _ when errno.equals(Errno.EBUSY) -> new Verdict("cgroup-frozen", Fault.STATE);
            case CgroupOp.EnableControllers _ -> new Verdict("controller-not-enabled", Fault.HOST);
            case CgroupOp.CheckUsage _ when errno.equals(Errno.EBUSY) -> new Verdict("memory-in-use", Fault.STATE);
            case CgroupOp.WriteCgroupFile write -> written(write.file(), errno);
            case CgroupOp.WriteFirstCgroupFile write -> written(write.files().getFirst(), errno);
            case CgroupOp.KillCgroup _ when errno.equals(Errno.EBUSY) -> new Verdict("processes-remain", Fault.HOST);
            case CgroupOp.StartScope _ -> new Verdict("systemd-refused", Fault.HOST);
            default -> null;
        };
    }

    private static @Nullable Verdict written(String file, Errno errno) {
        boolean asked = !Present.in(file).isEmpty() && REFUSED_LISTS.contains(errno.name());
        if (asked) {
            return new Verdict(
                    file.endsWith("cpuset.mems") ? "memory-nodes-not-there" : "processors-not-there", Fault.CALLER);
        }
        return switch (errno.name()) {
            case "ENOENT" -> new Verdict("limit-not-offered", Fault.HOST);
            case "EINVAL", "ERANGE", "ENODEV", "EOPNOTSUPP" -> new Verdict("limit-refused", Fault.CALLER);
            default -> null;
        };
    }

    static @Nullable Verdict live(LiveOp op, Errno errno) {
        return switch (op) {
            case LiveOp.FreezeCgroup _ when errno.equals(Errno.EBUSY) -> new Verdict("not-frozen", Fault.HOST);
            case LiveOp.ReplaceDeviceFilter _
            when errno.equals(Errno.EEXIST) -> new Verdict("device-filter-foreign", Fault.HOST);
            case LiveOp.ChangeRlimit _
            when errno.equals(Errno.EPERM) -> new Verdict("rlimit-not-raisable", Fault.CALLER);
            case LiveOp.ChangeScheduler _, LiveOp.ChangeIoPriority _
            when errno.equals(Errno.EPERM) -> new Verdict("priority-not-permitted", Fault.HOST);
            case LiveOp.SetScopeProperties _ -> new Verdict("systemd-refused", Fault.HOST);
            case LiveOp.ThawCgroup _ when errno.equals(Errno.EBUSY) -> new Verdict("not-thawed", Fault.HOST);
            default -> null;
        };
    }

    static @Nullable Verdict resctrl(Errno errno) {
        return switch (errno.name()) {
            case "EEXIST" -> new Verdict("rdt-group-exists", Fault.STATE);
            case "ENOENT" -> new Verdict("rdt-group-missing", Fault.CALLER);
            case "EINVAL" -> new Verdict("rdt-group-differs", Fault.CALLER);
            default -> null;
        };
    }
}
