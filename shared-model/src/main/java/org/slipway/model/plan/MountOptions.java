package org.slipway.model.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The words of a mount's options (config.md, Linux mount options) as attributes, propagation and data; later words win.
 *
 * <p>Attributes are MOUNT_ATTR_… bits to set and to clear. Words about the filesystem rather than the mount ({@code sync}, {@code lazytime}
 * …) become data, under the names that fsconfig(2) knows. Words that fsconfig(2) has no name for are taken and do nothing: what they switched
 * in mount(2) the kernel's filesystems decide themselves, see {@code docs/adr/0006}.
 */
final class MountOptions {

    /** In the order of the specification's table, for {@code features}. */
    private static final Map<String, Consumer<MountOptions>> WORDS = new LinkedHashMap<>();

    boolean bind;
    boolean recursive;
    boolean remount;
    boolean idMap;
    boolean recursiveIdMap;
    boolean copyUp;
    int propagation;
    final Attributes own = new Attributes();
    final Attributes tree = new Attributes();
    final List<String> data = new ArrayList<>();

    static {
        word("defaults", _ -> {});
        attributes("", options -> options.own);
        attributes("r", options -> options.tree);
        filesystem("sync", "async");
        filesystem("dirsync", "");
        filesystem("lazytime", "nolazytime");
        filesystem("mand", "nomand");
        List.of("silent", "loud", "iversion", "noiversion").forEach(name -> word(name, _ -> {}));
        word("remount", options -> options.remount = true);
        word("bind", options -> options.bind = true);
        word("rbind", options -> options.bind = options.recursive = true);
        propagation("private", MountOp.MS_PRIVATE);
        propagation("shared", MountOp.MS_SHARED);
        propagation("slave", MountOp.MS_SLAVE);
        propagation("unbindable", MountOp.MS_UNBINDABLE);
        word("tmpcopyup", options -> options.copyUp = true);
        word("idmap", options -> options.idMap = true);
        word("ridmap", options -> options.idMap = options.recursiveIdMap = true);
    }

    private MountOptions() {}

    static MountOptions parse(List<String> words) {
        MountOptions options = new MountOptions();
        for (String word : words) {
            WORDS.getOrDefault(word, found -> found.data.add(word)).accept(options);
        }
        return options;
    }

    /** All words that are understood here and never reach a filesystem as they are. */
    static Set<String> words() {
        return WORDS.keySet();
    }

    /** Whether the data sets that key. */
    boolean names(String key) {
        return data.stream().anyMatch(option -> option.startsWith(key + "="));
    }

    boolean readonly() {
        return ((own.set | tree.set) & MountOp.RDONLY) != 0;
    }

    private static void attributes(String prefix, java.util.function.Function<MountOptions, Attributes> which) {
        flag(prefix + "ro", prefix + "rw", which, MountOp.RDONLY);
        flag(prefix + "nosuid", prefix + "suid", which, MountOp.NOSUID);
        flag(prefix + "nodev", prefix + "dev", which, MountOp.NODEV);
        flag(prefix + "noexec", prefix + "exec", which, MountOp.NOEXEC);
        word(prefix + "noatime", options -> which.apply(options).atime(MountOp.NOATIME));
        word(prefix + "atime", options -> which.apply(options).notAtime(MountOp.NOATIME));
        flag(prefix + "nodiratime", prefix + "diratime", which, MountOp.NODIRATIME);
        word(prefix + "relatime", options -> which.apply(options).atime(0));
        word(prefix + "norelatime", _ -> {}); // without another word the kernel falls back to relatime
        word(prefix + "strictatime", options -> which.apply(options).atime(MountOp.STRICTATIME));
        word(prefix + "nostrictatime", options -> which.apply(options).notAtime(MountOp.STRICTATIME));
        flag(prefix + "nosymfollow", prefix + "symfollow", which, MountOp.NOSYMFOLLOW);
    }

    private static void flag(
            String on, String off, java.util.function.Function<MountOptions, Attributes> which, long bit) {
        word(on, options -> which.apply(options).on(bit));
        word(off, options -> which.apply(options).off(bit));
    }

    private static void filesystem(String on, String off) {
        word(on, options -> {
            options.data.remove(on);
            options.data.add(on);
        });
        if (!off.isEmpty()) {
            word(off, options -> options.data.remove(on));
        }
    }

    private static void propagation(String name, int flag) {
        word(name, options -> options.propagation = flag);
        word("r" + name, options -> options.propagation = flag | MountOp.MS_REC);
    }

    private static void word(String name, Consumer<MountOptions> effect) {
        WORDS.put(name, effect);
    }

    /** Bits to set and to clear; a bit is never in both, except those of the access-time field, which is cleared as a whole. */
    static final class Attributes {

        long set;
        long clear;

        private void on(long bit) {
            set |= bit;
            clear &= ~bit;
        }

        private void off(long bit) {
            set &= ~bit;
            clear |= bit;
        }

        private void atime(long value) {
            set = (set & ~MountOp.ATIME_FIELD) | value;
            clear |= MountOp.ATIME_FIELD;
        }

        /** Back to relatime, unless another mode than the one taken back was chosen. */
        private void notAtime(long value) {
            long chosen = set & MountOp.ATIME_FIELD;
            if (chosen == 0 || chosen == value) {
                atime(0);
            }
        }
    }
}
