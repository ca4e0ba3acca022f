package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.ObjectMapper;

/**
 * Every option of a mount, as the kernel shows it in one container that has a mount for each.
 *
 * <p>The sources lie on the host: {@code free} carries no flag, {@code strict} all of them, each with a mount {@code sub} below it.
 */
final class MountOptionsTest extends KernelTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STRICT = "ro,nosuid,nodev,noexec,noatime,nodiratime,nosymfollow";

    /** Places in the container, and what is said of each as {@code source or type: options}. */
    private final Map<String, String> asked = new TreeMap<>();

    private Map<String, MountLine> table = Map.of();
    private Path sources = Path.of("/");

    @BeforeAll
    void mountThemAll() throws IOException {
        sources = Files.createDirectory(work.resolve("sources"));
        for (var name : List.of("free", "strict", "peer")) {
            for (var place : List.of(sources.resolve(name), sources.resolve(name + "/sub"))) {
                Files.createDirectory(place);
                Shell.output("mount", "-t", "tmpfs", "slipway-test", place.toString());
                Shell.output("mount", "--make-private", place.toString());
            }
        }
        Files.createSymbolicLink(sources.resolve("free/link"), Path.of("file"));
        Files.writeString(sources.resolve("free/file"), "text\n");
        for (var place : List.of("strict/sub", "strict")) {
            Shell.output(
                    "mount",
                    "-o",
                    "remount,bind," + STRICT,
                    sources.resolve(place).toString());
        }
        Shell.output("mount", "--make-rshared", sources.resolve("peer").toString());

        for (var word :
                List.of("ro", "nosuid", "nodev", "noexec", "noatime", "nodiratime", "strictatime", "nosymfollow")) {
            ask(word, "free", "bind", word);
            ask("r" + word, "free", "rbind", "r" + word);
        }
        for (var word : List.of("rw", "suid", "dev", "exec", "atime", "diratime", "relatime", "symfollow")) {
            ask(word, "strict", "bind", word);
            ask("r" + word, "strict", "rbind", "r" + word);
        }
        for (var word :
                List.of("defaults", "norelatime", "nostrictatime", "private", "shared", "slave", "unbindable")) {
            ask(word, "peer", "bind", word);
        }
        for (var word : List.of("rnorelatime", "rnostrictatime", "rprivate", "rshared", "rslave", "runbindable")) {
            ask(word, "peer", "rbind", word);
        }
        for (var word : List.of(
                "sync",
                "async",
                "dirsync",
                "lazytime",
                "nolazytime",
                "iversion",
                "noiversion",
                "silent",
                "loud",
                "mand",
                "nomand",
                "mode=751")) {
            ask("new-" + word.replace("=", "-"), "tmpfs", word);
        }
        ask("later-ro", "free", "bind", "rw", "suid", "ro", "nosuid");
        ask("later-rw", "strict", "bind", "ro", "nosuid", "rw", "suid");
        ask("later-sync", "tmpfs", "async", "sync");
        ask("later-async", "tmpfs", "sync", "async", "lazytime", "nolazytime");
        ask("only-one", "free", "bind");
        ask("whole-tree", "free", "rbind");
        ask("mixed", "free", "rbind", "rro", "rw", "rnosuid");

        var bundle = bundle("""
                cat /proc/self/mountinfo
                cat /t/symfollow-source/link && cat /t/nosymfollow/link 2>&1
                echo == && cat /t/rnosymfollow/link 2>&1
                """);
        ask("symfollow-source", "free", "bind", "symfollow");
        bundle.edit(config -> {
            var mounts = config.withArray("/mounts");
            asked.forEach((name, how) -> {
                var source = how.substring(0, how.indexOf(':'));
                var mount = mounts.addObject().put("destination", "/t/" + name);
                if (source.equals("tmpfs")) {
                    mount.put("type", "tmpfs");
                } else {
                    mount.put("source", sources.resolve(source).toString());
                }
                mount.set(
                        "options",
                        JSON.valueToTree(how.substring(how.indexOf(':') + 1).split(" ", -1)));
            });
        });
        said = helper.slipway("run", "--bundle", bundle.text(), "options").out();
        table = MountLine.table(said);
        assertFalse(table.isEmpty(), said);
    }

    private String said = "";

    private void ask(String name, String source, String... words) {
        asked.put(name, source + ":" + String.join(" ", words));
    }

    @AfterAll
    void unmountThem() {
        for (var name : List.of("free", "strict", "peer")) {
            Shell.run("umount", "-R", work.resolve("sources").resolve(name).toString());
        }
    }

    private Set<String> options(String name) {
        var line = table.get("/t/" + name);
        assertTrue(line != null, name + " is not mounted: " + table.keySet());
        return line.options();
    }

    private Set<String> system(String name) {
        options(name);
        return table.get("/t/" + name).system();
    }

    /** Each word sets its flag on a mount without any, and its opposite clears it alone on a mount with all of them. */
    private void setsAndClears(String prefix, String on, String off) {
        assertEquals(with(Set.of("rw", "relatime"), on), options(prefix + on), on);
        assertEquals(without(strict(), on), options(prefix + off), off);
    }

    private static Set<String> strict() {
        return Set.of(STRICT.split(",", -1));
    }

    private static Set<String> with(Set<String> set, String word) {
        var more = new TreeSet<>(set);
        more.add(word);
        if (word.equals("ro")) {
            more.remove("rw");
        } else if (word.endsWith("atime") && !word.equals("nodiratime")) {
            more.remove("relatime");
        }
        more.remove("strictatime"); // the kernel shows it by showing no other
        return more;
    }

    private static Set<String> without(Set<String> set, String word) {
        var less = new TreeSet<>(set);
        less.remove(word);
        if (word.equals("ro")) {
            less.add("rw");
        } else if (word.equals("noatime")) {
            less.add("relatime");
        }
        return less;
    }

    @Test
    @Requirement({"MNT-12", "MNT-13", "MNT-14", "MNT-15"})
    void whatMayBeDoneOnAMount() {
        setsAndClears("", "ro", "rw");
        setsAndClears("", "nosuid", "suid");
        setsAndClears("", "nodev", "dev");
        setsAndClears("", "noexec", "exec");
    }

    @Test
    @Requirement({"MNT-18", "MNT-19", "MNT-20", "MNT-21"})
    void whenTimesOfAccessAreKept() {
        setsAndClears("", "noatime", "atime");
        setsAndClears("", "nodiratime", "diratime");
        assertEquals(without(strict(), "noatime"), options("relatime"));
        assertEquals(Set.of("rw", "relatime"), options("norelatime")); // what the kernel does without another word
        assertEquals(Set.of("rw"), options("strictatime"));
        assertEquals(Set.of("rw", "relatime"), options("nostrictatime"));
    }

    @Test
    @Requirement({"MNT-16", "MNT-17", "MNT-22"})
    void howTheFilesystemWrites() {
        assertTrue(system("new-sync").contains("sync"), system("new-sync").toString());
        assertTrue(
                system("new-dirsync").contains("dirsync"), system("new-dirsync").toString());
        assertTrue(
                system("new-lazytime").contains("lazytime"),
                system("new-lazytime").toString());
        assertFalse(system("new-async").contains("sync"));
        assertFalse(system("new-nolazytime").contains("lazytime"));
    }

    /** The kernel has nothing to set for these: a mount as without them, and nothing handed to the filesystem, which would refuse it. */
    @Test
    @Requirement({"MNT-23", "MNT-24", "MNT-32", "MNT-48"})
    void wordsWithoutEffectDoNoHarm() {
        for (var word : List.of("iversion", "noiversion", "silent", "loud", "mand", "nomand")) {
            assertEquals(options("new-async"), options("new-" + word), word);
            var system = system("new-" + word);
            system.remove("mand");
            assertEquals(system("new-async"), system, word);
        }
    }

    @Test
    @Requirement({"MNT-09", "MNT-11"})
    void otherWordsGoToTheFilesystemAndDefaultsChangesNothing() {
        assertTrue(
                system("new-mode-751").contains("mode=751"),
                system("new-mode-751").toString());
        assertEquals(Set.of("rw", "relatime"), options("defaults"));
    }

    @Test
    @Requirement("MNT-26")
    void bindIsOneMountAndRbindTheTree() {
        assertFalse(table.containsKey("/t/only-one/sub"));
        assertTrue(table.containsKey("/t/whole-tree/sub"));
    }

    @Test
    @Requirement({"MNT-27", "MNT-28", "MNT-29", "MNT-30"})
    void propagation() {
        for (var prefix : List.of("", "r")) {
            for (var place : prefix.isEmpty() ? List.of("") : List.of("", "/sub")) {
                assertEquals(Set.of(), tags(prefix + "private" + place));
                assertTrue(
                        tags(prefix + "shared" + place).contains("shared"),
                        tags(prefix + "shared" + place).toString());
                assertEquals(Set.of("master"), tags(prefix + "slave" + place));
                assertEquals(Set.of("unbindable"), tags(prefix + "unbindable" + place));
            }
        }
    }

    private Set<String> tags(String name) {
        options(name);
        return table.get("/t/" + name).tags();
    }

    @Test
    @Requirement("MNT-31")
    void linksOnTheMountAreNotFollowed() {
        setsAndClears("", "nosymfollow", "symfollow");
        assertTrue(
                said.contains("text\ncat: can't open '/t/nosymfollow/link': Too many levels of symbolic links"), said);
    }

    @Test
    @Requirement({"MNT-34", "MNT-35", "MNT-36", "MNT-37"})
    void whatMayBeDoneOnATree() {
        for (var pair : List.of("ro rw", "nosuid suid", "nodev dev", "noexec exec")) {
            recursively(pair);
        }
    }

    @Test
    @Requirement({"MNT-38", "MNT-39", "MNT-42"})
    void timesAndLinksOnATree() {
        for (var pair : List.of("noatime atime", "nodiratime diratime", "nosymfollow symfollow")) {
            recursively(pair);
        }
        assertTrue(
                said.contains("==\ncat: can't open '/t/rnosymfollow/link': Too many levels of symbolic links"), said);
    }

    @Test
    @Requirement({"MNT-40", "MNT-41"})
    void otherTimesOnATree() {
        for (var place : List.of("", "/sub")) {
            assertEquals(without(strict(), "noatime"), options("rrelatime" + place));
            assertEquals(Set.of("rw", "relatime"), options("rnorelatime" + place));
            assertEquals(Set.of("rw"), options("rstrictatime" + place));
            assertEquals(Set.of("rw", "relatime"), options("rnostrictatime" + place));
        }
    }

    private void recursively(String pair) {
        var on = pair.substring(0, pair.indexOf(' '));
        var off = pair.substring(pair.indexOf(' ') + 1);
        setsAndClears("r", on, off);
        assertEquals(with(Set.of("rw", "relatime"), on), options("r" + on + "/sub"), on);
        assertEquals(without(strict(), on), options("r" + off + "/sub"), off);
    }

    @Test
    @Requirement("MNT-50")
    void theLaterWordWins() {
        assertEquals(Set.of("ro", "nosuid", "relatime"), options("later-ro"));
        assertTrue(options("later-rw").contains("rw") && !options("later-rw").contains("nosuid"));
        assertTrue(system("later-sync").contains("sync"));
        assertFalse(
                system("later-async").contains("sync") || system("later-async").contains("lazytime"));
        // a recursive word is about the tree, and so also about its top
        assertEquals(Set.of("ro", "nosuid", "relatime"), options("mixed/sub"));
    }
}
