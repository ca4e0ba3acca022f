package org.slipway.model.text;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.slipway.model.plan.BarrierOp;
import org.slipway.model.plan.Blob;
import org.slipway.model.plan.CallerOp;
import org.slipway.model.plan.Capability;
import org.slipway.model.plan.CgroupOp;
import org.slipway.model.plan.ExecOp;
import org.slipway.model.plan.HookOp;
import org.slipway.model.plan.KeeperOp;
import org.slipway.model.plan.LiveOp;
import org.slipway.model.plan.MountOp;
import org.slipway.model.plan.NamespaceOp;
import org.slipway.model.plan.Op;
import org.slipway.model.plan.ProcessOp;
import org.slipway.model.plan.ResctrlOp;

/**
 * The arguments of an operation's sentence: the components of its record as text, with words in place of numbers that
 * only the kernel reads. Where one sentence does not do, the key has a second part, such as {@code WriteIdMap.groups}.
 */
final class StepWords {

    /** The order of {@code RLIMIT_…} numbers on Linux, see the header asm-generic/resource.h. */
    private static final List<String> RLIMITS = List.of(
            "RLIMIT_CPU",
            "RLIMIT_FSIZE",
            "RLIMIT_DATA",
            "RLIMIT_STACK",
            "RLIMIT_CORE",
            "RLIMIT_RSS",
            "RLIMIT_NPROC",
            "RLIMIT_NOFILE",
            "RLIMIT_MEMLOCK",
            "RLIMIT_AS",
            "RLIMIT_LOCKS",
            "RLIMIT_SIGPENDING",
            "RLIMIT_MSGQUEUE",
            "RLIMIT_NICE",
            "RLIMIT_RTPRIO",
            "RLIMIT_RTTIME");

    private static final List<String> POLICIES = List.of(
            "SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH", "SCHED_ISO", "SCHED_IDLE", "SCHED_DEADLINE");

    private static final List<String> IO_CLASSES = List.of("none", "real time", "best effort", "idle");

    private static final List<String> MEMORY_MODES = List.of(
            "MPOL_DEFAULT",
            "MPOL_PREFERRED",
            "MPOL_BIND",
            "MPOL_INTERLEAVE",
            "MPOL_LOCAL",
            "MPOL_PREFERRED_MANY",
            "MPOL_WEIGHTED_INTERLEAVE");

    private StepWords() {}

    /** The key of a sentence below {@code step.}, and what fills it. */
    record Words(String key, Map<String, String> arguments) {}

    static Words of(Op op) {
        Map<String, String> arguments = components(op);
        String variant = switch (op) {
            case BarrierOp.Signal signal -> put(arguments, "to", lower(signal.to()));
            case BarrierOp.Await await -> put(arguments, "from", lower(await.from()));
            case KeeperOp.OpenStreams open -> "." + open.mode().name();
            case KeeperOp.SendSignal send -> put(arguments, "signal", signal(send.signal()));
            case CgroupOp.SignalCgroup send -> put(arguments, "signal", signal(send.signal()));
            case CgroupOp.WriteFirstCgroupFile write -> {
                put(arguments, "files", String.join(" or ", write.files()));
                put(arguments, "values", String.join(" or ", write.values()));
                yield write.required() ? "" : ".optional";
            }
            case ResctrlOp.MakeResctrlGroup make -> "." + make.kind().name();
            case NamespaceOp.OpenNamespace open -> put(arguments, "type", namespaces(open.type()));
            case NamespaceOp.JoinNamespace join -> put(arguments, "type", namespaces(join.type()));
            case ExecOp.EnterContainer enter -> put(arguments, "namespaces", namespaces(enter.namespaces()));
            case NamespaceOp.CloneInit clone -> {
                put(arguments, "namespaces", namespaces(clone.namespaces()));
                yield clone.namespaces() == 0 ? ".none" : "";
            }
            case NamespaceOp.WriteIdMap map -> {
                put(arguments, "map", lines(map.map()));
                yield map.groups() ? ".groups" : ".users";
            }
            case CallerOp.BecomeCaller become -> {
                put(arguments, "uid", Integer.toUnsignedString(become.uid()));
                put(arguments, "gid", Integer.toUnsignedString(become.gid()));
                yield "";
            }
            case CallerOp.MapCaller map -> {
                put(arguments, "users", lines(map.users()));
                put(arguments, "groups", lines(map.groups()));
                yield map.denySetgroups() ? "" : ".delegated";
            }
            case MountOp.SetPropagation set -> {
                put(arguments, "propagation", propagation(set.flags()));
                yield set.recursive() ? ".recursive" : "";
            }
            case MountOp.MakeTarget make -> "." + make.kind().name();
            case MountOp.MountFilesystem mount -> with(arguments, mount.attributes());
            case MountOp.Bind bind -> with(arguments, bind.set() | bind.recursiveSet());
            case MountOp.IdMap map -> {
                put(arguments, "users", map.users().strip().replaceAll("\\s*\\n\\s*", ", "));
                put(arguments, "groups", map.groups().strip().replaceAll("\\s*\\n\\s*", ", "));
                yield !map.users().isEmpty() ? ".own" : !map.namespace().isEmpty() ? ".joined" : "";
            }
            case MountOp.Attach attach -> with(arguments, attach.set() | attach.recursiveSet());
            case MountOp.ChangeAttributes change -> {
                put(arguments, "set", attributes(change.set()));
                put(arguments, "clear", attributes(change.clear()));
                yield change.clear() == 0 ? "" : change.set() == 0 ? ".clear" : ".both";
            }
            case MountOp.MakeDevice device -> put(arguments, "mode", Integer.toOctalString(device.mode() & 07777));
            case HookOp.RunHook hook -> {
                put(arguments, "kind", hook.kind().member());
                yield put(arguments, "ordinal", String.valueOf(hook.position() + 1));
            }
            case ProcessOp.SetRlimit limit -> {
                put(arguments, "resource", rlimit(limit.resource()));
                put(arguments, "soft", limit(limit.soft()));
                yield put(arguments, "hard", limit(limit.hard()));
            }
            case LiveOp.ChangeRlimit limit -> {
                put(arguments, "resource", rlimit(limit.resource()));
                put(arguments, "soft", limit(limit.soft()));
                yield put(arguments, "hard", limit(limit.hard()));
            }
            case LiveOp.ChangeScheduler set -> put(arguments, "policy", word(POLICIES, set.policy()));
            case LiveOp.ChangeIoPriority set -> put(arguments, "category", word(IO_CLASSES, set.category()));
            case ProcessOp.SetScheduler set -> {
                put(arguments, "policy", word(POLICIES, set.policy()));
                yield switch (set.policy()) {
                    case 1, 2 -> ".realtime";
                    case 6 -> ".deadline";
                    default -> "";
                };
            }
            case ProcessOp.SetIoPriority set -> put(arguments, "category", word(IO_CLASSES, set.category()));
            case ProcessOp.SetPersonality set -> set.domain() == 8 ? ".32" : "";
            case ProcessOp.SetMemoryPolicy set -> {
                put(arguments, "mode", word(MEMORY_MODES, set.mode()));
                yield set.nodes().isEmpty() ? ".anywhere" : "";
            }
            case ProcessOp.AttachStreams streams -> streams.terminal() ? ".terminal" : "";
            case ProcessOp.SetUmask umask -> put(arguments, "mask", "0%03o".formatted(umask.mask()));
            case ProcessOp.SetGroups groups -> groups.groups().isEmpty() ? ".none" : "";
            case ProcessOp.SetIds ids -> {
                put(arguments, "uid", Integer.toUnsignedString(ids.uid()));
                yield put(arguments, "gid", Integer.toUnsignedString(ids.gid()));
            }
            case ProcessOp.DropBounding drop -> put(arguments, "keep", capabilities(drop.keep()));
            case ProcessOp.SetCapabilities set -> {
                put(arguments, "effective", capabilities(set.effective()));
                put(arguments, "permitted", capabilities(set.permitted()));
                yield put(arguments, "inheritable", capabilities(set.inheritable()));
            }
            case ProcessOp.SetAmbient set -> put(arguments, "ambient", capabilities(set.ambient()));
            case ProcessOp.LoadSeccompAndExec exec -> exec.filter().size() == 0 ? ".unfiltered" : "";
            default -> "";
        };
        return new Words(op.getClass().getSimpleName() + variant, arguments);
    }

    private static String lines(String map) {
        return map.strip().replaceAll("\\s*\\n\\s*", ", ");
    }

    /** Puts an argument and names no variant. */
    private static String put(Map<String, String> arguments, String name, String value) {
        arguments.put(name, value);
        return "";
    }

    /** Mount attributes after the sentence: {@code , ro nosuid}, or nothing. */
    private static String with(Map<String, String> arguments, long attributes) {
        return put(arguments, "with", attributes == 0 ? "" : ", " + attributes(attributes));
    }

    private static Map<String, String> components(Op op) {
        Map<String, String> arguments = new HashMap<>();
        for (RecordComponent component : op.getClass().getRecordComponents()) {
            try {
                arguments.put(component.getName(), text(component.getAccessor().invoke(op)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("cannot read " + component, e);
            }
        }
        return arguments;
    }

    private static String text(Object value) {
        return switch (value) {
            case Collection<?> many -> many.stream().map(StepWords::text).collect(Collectors.joining(" "));
            case Blob blob -> String.valueOf(blob.size());
            default -> value.toString();
        };
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private static String signal(int number) {
        return switch (number) {
            case 1 -> "SIGHUP";
            case 2 -> "SIGINT";
            case 3 -> "SIGQUIT";
            case 9 -> "SIGKILL";
            case 10 -> "SIGUSR1";
            case 12 -> "SIGUSR2";
            case 15 -> "SIGTERM";
            case 18 -> "SIGCONT";
            case 19 -> "SIGSTOP";
            default -> "signal " + number;
        };
    }

    /** The specification's names of namespaces, in the order in which they are usually listed. */
    private static String namespaces(long flags) {
        List<String> names = new ArrayList<>();
        add(names, flags, NamespaceOp.NEWUSER, "user");
        add(names, flags, NamespaceOp.NEWPID, "pid");
        add(names, flags, NamespaceOp.NEWNS, "mount");
        add(names, flags, NamespaceOp.NEWNET, "network");
        add(names, flags, NamespaceOp.NEWIPC, "ipc");
        add(names, flags, NamespaceOp.NEWUTS, "uts");
        add(names, flags, NamespaceOp.NEWCGROUP, "cgroup");
        add(names, flags, NamespaceOp.NEWTIME, "time");
        return String.join(", ", names);
    }

    private static String attributes(long set) {
        List<String> names = new ArrayList<>();
        add(names, set, MountOp.RDONLY, "ro");
        add(names, set, MountOp.NOSUID, "nosuid");
        add(names, set, MountOp.NODEV, "nodev");
        add(names, set, MountOp.NOEXEC, "noexec");
        add(names, set, MountOp.NOATIME, "noatime");
        add(names, set, MountOp.STRICTATIME, "strictatime");
        add(names, set, MountOp.NODIRATIME, "nodiratime");
        add(names, set, MountOp.NOSYMFOLLOW, "nosymfollow");
        return String.join(" ", names);
    }

    private static void add(List<String> names, long set, long flag, String name) {
        if ((set & flag) != 0) {
            names.add(name);
        }
    }

    private static String propagation(int flags) {
        return (flags & MountOp.MS_SHARED) != 0
                ? "shared"
                : (flags & MountOp.MS_SLAVE) != 0
                        ? "slave"
                        : (flags & MountOp.MS_UNBINDABLE) != 0 ? "unbindable" : "private";
    }

    private static String word(List<String> words, int number) {
        return number >= 0 && number < words.size() ? words.get(number) : String.valueOf(number);
    }

    private static String rlimit(int resource) {
        return resource >= 0 && resource < RLIMITS.size() ? RLIMITS.get(resource) : "limit " + resource;
    }

    private static String limit(long value) {
        return value == -1 ? "unlimited" : Long.toUnsignedString(value);
    }

    private static String capabilities(long set) {
        return set == (1L << Capability.NAMES.size()) - 1
                ? "all"
                : Capability.names(set).replace("|", ", ");
    }
}
