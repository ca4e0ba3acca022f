package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;
import static org.slipway.model.plan.Draft.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slipway.model.plan.CgroupOp.NewCgroupNamespace;
import org.slipway.model.plan.KeeperOp.KillInit;
import org.slipway.model.plan.NamespaceOp.BecomeContainerRoot;
import org.slipway.model.plan.NamespaceOp.BringUpLoopback;
import org.slipway.model.plan.NamespaceOp.CloneInit;
import org.slipway.model.plan.NamespaceOp.DenySetgroups;
import org.slipway.model.plan.NamespaceOp.JoinNamespace;
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

    private NamespacePass() {}

    /** The launcher's part: joins, then the clone. */
    static List<Draft> enter(Compilation c, CgroupPass cgroups) {
        check(c);
        List<Draft> steps = new ArrayList<>();
        for (NamespaceType type : c.facts.rootless() ? userFirst() : JOIN_ORDER) {
            Optional<Namespace> entry = c.linux.namespace(type);
            entry.flatMap(Namespace::path)
                    .ifPresent(path -> steps.add(
                            Draft.launcher(Phase.NAMESPACES, origin(c, type), new JoinNamespace(flag(type), path))));
        }
        long flags = c.linux.namespaces().stream()
                .filter(entry -> entry.path().isEmpty())
                .filter(entry -> entry.type() != NamespaceType.TIME)
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
        if (!c.linux.isNew(NamespaceType.USER)) {
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
            steps.add(Draft.init(Phase.IDENTITY, origin(c, NamespaceType.USER), new BecomeContainerRoot()));
        }
        if (c.linux.isNew(NamespaceType.TIME)) {
            String offsets = c.linux.timeOffsets().entrySet().stream()
                    .map(clock -> clock.getKey() + " " + clock.getValue().secs() + " "
                            + clock.getValue().nanosecs() + "\n")
                    .collect(Collectors.joining());
            steps.add(Draft.init(
                    Phase.IDENTITY,
                    offsets.isEmpty() ? origin(c, NamespaceType.TIME) : field("/linux/timeOffsets"),
                    new SetTimeOffsets(offsets)));
        }
        return steps;
    }

    /** After init is in its cgroup: the view of it, the network, the names. */
    static List<Draft> names(Compilation c, CgroupPass cgroups) {
        List<Draft> steps = new ArrayList<>();
        if (c.linux.isNew(NamespaceType.CGROUP) && !cgroups.entersByClone()) {
            steps.add(Draft.init(Phase.IDENTITY, origin(c, NamespaceType.CGROUP), new NewCgroupNamespace()));
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

    /** Whether the kernel asks for it before an unprivileged process may write a group map. */
    static boolean deniesSetgroups(Compilation c) {
        return c.linux.isNew(NamespaceType.USER)
                && c.facts.rootless()
                && c.linux.gidMappings().size() == 1
                && c.linux.gidMappings().getFirst().size() == 1;
    }

    private static void check(Compilation c) {
        if (c.linux.namespace(NamespaceType.MOUNT).isEmpty()) {
            c.problem("mount-namespace-needed", "/linux/namespaces");
        }
        boolean ownUts = c.linux.namespace(NamespaceType.UTS).isPresent();
        if (!ownUts && c.spec.hostname().filter(name -> !name.isEmpty()).isPresent()) {
            c.problem("hostname-needs-uts", "/hostname");
        }
        if (!ownUts && c.spec.domainname().filter(name -> !name.isEmpty()).isPresent()) {
            c.problem("domainname-needs-uts", "/domainname");
        }
        boolean mapped =
                !c.linux.uidMappings().isEmpty() && !c.linux.gidMappings().isEmpty();
        if (c.linux.isNew(NamespaceType.USER) && !mapped) {
            c.problem(
                    "user-namespace-needs-mappings",
                    c.linux.uidMappings().isEmpty() ? "/linux/uidMappings" : "/linux/gidMappings");
        }
        if (!c.userNamespace() && !c.linux.uidMappings().isEmpty()) {
            c.problem("mappings-need-user-namespace", "/linux/uidMappings");
        }
        if (!c.userNamespace() && !c.linux.gidMappings().isEmpty()) {
            c.problem("mappings-need-user-namespace", "/linux/gidMappings");
        }
        if (!c.linux.timeOffsets().isEmpty() && !c.linux.isNew(NamespaceType.TIME)) {
            c.problem("offsets-need-time-namespace", "/linux/timeOffsets");
        }
        if (!c.linux.netDevices().isEmpty()) {
            c.unsupported("/linux/netDevices");
        }
    }

    private static Origin origin(Compilation c, NamespaceType type) {
        for (int i = 0; i < c.linux.namespaces().size(); i++) {
            if (c.linux.namespaces().get(i).type() == type) {
                return field("/linux/namespaces/" + i);
            }
        }
        return field("/linux/namespaces");
    }

    private static List<NamespaceType> userFirst() {
        List<NamespaceType> order = new ArrayList<>(JOIN_ORDER);
        order.addFirst(order.removeLast());
        return order;
    }

    private static String lines(List<IdMapping> mappings) {
        return mappings.stream()
                .map(range -> range.containerId() + " " + range.hostId() + " " + range.size() + "\n")
                .collect(Collectors.joining());
    }

    private static int flag(NamespaceType type) {
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
