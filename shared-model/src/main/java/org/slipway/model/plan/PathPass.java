package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;

import java.util.ArrayList;
import java.util.List;
import org.slipway.model.json.Pointer;
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
import org.slipway.model.spec.Sysctl;

/** The pivot, and what is closed behind it: propagation, kernel parameters, read-only and masked paths, the read-only root. */
final class PathPass {

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
                default -> throw new IllegalArgumentException(word);
            };
            steps.add(Draft.init(
                    Phase.PIVOT,
                    field("/linux/rootfsPropagation"),
                    new SetPropagation("/", flag, word.startsWith("r"))));
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
        c.linux.sysctl().forEach((name, value) -> steps.add(sysctl(name, value)));
        for (int i = 0; i < c.linux.readonlyPaths().size(); i++) {
            steps.add(Draft.init(
                    Phase.PATHS,
                    field("/linux/readonlyPaths/" + i),
                    new ReadonlyPath(Paths.clean(c.linux.readonlyPaths().get(i)))));
        }
        for (int i = 0; i < c.linux.maskedPaths().size(); i++) {
            steps.add(Draft.init(
                    Phase.PATHS,
                    field("/linux/maskedPaths/" + i),
                    new MaskPath(Paths.clean(c.linux.maskedPaths().get(i)))));
        }
        steps.addAll(late);
        if (c.spec.root().filter(root -> root.readonly()).isPresent()) {
            steps.add(Draft.init(
                    Phase.PATHS, field("/root/readonly"), new ChangeAttributes("/", MountOp.RDONLY, 0, false)));
        }
        return steps;
    }

    private static Draft sysctl(String name, String value) {
        String path = Sysctl.path(name);
        NamespaceType owner = Sysctl.owner(path).orElseThrow(() -> new IllegalArgumentException(name));
        return Draft.init(
                Phase.PATHS,
                field(Pointer.child("/linux/sysctl", name)),
                new WriteSysctl(path, value, NamespacePass.flag(owner)));
    }
}
