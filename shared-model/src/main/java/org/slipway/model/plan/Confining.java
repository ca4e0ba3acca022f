package org.slipway.model.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.model.plan.HookOp.Kind;
import org.slipway.model.spec.Hook;
import org.slipway.model.spec.IdMapping;
import org.slipway.model.spec.Linux;
import org.slipway.model.spec.Mount;
import org.slipway.model.spec.Namespace;
import org.slipway.model.spec.NamespaceType;
import org.slipway.model.spec.Resources;
import org.slipway.model.spec.Spec;

/**
 * What the confined tier adds to a configuration, and what it refuses. The kernel is the wall, since every step is done with the caller's
 * rights; these rules keep out what root does for the caller (cgroups, maps) and what could not work, and say so before anything is made.
 */
final class Confining {

    /** The longest that a hook may take; without a timeout it gets {@link #DEFAULT_TIMEOUT}. */
    static final int LONGEST_TIMEOUT = 300;

    static final int DEFAULT_TIMEOUT = 30;

    private static final Set<String> FILESYSTEMS =
            Set.of("proc", "sysfs", "tmpfs", "devpts", "mqueue", "cgroup", "cgroup2", "overlay");

    /** The ones that are always new or joined by path: sharing the host's is not asked for by leaving a line out. */
    private static final List<NamespaceType> OWN = List.of(
            NamespaceType.PID, NamespaceType.NETWORK, NamespaceType.IPC, NamespaceType.UTS, NamespaceType.MOUNT);

    /** Files that only limit their own cgroup: none that protects it from others, or takes processors away from them. */
    private static final Set<String> UNIFIED = Set.of(
            "memory.max",
            "memory.high",
            "memory.swap.max",
            "memory.swap.high",
            "memory.zswap.max",
            "memory.oom.group",
            "pids.max",
            "cpu.max",
            "cpu.max.burst",
            "cpu.idle",
            "cpu.weight",
            "cpu.weight.nice",
            "io.max",
            "io.weight",
            "io.bfq.weight",
            "cpuset.cpus",
            "cpuset.mems");

    private static final List<String> UNSAFE_ANNOTATIONS = List.of(
            "org.systemd.property.", "run.oci.", "io.podman.annotations.", "io.kubernetes.cri-o.", "org.slipway.");

    private final Compilation c;
    private final Confinement caller;

    private Confining(Compilation c, Confinement caller) {
        this.c = c;
        this.caller = caller;
    }

    /** The configuration that is planned: with a user and a cgroup namespace, and with maps. */
    static Spec effective(Spec spec, Confinement caller) {
        Linux linux = spec.linux();
        List<Namespace> namespaces = new ArrayList<>(linux.namespaces());
        for (NamespaceType type : List.of(NamespaceType.USER, NamespaceType.CGROUP)) {
            if (linux.namespace(type).isEmpty()) {
                namespaces.add(new Namespace(type, Optional.empty()));
            }
        }
        boolean joined =
                linux.namespace(NamespaceType.USER).flatMap(Namespace::path).isPresent();
        List<IdMapping> users = linux.uidMappings().isEmpty() && !joined ? caller.defaultUids() : linux.uidMappings();
        List<IdMapping> groups = linux.gidMappings().isEmpty() && !joined ? caller.defaultGids() : linux.gidMappings();
        return spec.with(linux.with(namespaces, users, groups));
    }

    static void judge(Compilation c) {
        c.confinement.ifPresent(caller -> new Confining(c, caller).judge());
    }

    private void judge() {
        namespaces();
        mappings("/linux/uidMappings", c.linux.uidMappings(), false);
        mappings("/linux/gidMappings", c.linux.gidMappings(), true);
        mounts();
        hooks();
        annotations();
        c.linux.resources().ifPresent(this::resources);
        c.linux
                .cgroupsPath()
                .filter(Confining::namesPlace)
                .ifPresent(_ -> c.problem("confined-cgroup-path", "/linux/cgroupsPath"));
        c.linux
                .rootfsPropagation()
                .filter(word -> word.endsWith("shared"))
                .ifPresent(word -> refused("/linux/rootfsPropagation"));
        c.linux.mountLabel().ifPresent(_ -> refused("/linux/mountLabel"));
        c.linux.intelRdt().ifPresent(_ -> refused("/linux/intelRdt"));
        if (!c.linux.netDevices().isEmpty()) {
            refused("/linux/netDevices");
        }
        c.linux
                .seccomp()
                .flatMap(filter -> filter.listenerPath())
                .ifPresent(_ -> refused("/linux/seccomp/listenerPath"));
        process();
    }

    /** Of all that, what is about a process that joins a container which was judged before. */
    static void judgeProcess(Compilation c) {
        c.confinement.ifPresent(caller -> new Confining(c, caller).process());
    }

    private void process() {
        c.spec.process().ifPresent(process -> {
            process.apparmorProfile().ifPresent(_ -> refused("/process/apparmorProfile"));
            process.selinuxLabel().ifPresent(_ -> refused("/process/selinuxLabel"));
        });
    }

    private void refused(String pointer) {
        c.problem("confined-refused", pointer, Map.of("member", pointer));
    }

    private void namespaces() {
        for (NamespaceType type : OWN) {
            if (c.linux.namespace(type).isEmpty()) {
                c.problem("confined-namespace", "/linux/namespaces", Map.of("type", type.word()));
            }
        }
    }

    private void mappings(String pointer, List<IdMapping> maps, boolean groups) {
        for (int i = 0; i < maps.size(); i++) {
            if (!caller.owns(maps.get(i), groups)) {
                c.problem(
                        "confined-mapping",
                        pointer + "/" + i,
                        Map.of(
                                "first", Long.toString(maps.get(i).hostId()),
                                "size", Long.toString(maps.get(i).size()),
                                "user", Integer.toUnsignedString(caller.uid())));
            }
        }
    }

    private void mounts() {
        for (int i = 0; i < c.spec.mounts().size(); i++) {
            Mount mount = c.spec.mounts().get(i);
            MountOptions options = MountOptions.parse(mount.options());
            String pointer = "/mounts/" + i;
            if (options.idMap
                    || !mount.uidMappings().isEmpty()
                    || !mount.gidMappings().isEmpty()) {
                c.problem("confined-idmap", pointer);
            }
            String type = mount.type().orElse("");
            if (!options.bind && !options.remount && !type.isEmpty() && !FILESYSTEMS.contains(type)) {
                c.problem("confined-mount-type", pointer + "/type", Map.of("type", type));
            }
        }
    }

    private void hooks() {
        for (Kind kind : Kind.values()) {
            List<Hook> hooks = HookPass.hooks(c.spec.hooks(), kind);
            for (int i = 0; i < hooks.size(); i++) {
                if (hooks.get(i).timeoutSeconds().orElse(0) > LONGEST_TIMEOUT) {
                    c.problem(
                            "confined-hook-timeout",
                            "/hooks/" + kind.member() + "/" + i + "/timeout",
                            Map.of("most", Integer.toString(LONGEST_TIMEOUT)));
                }
            }
        }
    }

    private void annotations() {
        for (String key : c.spec.annotations().keySet()) {
            if (UNSAFE_ANNOTATIONS.stream().anyMatch(key::startsWith)) {
                c.problem(
                        "confined-annotation",
                        "/annotations/" + key.replace("~", "~0").replace("/", "~1"),
                        Map.of("key", key));
            }
        }
    }

    /** Root writes these for the caller: only what lowers what they have. */
    private void resources(Resources resources) {
        String at = "/linux/resources";
        resources.network().ifPresent(_ -> refused(at + "/network"));
        if (!resources.hugepageLimits().isEmpty()) {
            refused(at + "/hugepageLimits");
        }
        if (!resources.rdma().isEmpty()) {
            refused(at + "/rdma");
        }
        resources.cpu().ifPresent(cpu -> {
            cpu.realtimeRuntime().ifPresent(_ -> refused(at + "/cpu/realtimeRuntime"));
            cpu.realtimePeriod().ifPresent(_ -> refused(at + "/cpu/realtimePeriod"));
        });
        resources
                .memory()
                .flatMap(memory -> memory.disableOomKiller())
                .filter(off -> off)
                .ifPresent(_ -> refused(at + "/memory/disableOOMKiller"));
        for (String key : resources.unified().keySet()) {
            if (!UNIFIED.contains(key)) {
                refused(at + "/unified/" + key.replace("~", "~0").replace("/", "~1"));
            }
        }
    }

    /** Whether a cgroup path is more than a plain name below the user's own node. */
    private static boolean namesPlace(String path) {
        return path.contains("/") || path.contains(":") || path.equals(".") || path.equals("..");
    }
}
