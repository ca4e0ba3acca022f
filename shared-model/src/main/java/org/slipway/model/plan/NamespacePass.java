package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;
import static org.slipway.model.plan.Draft.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slipway.model.plan.CgroupOp.NewCgroupNamespace;
import org.slipway.model.plan.KeeperOp.KillInit;
import org.slipway.model.plan.NamespaceOp.BecomeContainerRoot;
import org.slipway.model.plan.NamespaceOp.BringUpLoopback;
import org.slipway.model.plan.NamespaceOp.CheckIdMap;
import org.slipway.model.plan.NamespaceOp.CloneInit;
import org.slipway.model.plan.NamespaceOp.DenySetgroups;
import org.slipway.model.plan.NamespaceOp.JoinNamespace;
import org.slipway.model.plan.NamespaceOp.OpenNamespace;
import org.slipway.model.plan.NamespaceOp.SetDomainname;
import org.slipway.model.plan.NamespaceOp.SetHostname;
import org.slipway.model.plan.NamespaceOp.SetTimeOffsets;
import org.slipway.model.plan.NamespaceOp.WriteIdMap;
import org.slipway.model.spec.IdMapping;
import org.slipway.model.spec.Namespace;
import org.slipway.model.spec.NamespaceType;

/** Namespaces made and joined, ids mapped, and names set in them. */
final class NamespacePass {

    /** The mount namespace comes late because paths are looked up in it, the user namespace last because it takes rights away. */
    private static final List<NamespaceType> JOIN_ORDER = List.of(
            NamespaceType.NETWORK,
            NamespaceType.IPC,
            NamespaceType.UTS,
            NamespaceType.CGROUP,
            NamespaceType.TIME,
            NamespaceType.PID,
            NamespaceType.MOUNT,
            NamespaceType.USER);

    private static final int MOST_RANGES = 340;
    private static final int PAGE = 4096;

    private NamespacePass() {}

    /** The launcher's part: joins, then the clone. */
    static List<Draft> enter(Compilation c, CgroupPass cgroups) {
        check(c);
        List<Draft> steps = new ArrayList<>();
        List<Draft> joins = new ArrayList<>();
        for (NamespaceType type : c.facts.rootless() || c.confined() ? userFirst() : JOIN_ORDER) {
            c.linux.namespace(type).flatMap(Namespace::path).ifPresent(path -> {
                int slot = type.ordinal();
                steps.add(Draft.launcher(Phase.NAMESPACES, c.origin(type), new OpenNamespace(slot, flag(type), path)));
                joins.add(Draft.launcher(Phase.NAMESPACES, c.origin(type), new JoinNamespace(flag(type), path, slot)));
            });
        }
        if (c.linux.joins(NamespaceType.USER) && mapped(c)) {
            steps.add(Draft.launcher(
                    Phase.NAMESPACES,
                    field("/linux/uidMappings"),
                    new CheckIdMap(
                            NamespaceType.USER.ordinal(), lines(c.linux.uidMappings()), lines(c.linux.gidMappings()))));
        }
        steps.addAll(CallerPass.userNamespace(c));
        if (c.confined()) {
            clocks(c, Actor.LAUNCHER).ifPresent(steps::add);
        }
        steps.addAll(joins);
        long flags = c.linux.namespaces().stream()
                .filter(entry -> entry.path().isEmpty())
                .filter(entry -> entry.type() != NamespaceType.TIME)
                .filter(entry -> entry.type() != NamespaceType.USER || !c.confined()) // it is there already
                .filter(entry -> entry.type() != NamespaceType.CGROUP || cgroups.entersByClone())
                .mapToLong(entry -> flag(entry.type()))
                .reduce(0, (left, right) -> left | right);
        steps.add(Draft.launcher(
                        Phase.NAMESPACES,
                        flags == 0 ? rule("required-by-runtime") : field("/linux/namespaces"),
                        new CloneInit(flags, cgroups.cloneSlot()))
                .undoneBy(new KillInit()));
        return steps;
    }

    /** The helper's part, once init exists. */
    static List<Draft> maps(Compilation c) {
        if (!c.linux.isNew(NamespaceType.USER) || c.confined()) {
            return List.of();
        }
        List<Draft> steps = new ArrayList<>();
        steps.add(Draft.helper(
                Phase.IDENTITY, field("/linux/uidMappings"), new WriteIdMap(false, lines(c.linux.uidMappings()))));
        if (deniesSetgroups(c)) {
            steps.add(Draft.helper(Phase.IDENTITY, rule("required-by-kernel"), new DenySetgroups()));
        }
        steps.add(Draft.helper(
                Phase.IDENTITY, field("/linux/gidMappings"), new WriteIdMap(true, lines(c.linux.gidMappings()))));
        return steps;
    }

    /** Init's first steps: ids and clocks. */
    static List<Draft> identity(Compilation c) {
        List<Draft> steps = new ArrayList<>();
        if (c.userNamespace()) {
            steps.add(Draft.init(Phase.IDENTITY, c.origin(NamespaceType.USER), new BecomeContainerRoot()));
        }
        if (!c.confined()) {
            clocks(c, Actor.INIT).ifPresent(steps::add);
        }
        return steps;
    }

    /** The confined launcher does it before init is born: what it takes was opened before it became the caller. */
    private static Optional<Draft> clocks(Compilation c, Actor actor) {
        if (!c.linux.isNew(NamespaceType.TIME)) {
            return Optional.empty();
        }
        String offsets = c.linux.timeOffsets().entrySet().stream()
                .map(clock -> clock.getKey() + " " + clock.getValue().secs() + " "
                        + clock.getValue().nanosecs() + "\n")
                .collect(Collectors.joining());
        return Optional.of(Draft.of(
                actor,
                Phase.IDENTITY,
                offsets.isEmpty() ? c.origin(NamespaceType.TIME) : field("/linux/timeOffsets"),
                new SetTimeOffsets(offsets)));
    }

    /** After init is in its cgroup: the view of it, the network, the names. */
    static List<Draft> names(Compilation c, CgroupPass cgroups) {
        List<Draft> steps = new ArrayList<>();
        if (c.linux.isNew(NamespaceType.CGROUP) && !cgroups.entersByClone()) {
            steps.add(Draft.init(Phase.IDENTITY, c.origin(NamespaceType.CGROUP), new NewCgroupNamespace()));
        }
        if (c.linux.isNew(NamespaceType.NETWORK)) {
            steps.add(Draft.init(Phase.IDENTITY, rule("loopback-up"), new BringUpLoopback()));
        }
        c.spec.hostname()
                .filter(name -> !name.isEmpty())
                .ifPresent(name -> steps.add(Draft.init(Phase.IDENTITY, field("/hostname"), new SetHostname(name))));
        c.spec.domainname()
                .filter(name -> !name.isEmpty())
                .ifPresent(
                        name -> steps.add(Draft.init(Phase.IDENTITY, field("/domainname"), new SetDomainname(name))));
        return steps;
    }

    /**
     * Whether the kernel asks for it before an unprivileged process may write a group map; confined: unless a range of groups was
     * delegated to the caller, because a group can also take rights away.
     */
    static boolean deniesSetgroups(Compilation c) {
        boolean delegated = c.confinement
                .map(caller -> c.linux.gidMappings().stream()
                        .anyMatch(map -> map.hostId() != Integer.toUnsignedLong(caller.gid())))
                .orElse(true);
        if (!delegated) {
            return true;
        }
        return c.linux.isNew(NamespaceType.USER)
                && c.facts.rootless()
                && c.linux.gidMappings().size() == 1
                && c.linux.gidMappings().getFirst().size() == 1;
    }

    private static void check(Compilation c) {
        if (c.linux.joins(NamespaceType.MOUNT) && c.linux.isNew(NamespaceType.USER)) {
            c.problem("mount-namespace-out-of-reach", pointer(c, NamespaceType.MOUNT));
        }
        boolean halfMapped =
                c.linux.uidMappings().isEmpty() != c.linux.gidMappings().isEmpty();
        if (c.linux.joins(NamespaceType.USER) && halfMapped) {
            c.problem(
                    "user-namespace-needs-mappings",
                    c.linux.uidMappings().isEmpty() ? "/linux/uidMappings" : "/linux/gidMappings");
        }
        mapFits(c, "/linux/uidMappings", c.linux.uidMappings());
        mapFits(c, "/linux/gidMappings", c.linux.gidMappings());
    }

    private static String pointer(Compilation c, NamespaceType type) {
        for (int i = 0; i < c.linux.namespaces().size(); i++) {
            if (c.linux.namespaces().get(i).type() == type) {
                return "/linux/namespaces/" + i;
            }
        }
        return "/linux/namespaces";
    }

    static List<NamespaceType> userFirst() {
        List<NamespaceType> order = new ArrayList<>(JOIN_ORDER);
        order.addFirst(order.removeLast());
        return order;
    }

    private static boolean mapped(Compilation c) {
        return !c.linux.uidMappings().isEmpty() && !c.linux.gidMappings().isEmpty();
    }

    /** The kernel takes a map in one piece, and none that fills a page; see user_namespaces(7). */
    static void mapFits(Compilation c, String pointer, List<IdMapping> mappings) {
        if (mappings.size() > MOST_RANGES || lines(mappings).length() >= PAGE) {
            c.problem("mappings-too-many", pointer, Map.of("count", String.valueOf(mappings.size())));
        }
    }

    /** As in {@code uid_map}. */
    static String lines(List<IdMapping> mappings) {
        return mappings.stream()
                .map(range -> range.containerId() + " " + range.hostId() + " " + range.size() + "\n")
                .collect(Collectors.joining());
    }

    static int flag(NamespaceType type) {
        return switch (type) {
            case PID -> NamespaceOp.NEWPID;
            case NETWORK -> NamespaceOp.NEWNET;
            case MOUNT -> NamespaceOp.NEWNS;
            case IPC -> NamespaceOp.NEWIPC;
            case UTS -> NamespaceOp.NEWUTS;
            case USER -> NamespaceOp.NEWUSER;
            case CGROUP -> NamespaceOp.NEWCGROUP;
            case TIME -> NamespaceOp.NEWTIME;
        };
    }
}
