package org.slipway.model.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.model.plan.MountOp.ChangeAttributes;
import org.slipway.model.plan.MountOp.Reconfigure;
import org.slipway.model.spec.Mount;

/**
 * A mount that gets other options while it is there.
 *
 * @param set MOUNT_ATTR_… bits
 * @param data the filesystem's own options; empty if they stay as they are
 * @param former the filesystem's own options so far
 */
record LiveRemount(String target, long set, long clear, List<String> data, List<String> former) {

    private static final long ALL = MountOp.RDONLY
            | MountOp.NOSUID
            | MountOp.NODEV
            | MountOp.NOEXEC
            | MountOp.ATIME_FIELD
            | MountOp.NODIRATIME
            | MountOp.NOSYMFOLLOW;

    private static final long KEPT = MountOp.NOSUID | MountOp.NODEV;

    LiveRemount {
        data = List.copyOf(data);
        former = List.copyOf(former);
    }

    /** Empty if more than options of the mount itself and of its filesystem differs: then it is another mount. */
    static Optional<LiveRemount> of(Mount old, Mount wanted, boolean confined) {
        MountOptions was = MountOptions.parse(old.options());
        MountOptions next = MountOptions.parse(wanted.options());
        boolean same = old.type().equals(wanted.type())
                && old.source().equals(wanted.source())
                && old.uidMappings().equals(wanted.uidMappings())
                && old.gidMappings().equals(wanted.gidMappings())
                && was.bind == next.bind
                && was.recursive == next.recursive
                && was.remount == next.remount
                && was.idMap == next.idMap
                && was.copyUp == next.copyUp
                && was.propagation == next.propagation
                && was.tree.set == next.tree.set
                && was.tree.clear == next.tree.clear
                && (!next.bind || was.data.equals(next.data));
        if (!same) {
            return Optional.empty();
        }
        long set = next.own.set;
        long clear = next.own.clear | (was.own.set & ~set);
        if (((set | clear) & MountOp.ATIME_FIELD) != 0) {
            clear |= MountOp.ATIME_FIELD; // one field, see mount_setattr(2)
        }
        if (confined && next.bind) {
            set |= KEPT;
            clear &= ~KEPT;
        }
        List<String> data = was.data.equals(next.data) ? List.of() : next.data;
        return Optional.of(new LiveRemount(Paths.clean(wanted.destination()), set, clear, data, was.data));
    }

    /** The steps, with what is there now as what takes them back. */
    List<Draft> steps(Origin origin, String mountinfo) {
        List<Draft> steps = new ArrayList<>();
        if (!data.isEmpty()) {
            Draft step = Draft.launcher(Phase.LIVE, origin, new Reconfigure(target, data));
            steps.add(former.isEmpty() ? step : step.undoneBy(new Reconfigure(target, former)));
        }
        if ((set | clear) != 0) {
            long now = LiveReadings.options(mountinfo, target)
                    .map(LiveReadings::attributes)
                    .orElse(0L);
            steps.add(Draft.launcher(Phase.LIVE, origin, new ChangeAttributes(target, set, clear, false))
                    .undoneBy(new ChangeAttributes(target, now, (ALL & ~now) | MountOp.ATIME_FIELD, false)));
        }
        return steps;
    }
}
