package org.slipway.model.plan;

import static org.slipway.model.plan.Draft.field;
import static org.slipway.model.plan.Draft.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slipway.model.plan.CgroupOp.AttachDeviceFilter;
import org.slipway.model.plan.MountOp.Attach;
import org.slipway.model.plan.MountOp.BindDevice;
import org.slipway.model.plan.MountOp.MakeDevice;
import org.slipway.model.plan.MountOp.MakeLink;
import org.slipway.model.plan.MountOp.MakeTarget;
import org.slipway.model.plan.MountOp.OpenConsole;
import org.slipway.model.plan.MountOp.OpenDevice;
import org.slipway.model.plan.MountOp.Target;
import org.slipway.model.spec.Device;
import org.slipway.model.spec.Process;

/** Device nodes, the links in {@code /dev}, the terminal, and the rules about devices. */
final class DevicePass {

    /** The devices that every container has (config-linux.md, Default Devices). */
    static final List<Node> DEFAULTS = List.of(
            new Node("/dev/null", 1, 3),
            new Node("/dev/zero", 1, 5),
            new Node("/dev/full", 1, 7),
            new Node("/dev/random", 1, 8),
            new Node("/dev/urandom", 1, 9),
            new Node("/dev/tty", 5, 0));

    /** What old versions supply in any case; of a container without a terminal it is the machine's, which its rules keep closed. */
    private static final Node CONSOLE = new Node("/dev/console", 5, 1);

    private static final int FIFO = 0010000;
    private static final int CHARACTER = 0020000;
    private static final int BLOCK = 0060000;

    private final Compilation c;

    /** The launcher's steps while it still sees the host's devices. */
    final List<Draft> sources = new ArrayList<>();

    /** Init's steps after the mounts. */
    final List<Draft> nodes = new ArrayList<>();

    /** A character device by its place and number. */
    record Node(String path, long major, long minor) {}

    static List<Draft> program(Compilation c, CgroupPlace place) {
        Origin origin = c.linux
                        .resources()
                        .filter(resources -> !resources.devices().isEmpty())
                        .isPresent()
                ? field("/linux/resources/devices")
                : rule("default-devices");
        return List.of(Draft.helper(
                Phase.CGROUP,
                origin,
                new AttachDeviceFilter(place.directory(), DeviceProgram.compile(DeviceRules.of(c)))));
    }

    static List<Draft> lines(Compilation c, List<CgroupPlace> places) {
        return places.stream()
                .filter(place -> place.has("devices"))
                .findFirst()
                .map(place -> DeviceLines.of(c, place.directory(), DeviceRules.of(c)))
                .orElseGet(() -> {
                    if (c.linux
                            .resources()
                            .filter(resources -> !resources.devices().isEmpty())
                            .isPresent()) {
                        c.problem("controller-missing", "/linux/resources/devices", Map.of("controller", "devices"));
                    }
                    return List.of();
                });
    }

    DevicePass(Compilation c) {
        this.c = c;
        if (!MountPass.bindsDev(c)) {
            Set<String> listed = c.linux.devices().stream()
                    .map(device -> Paths.clean(device.path()))
                    .collect(Collectors.toSet());
            DEFAULTS.stream()
                    .filter(node -> !listed.contains(node.path()))
                    .forEach(node -> node(rule("default-devices"), node, CHARACTER | 0666, 0, 0));
            for (int i = 0; i < c.linux.devices().size(); i++) {
                listed(i, c.linux.devices().get(i));
            }
            links();
        }
        if (SpawnPass.terminal(c)) {
            console();
        } else if (c.spec.lifecycle().filesystemsAlways() && !MountPass.bindsDev(c)) {
            node(rule("default-devices"), CONSOLE, CHARACTER | 0600, 0, 0);
        }
    }

    private void listed(int index, Device device) {
        String pointer = "/linux/devices/" + index;
        int type = switch (device.type()) {
            case "c", "u" -> CHARACTER;
            case "b" -> BLOCK;
            case "p" -> FIFO;
            default -> throw new IllegalArgumentException(device.type());
        };
        String path = Paths.clean(device.path());
        if (!Paths.parent(path).equals("/dev")) {
            nodes.add(Draft.init(
                    Phase.DEVICES, field(pointer), new MakeTarget(Paths.parent(path), Target.DIRECTORY, "")));
        }
        int mode = type | (device.fileMode().orElse(0666L).intValue() & 07777);
        node(
                field(pointer),
                new Node(path, device.major().orElse(0L), device.minor().orElse(0L)),
                mode,
                device.uid().orElse(0L).intValue(),
                device.gid().orElse(0L).intValue());
    }

    private void node(Origin origin, Node node, int mode, int uid, int gid) {
        int major = (int) node.major();
        int minor = (int) node.minor();
        if (c.canMakeNodes() || (mode & 0170000) == FIFO) {
            nodes.add(Draft.init(Phase.DEVICES, origin, new MakeDevice(node.path(), mode, major, minor, uid, gid)));
        } else if (!c.launcherIsRoot()) {
            nodes.add(Draft.init(Phase.DEVICES, origin, new MakeTarget(node.path(), Target.FILE, "")));
            nodes.add(Draft.init(Phase.DEVICES, origin, new BindDevice(node.path(), node.path(), major, minor)));
        } else {
            int slot = c.slot();
            sources.add(Draft.launcher(Phase.NAMESPACES, origin, new OpenDevice(slot, node.path(), major, minor)));
            nodes.add(Draft.init(Phase.DEVICES, origin, new MakeTarget(node.path(), Target.FILE, "")));
            nodes.add(Draft.init(Phase.DEVICES, origin, new Attach(slot, node.path(), 0, 0, 0, 0, 0)));
        }
    }

    private void links() {
        link("/proc/self/fd", "/dev/fd", "/proc/self/fd");
        link("/proc/self/fd/0", "/dev/stdin", "/proc/self/fd");
        link("/proc/self/fd/1", "/dev/stdout", "/proc/self/fd");
        link("/proc/self/fd/2", "/dev/stderr", "/proc/self/fd");
        link("/proc/kcore", "/dev/core", "/proc/kcore");
        link("pts/ptmx", "/dev/ptmx", "");
    }

    private void link(String target, String path, String ifExists) {
        nodes.add(Draft.init(Phase.DEVICES, rule("default-links"), new MakeLink(target, path, ifExists)));
    }

    private void console() {
        var size = c.spec.process().flatMap(Process::consoleSize);
        nodes.add(
                Draft.init(Phase.DEVICES, field("/process/terminal"), new MakeTarget("/dev/console", Target.FILE, "")));
        nodes.add(Draft.init(
                Phase.DEVICES,
                field(size.isPresent() ? "/process/consoleSize" : "/process/terminal"),
                new OpenConsole(
                        size.map(found -> (int) found.width()).orElse(0),
                        size.map(found -> (int) found.height()).orElse(0))));
    }
}
