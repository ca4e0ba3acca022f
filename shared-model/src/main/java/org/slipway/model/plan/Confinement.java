package org.slipway.model.plan;

import java.util.ArrayList;
import java.util.List;
import org.slipway.model.spec.IdMapping;

/**
 * Whom a confined plan becomes, and what of the machine is theirs.
 *
 * @param groups all groups of the caller, the primary one among them
 * @param subordinateUids the ranges that subuid(5) gives them, in its order
 * @param subordinateGids those of subgid(5)
 * @param nice the caller's nice value
 * @param oomScore the caller's {@code oom_score_adj}
 * @param limits resource limits of the caller that are lower than the helper's
 * @param caps what all containers of this person may use together
 */
public record Confinement(
        int uid,
        int gid,
        List<Integer> groups,
        List<Range> subordinateUids,
        List<Range> subordinateGids,
        int nice,
        int oomScore,
        List<Limit> limits,
        Caps caps) {

    public Confinement {
        groups = List.copyOf(groups);
        subordinateUids = List.copyOf(subordinateUids);
        subordinateGids = List.copyOf(subordinateGids);
        limits = List.copyOf(limits);
    }

    /** Somebody about whom nothing else is known, for a plan that is only shown. */
    public static Confinement of(int uid, int gid) {
        return new Confinement(uid, gid, List.of(gid), List.of(), List.of(), 0, 0, List.of(), Caps.NONE);
    }

    /** The same with these ranges. */
    public Confinement with(List<Range> subordinateUids, List<Range> subordinateGids) {
        return new Confinement(uid, gid, groups, subordinateUids, subordinateGids, nice, oomScore, limits, caps);
    }

    /** Ids of the machine, from the first on. */
    public record Range(long first, long count) {}

    /** As setrlimit(2) takes it. */
    public record Limit(int resource, long soft, long hard) {}

    /**
     * Limits of the cgroup below which all of a person's containers lie; 0 is none.
     *
     * @param memory in bytes
     */
    public record Caps(long pids, long memory) {
        public static final Caps NONE = new Caps(0, 0);
    }

    /** The maps where the configuration names none: the caller is root, and their ranges follow from 1 on. */
    List<IdMapping> defaultUids() {
        return everything(uid, subordinateUids);
    }

    /** As {@link #defaultUids}, for groups. */
    List<IdMapping> defaultGids() {
        return everything(gid, subordinateGids);
    }

    private static List<IdMapping> everything(int own, List<Range> ranges) {
        List<IdMapping> maps = new ArrayList<>();
        maps.add(new IdMapping(0, Integer.toUnsignedLong(own), 1));
        long next = 1;
        for (Range range : ranges) {
            maps.add(new IdMapping(next, range.first(), range.count()));
            next += range.count();
        }
        return maps;
    }

    /** Whether a map gives away only what is the caller's. */
    boolean owns(IdMapping map, boolean groups) {
        long own = Integer.toUnsignedLong(groups ? gid : uid);
        if (map.hostId() == own && map.size() == 1) {
            return true;
        }
        return (groups ? subordinateGids : subordinateUids)
                .stream()
                        .anyMatch(range -> map.size() > 0
                                && map.hostId() >= range.first()
                                && map.hostId() - range.first() <= range.count() - map.size());
    }
}
