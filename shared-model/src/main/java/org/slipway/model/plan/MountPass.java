package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;
import static org.slipway.model.plan.Draft.rule;

import java.util.ArrayList;
import java.util.List;
import org.slipway.model.plan.MountOp.Attach;
import org.slipway.model.plan.MountOp.AttachRoot;
import org.slipway.model.plan.MountOp.Bind;
import org.slipway.model.plan.MountOp.ChangeAttributes;
import org.slipway.model.plan.MountOp.CopyUp;
import org.slipway.model.plan.MountOp.IdMap;
import org.slipway.model.plan.MountOp.MakeTarget;
import org.slipway.model.plan.MountOp.MountFilesystem;
import org.slipway.model.plan.MountOp.OpenSource;
import org.slipway.model.plan.MountOp.Reconfigure;
import org.slipway.model.plan.MountOp.SetPropagation;
import org.slipway.model.plan.MountOp.Target;
import org.slipway.model.spec.Mount;
import org.slipway.model.spec.Namespace;
import org.slipway.model.spec.NamespaceType;

/** The root filesystem and all mounts, in the order of the configuration. */
final class MountPass {

    private static final long CONFINED_BINDS = MountOp.NOSUID | MountOp.NODEV;

    private final Compilation c;
    private final CgroupPass cgroups;

    /** The launcher's steps while it still sees sources with the host's rights. */
    final List<Draft> sources = new ArrayList<>();

    /** The launcher's steps after the maps of the user namespace are written. */
    final List<Draft> idMaps = new ArrayList<>();

    /** Init's steps before the pivot. */
    final List<Draft> mounts = new ArrayList<>();

    /** Where the mounts so far went. */
    private final List<String> targets = new ArrayList<>();

    /** Init's steps after everything inside the root has been made: mounts that had to be writable until then. */
    final List<Draft> late = new ArrayList<>();

    MountPass(Compilation c, CgroupPass cgroups) {
        this.c = c;
        this.cgroups = cgroups;
        root();
        if (c.spec.mounts().isEmpty()) {
            defaults();
        }
        for (int i = 0; i < c.spec.mounts().size(); i++) {
            mount(field("/mounts/" + i), "/mounts/" + i, c.spec.mounts().get(i));
            targets.add(Paths.clean(c.spec.mounts().get(i).destination()));
        }
        if (c.spec.lifecycle().filesystemsAlways() && !c.spec.mounts().isEmpty()) {
            defaults();
        }
    }

    /** Makes what a mount goes to, except where it has to be in the root filesystem already. */
    private void target(Origin origin, MakeTarget make) {
        boolean inRoot = targets.stream().noneMatch(mounted -> make.target().startsWith(mounted + "/"));
        boolean asked = origin instanceof Origin.Field;
        if (!(c.spec.lifecycle().targetsExist() && asked && inRoot)) {
            mounts.add(Draft.init(Phase.MOUNTS, origin, make));
        }
    }

    /** Whether the host's own {@code /dev} is bound: then nothing is made in it. */
    static boolean bindsDev(Compilation c) {
        return c.spec.mounts().stream()
                .anyMatch(mount ->
                        Paths.clean(mount.destination()).equals("/dev") && MountOptions.parse(mount.options()).bind);
    }

    private void root() {
        String word = c.linux.rootfsPropagation().orElse("");
        boolean severed = word.endsWith("private") || word.endsWith("unbindable");
        // with "shared" volumes stay peers of the host's mounts: that is what it is for
        if (!word.endsWith("shared")) {
            // slave, not private: what the host unmounts later goes here too, and nothing goes from here to the host
            mounts.add(Draft.init(
                    Phase.MOUNTS,
                    severed ? field("/linux/rootfsPropagation") : rule("nothing-leaks"),
                    new SetPropagation("/", severed ? MountOp.MS_PRIVATE : MountOp.MS_SLAVE, true)));
        }
        mounts.add(Draft.init(Phase.MOUNTS, field("/root/path"), new AttachRoot(c.rootPath(), word.endsWith("slave"))));
    }

    private void mount(Origin origin, String pointer, Mount mount) {
        String target = Paths.clean(mount.destination());
        MountOptions options = MountOptions.parse(mount.options());
        String type = mount.type().orElse("");
        if (options.remount) {
            remount(origin, target, options);
        } else if (options.bind) {
            bind(origin, pointer, mount, target, options);
        } else if (idMapped(mount, options)) {
            c.problem("idmap-needs-bind", pointer);
        } else if (type.equals("cgroup") || type.equals("cgroup2")) {
            mounts.addAll(CgroupMounts.of(c, cgroups, origin, type, target, options, late));
        } else {
            filesystem(origin, type, mount.source().orElse("none"), target, options);
        }
    }

    private void filesystem(Origin origin, String type, String source, String target, MountOptions options) {
        long attributes = (options.own.set | options.tree.set) & ~options.tree.clear;
        List<String> data = new ArrayList<>(options.data);
        if (c.confined() && type.equals("devpts")) {
            data.removeIf(this::unmappedGroup);
        }
        if ((attributes & MountOp.RDONLY) != 0) {
            // devices and mount points are still to be made in it
            if (type.equals("tmpfs") || target.equals("/dev")) {
                attributes &= ~MountOp.RDONLY;
                late.add(Draft.init(Phase.PATHS, origin, new ChangeAttributes(target, MountOp.RDONLY, 0, false)));
            } else {
                data.add("ro");
            }
        }
        target(origin, new MakeTarget(target, Target.DIRECTORY, ""));
        mounts.add(Draft.init(
                Phase.MOUNTS,
                origin,
                new MountFilesystem(type, source, target, attributes, data, options.propagation)));
        if (options.copyUp) {
            mounts.add(Draft.init(
                    Phase.MOUNTS,
                    origin,
                    new CopyUp(target, !options.names("mode"), !options.names("uid") && !options.names("gid"))));
        }
    }

    /** A group that is nobody's in the container: the kernel would refuse the mount. */
    private boolean unmappedGroup(String option) {
        return option.matches("gid=\\d{1,10}")
                && c.linux.gidMappings().stream()
                        .noneMatch(map -> map.contains(Long.parseLong(option.substring("gid=".length()))));
    }

    private void bind(Origin origin, String pointer, Mount mount, String target, MountOptions options) {
        String source = c.fromBundle(mount.source().orElseThrow());
        boolean mapped = idMapped(mount, options);
        boolean own = !mount.uidMappings().isEmpty() || !mount.gidMappings().isEmpty();
        if (mapped && !mappable(pointer, mount, own)) {
            return;
        }
        MountOptions.Attributes top = options.own;
        MountOptions.Attributes tree = options.tree;
        if (c.confined()) {
            // whoever opens it is the caller; a part of a tree whose mounts the host locked cannot be had alone
            top.set |= CONFINED_BINDS;
            top.clear &= ~CONFINED_BINDS;
            tree.set |= CONFINED_BINDS;
            tree.clear &= ~CONFINED_BINDS;
        }
        if (!mapped && !(c.seesLess() && c.launcherIsRoot())) {
            target(origin, new MakeTarget(target, Target.LIKE_SOURCE, source));
            mounts.add(Draft.init(
                    Phase.MOUNTS,
                    origin,
                    new Bind(
                            source,
                            target,
                            options.recursive || c.confined(),
                            top.set,
                            top.clear,
                            tree.set,
                            tree.clear,
                            options.propagation)));
            return;
        }
        // container root may not see the source, and can't map ids: the launcher opens it with the host's rights
        int slot = c.slot();
        sources.add(Draft.launcher(Phase.NAMESPACES, origin, new OpenSource(slot, source, options.recursive)));
        if (mapped) {
            idMap(origin, mount, slot, options.recursiveIdMap, own);
        }
        target(origin, new MakeTarget(target, Target.LIKE_SOURCE, "#" + slot));
        mounts.add(Draft.init(
                Phase.MOUNTS,
                origin,
                new Attach(slot, target, top.set, top.clear, tree.set, tree.clear, options.propagation)));
    }

    /** By the entry's own mappings, by the user namespace that is joined, or, once init has one, by the container's new one. */
    private void idMap(Origin origin, Mount mount, int slot, boolean recursive, boolean own) {
        String joined =
                c.linux.namespace(NamespaceType.USER).flatMap(Namespace::path).orElse("");
        if (own) {
            String users = NamespacePass.lines(mount.uidMappings());
            String groups = NamespacePass.lines(mount.gidMappings());
            sources.add(Draft.launcher(Phase.NAMESPACES, origin, new IdMap(slot, recursive, "", users, groups)));
        } else if (c.visited != 0) {
            String inside = "/proc/" + c.visited + "/ns/user";
            sources.add(Draft.launcher(Phase.NAMESPACES, origin, new IdMap(slot, recursive, inside, "", "")));
        } else if (!joined.isEmpty()) {
            sources.add(Draft.launcher(Phase.NAMESPACES, origin, new IdMap(slot, recursive, joined, "", "")));
        } else {
            idMaps.add(Draft.launcher(Phase.IDENTITY, origin, new IdMap(slot, recursive, "", "", "")));
        }
    }

    private void remount(Origin origin, String target, MountOptions options) {
        // with "bind" the mount alone is meant, and what belongs to the filesystem stays, as mount(2) has it
        if (!options.data.isEmpty() && !options.bind) {
            mounts.add(Draft.init(Phase.MOUNTS, origin, new Reconfigure(target, options.data)));
        }
        MountOptions.Attributes own = options.own;
        MountOptions.Attributes tree = options.tree;
        if ((own.set | own.clear) != 0) {
            mounts.add(Draft.init(Phase.MOUNTS, origin, new ChangeAttributes(target, own.set, own.clear, false)));
        }
        if ((tree.set | tree.clear) != 0) {
            mounts.add(Draft.init(Phase.MOUNTS, origin, new ChangeAttributes(target, tree.set, tree.clear, true)));
        }
    }

    private static boolean idMapped(Mount mount, MountOptions options) {
        return options.idMap
                || !mount.uidMappings().isEmpty()
                || !mount.gidMappings().isEmpty();
    }

    private boolean mappable(String pointer, Mount mount, boolean own) {
        if (!own && !c.userNamespace()) {
            c.problem("idmap-needs-user-namespace", pointer);
            return false;
        }
        if (own && (mount.uidMappings().isEmpty() || mount.gidMappings().isEmpty())) {
            c.problem("mount-mappings-incomplete", pointer);
            return false;
        }
        NamespacePass.mapFits(c, pointer + "/uidMappings", mount.uidMappings());
        NamespacePass.mapFits(c, pointer + "/gidMappings", mount.gidMappings());
        return true;
    }

    /** The filesystems that a container gets when it lists none, or in old versions always (config-linux.md, Default Filesystems). */
    private void defaults() {
        usual("/proc", "proc", "proc", "nosuid", "noexec", "nodev");
        // sysfs shows the network namespace, and only its owner may mount it
        if (!c.userNamespace() || c.linux.isNew(NamespaceType.NETWORK)) {
            usual("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro");
        }
        usual("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620");
        usual("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k");
    }

    private void usual(String path, String type, String source, String... options) {
        if (!targets.contains(path)) {
            filesystem(rule("default-filesystems"), type, source, path, MountOptions.parse(List.of(options)));
        }
    }
}
