package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.model.plan.MountOp.ChangeAttributes;
import org.slipway.model.plan.MountOp.MakeTarget;
import org.slipway.model.plan.MountOp.MaskPath;
import org.slipway.model.plan.MountOp.MoveRoot;
import org.slipway.model.plan.MountOp.PivotRoot;
import org.slipway.model.plan.MountOp.ReadonlyPath;
import org.slipway.model.plan.MountOp.SetPropagation;
import org.slipway.model.plan.MountOp.Target;
import org.slipway.model.plan.NamespaceOp.WriteSysctl;
import org.slipway.model.spec.NamespaceType;

/** The pivot, and what is closed behind it: propagation, kernel parameters, read-only and masked paths, the read-only root. */
final class PathPass {

    private static final Set<String> OF_IPC = Set.of(
            "kernel/msgmax",
            "kernel/msgmnb",
            "kernel/msgmni",
            "kernel/sem",
            "kernel/shmall",
            "kernel/shmmax",
            "kernel/shmmni",
            "kernel/shm_rmid_forced");

    private PathPass() {}

    static List<Draft> pivot(Compilation c) {
        List<Draft> steps = new ArrayList<>();
        steps.add(Draft.init(
                Phase.PIVOT,
                field("/root/path"),
                c.request.noPivot() ? new MoveRoot(c.rootPath()) : new PivotRoot(c.rootPath())));
        c.linux.rootfsPropagation().ifPresent(word -> {
            int flag = switch (word) {
                case "shared", "rshared" -> MountOp.MS_SHARED;
                case "slave", "rslave" -> MountOp.MS_SLAVE;
                case "private", "rprivate" -> MountOp.MS_PRIVATE;
                case "unbindable", "runbindable" -> MountOp.MS_UNBINDABLE;
                default -> 0;
            };
            if (flag == 0) {
                c.problem("propagation", "/linux/rootfsPropagation", Map.of("value", word));
            } else {
                steps.add(Draft.init(
                        Phase.PIVOT,
                        field("/linux/rootfsPropagation"),
                        new SetPropagation("/", flag, word.startsWith("r"))));
            }
        });
        return steps;
    }

    static List<Draft> paths(Compilation c, List<Draft> late) {
        List<Draft> steps = new ArrayList<>();
        c.spec.process()
                .filter(process -> !Paths.clean(process.cwd()).equals("/"))
                .ifPresent(process -> steps.add(Draft.init(
                        Phase.PATHS,
                        field("/process/cwd"),
                        new MakeTarget(Paths.clean(process.cwd()), Target.DIRECTORY, ""))));
        c.linux.sysctl().forEach((name, value) -> sysctl(c, steps, name, value));
        for (int i = 0; i < c.linux.readonlyPaths().size(); i++) {
            steps.add(Draft.init(
                    Phase.PATHS,
                    field("/linux/readonlyPaths/" + i),
                    new ReadonlyPath(absolute(
                            c,
                            "/linux/readonlyPaths/" + i,
                            c.linux.readonlyPaths().get(i)))));
        }
        for (int i = 0; i < c.linux.maskedPaths().size(); i++) {
            steps.add(Draft.init(
                    Phase.PATHS,
                    field("/linux/maskedPaths/" + i),
                    new MaskPath(absolute(
                            c, "/linux/maskedPaths/" + i, c.linux.maskedPaths().get(i)))));
        }
        steps.addAll(late);
        if (c.spec.root().filter(root -> root.readonly()).isPresent()) {
            steps.add(Draft.init(
                    Phase.PATHS, field("/root/readonly"), new ChangeAttributes("/", MountOp.RDONLY, 0, false)));
        }
        return steps;
    }

    private static String absolute(Compilation c, String pointer, String path) {
        if (!path.startsWith("/")) {
            c.problem("path-not-absolute", pointer, Map.of("path", path));
        }
        return Paths.clean(path);
    }

    private static void sysctl(Compilation c, List<Draft> steps, String name, String value) {
        String pointer = "/linux/sysctl/" + name.replace("~", "~0").replace("/", "~1");
        String path = path(name);
        Optional<NamespaceType> owner = owner(path);
        if (Paths.parts(path).contains("..") || owner.isEmpty()) {
            c.problem("sysctl-not-namespaced", pointer, Map.of("name", name));
        } else if (c.linux.namespace(owner.get()).isEmpty()) {
            c.problem(
                    "sysctl-needs-namespace",
                    pointer,
                    Map.of("name", name, "type", owner.get().word()));
        } else {
            steps.add(Draft.init(Phase.PATHS, field(pointer), new WriteSysctl(path, value)));
        }
    }

    /** As sysctl(8): if the first separator is a dot, dots separate and slashes stand for dots; else the other way round. */
    static String path(String name) {
        int dot = name.indexOf('.');
        int slash = name.indexOf('/');
        if (slash >= 0 && (dot < 0 || slash < dot)) {
            return name;
        }
        return name.replace('.', '\0').replace('/', '.').replace('\0', '/');
    }

    /** The namespace that a parameter belongs to; empty: the whole machine's. */
    private static Optional<NamespaceType> owner(String path) {
        if (OF_IPC.contains(path) || path.startsWith("fs/mqueue/")) {
            return Optional.of(NamespaceType.IPC);
        } else if (path.startsWith("net/")) {
            return Optional.of(NamespaceType.NETWORK);
        } else if (path.equals("kernel/hostname") || path.equals("kernel/domainname")) {
            return Optional.of(NamespaceType.UTS);
        }
        return Optional.empty();
    }
}
