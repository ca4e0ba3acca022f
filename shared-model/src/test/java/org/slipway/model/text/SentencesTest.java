package org.slipway.model.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Severity;
import org.slipway.model.finding.SpecTable;
import org.slipway.model.json.Document.Broken.Reason;
import org.slipway.model.plan.Actor;
import org.slipway.model.plan.Blob;
import org.slipway.model.plan.KeeperOp;
import org.slipway.model.plan.MountOp;
import org.slipway.model.plan.NamespaceOp;
import org.slipway.model.plan.Op;
import org.slipway.model.plan.OpNames;
import org.slipway.model.plan.Origin;
import org.slipway.model.plan.Phase;
import org.slipway.model.plan.ProcessOp;
import org.slipway.model.test.Requirement;

/** Everything that is shown has a sentence, and every sentence is filled. */
class SentencesTest {

    private static final Path MAIN = Path.of("src/main/java/org/slipway/model");
    private static final Pattern OPEN = Pattern.compile("\\{[A-Za-z]+}");
    private static final Pattern REPORTED =
            Pattern.compile("report\\s*\\.(?:error|warning|note)\\(\\s*\"([a-z0-9-]+)\"(.*?)\\);", Pattern.DOTALL);
    private static final Pattern PROBLEM =
            Pattern.compile("\\bproblem\\(\\s*\"([a-z0-9-]+)\"(.*?)\\);", Pattern.DOTALL);
    private static final Pattern ARGUMENT = Pattern.compile("\"([A-Za-z]+)\",");

    private final Sentences sentences = Sentences.of(Locale.ENGLISH);
    private final ResourceBundle bundle = ResourceBundle.getBundle("org.slipway.model.text.sentences", Locale.ROOT);

    @Test
    void everyOperationHasAFilledSentence() {
        List<String> wrong = new ArrayList<>();
        for (Class<? extends Op> type : OpNames.all().values()) {
            for (int variant = 0; variant < 5; variant++) {
                Op op = example(type, variant);
                String sentence = sentences.step(op);
                if (OPEN.matcher(sentence).find()
                        || sentence.startsWith(type.getSimpleName())
                        || !Character.isLowerCase(sentence.charAt(0))) {
                    wrong.add(sentence);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void stepsReadAsAPersonWouldSayThem() {
        assertEquals(
                "mount proc at /proc, nosuid nodev noexec",
                sentences.step(new MountOp.MountFilesystem(
                        "proc", "proc", "/proc", MountOp.NOSUID | MountOp.NODEV | MountOp.NOEXEC, List.of(), 0)));
        assertEquals(
                "limit RLIMIT_NOFILE to 1024, at most unlimited", sentences.step(new ProcessOp.SetRlimit(7, 1024, -1)));
        assertEquals("drop all from bounding but CAP_KILL", sentences.step(new ProcessOp.DropBounding(1 << 5)));
        assertEquals(
                "map group ids: 0 1000 1, 1 2000 5",
                sentences.step(new NamespaceOp.WriteIdMap(true, "0 1000 1\n1 2000 5\n")));
        assertEquals(
                "join the network namespace /run/ns",
                sentences.step(new NamespaceOp.JoinNamespace(NamespaceOp.NEWNET, "/run/ns", 1)));
        assertEquals("send SIGTERM to the container's first process", sentences.step(new KeeperOp.SendSignal(15)));
        assertEquals(
                "execute sh -c {x} $1",
                sentences.step(new ProcessOp.LoadSeccompAndExec(
                        List.of("sh", "-c", "{x}", "$1"), List.of(), Blob.EMPTY, 0, false)));
    }

    @Test
    void everyPhaseAndActorHasAName() {
        for (Phase phase : Phase.values()) {
            assertTrue(bundle.containsKey("phase." + phase.name()), phase.name());
        }
        for (Actor actor : Actor.values()) {
            assertTrue(bundle.containsKey("actor." + actor.name()), actor.name());
        }
    }

    /** The rules are read as text: what they report, with which arguments, against what the sentence asks for. */
    @Test
    void everyFindingHasASentenceThatItsArgumentsFill() throws IOException {
        List<String> wrong = new ArrayList<>();
        TreeSet<String> codes = new TreeSet<>();
        List<String> judging = new ArrayList<>(sources("finding"));
        judging.addAll(sources("profile"));
        for (String source : judging) {
            for (MatchResult report : REPORTED.matcher(source).results().toList()) {
                codes.add(report.group(1));
                unfilled("finding." + report.group(1), report.group(2), wrong);
            }
        }
        assertTrue(codes.size() > 80, () -> "the pattern misses rules: " + codes);
        for (Reason reason : Reason.values()) {
            if (!bundle.containsKey("finding." + reason.code())) {
                wrong.add(reason.code());
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void everyOriginAndProblemOfAPlanHasAFilledSentence() throws IOException {
        List<String> missing = new ArrayList<>();
        List<String> compiling = new ArrayList<>(sources("plan"));
        compiling.addAll(sources("profile"));
        for (String source : compiling) {
            all(Pattern.compile("\\brule\\(\"([a-z-]+)\"\\)"), source)
                    .filter(rule -> !bundle.containsKey("origin." + rule))
                    .forEach(missing::add);
            for (MatchResult problem : PROBLEM.matcher(source).results().toList()) {
                String key = "problem." + problem.group(1);
                unfilled(bundle.containsKey(key) ? key : "finding." + problem.group(1), problem.group(2), missing);
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void everyMemberHasHelp() {
        assertEquals(
                List.of(),
                SpecTable.get().all().stream()
                        .filter(member -> sentences.help(member).equals(member.pattern()))
                        .map(member -> member.pattern())
                        .filter(pattern -> !pattern.endsWith("/*"))
                        .toList());
    }

    @Test
    void aCodeWithoutSentenceShowsItself() {
        assertEquals("no-such-code {a=1, b=2}", sentences.problem("no-such-code", Map.of("b", "2", "a", "1")));
        assertEquals("no-such-rule", sentences.origin(new Origin.Default("no-such-rule")));
        assertEquals("asked for by /mounts/2", sentences.origin(new Origin.Field("/mounts/2")));
        assertEquals(Optional.empty(), sentences.advice("no-such-code", Map.of()));
    }

    @Test
    void aSentenceThatCanNotBeFilledGivesWayToTheCode() {
        assertEquals("config-unreadable {text=x}", sentences.problem("config-unreadable", Map.of("text", "x")));
    }

    @Test
    void errorsHaveTheWordsThatCallersKnow() {
        assertEquals(
                "can't read '/x': no such file or directory",
                sentences.problem("config-unreadable", Map.of("path", "/x", "errno", "ENOENT")));
        assertEquals("EWHAT", sentences.errno("EWHAT"));
        assertEquals("no space left on device", sentences.problem("disk-full", Map.of("text", "")));
    }

    @Test
    void foreignTextIsNeverTakenForATemplate() {
        Finding finding = new Finding(
                "value-unknown",
                Severity.ERROR,
                "",
                1,
                1,
                Map.of("value", "{allowed} $1 \\", "allowed", "a"),
                "",
                Optional.empty());
        assertEquals("'{allowed} $1 \\' is not one of a", sentences.finding(finding));
    }

    @Test
    void anotherLanguageFallsBackToEnglish() {
        assertEquals("mounts", Sentences.of(Locale.JAPAN).phase(Phase.MOUNTS));
    }

    @Test
    void sentencesEndWithoutAFullStop() {
        bundle.keySet().forEach(key -> assertFalse(bundle.getString(key).endsWith("."), key));
    }

    private void unfilled(String key, String arguments, List<String> wrong) {
        if (!bundle.containsKey(key)) {
            wrong.add(key + " is missing");
            return;
        }
        List<String> given = all(ARGUMENT, arguments).toList();
        boolean elsewhere = arguments.contains("arguments");
        all(Pattern.compile("\\{([A-Za-z]+)}"), bundle.getString(key))
                .filter(name -> !elsewhere && !given.contains(name))
                .forEach(name -> wrong.add(key + " lacks " + name));
    }

    private static Stream<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1));
    }

    private static List<String> sources(String part) throws IOException {
        try (Stream<Path> files = Files.list(MAIN.resolve(part))) {
            List<String> texts = new ArrayList<>();
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                texts.add(Files.readString(file));
            }
            return texts;
        }
    }

    /** An operation with values that differ by variant: flags off and on, each constant of an enum, empty lists. */
    private static Op example(Class<? extends Op> type, int variant) {
        try {
            RecordComponent[] components = type.getRecordComponents();
            Object[] values = Arrays.stream(components)
                    .map(c -> value(c.getType(), variant))
                    .toArray();
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return (Op) constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type.toString(), e);
        }
    }

    private static Object value(Class<?> type, int variant) {
        if (type == int.class) {
            return variant;
        } else if (type == long.class) {
            return (long) variant;
        } else if (type == boolean.class) {
            return variant % 2 == 1;
        } else if (type == List.class) {
            return List.of();
        } else if (type == Blob.class) {
            return variant % 2 == 1 ? Blob.of(new byte[8]) : Blob.EMPTY;
        } else if (type.isEnum()) {
            return type.getEnumConstants()[variant % type.getEnumConstants().length];
        }
        return "text";
    }

    @Test
    void noKeyStandsTwice() throws IOException {
        List<String> keys;
        try (var lines = Files.lines(Path.of("src/main/resources/org/slipway/model/text/sentences.properties"))) {
            keys = lines.filter(line -> !line.startsWith("#") && line.contains("="))
                    .map(line -> line.substring(0, line.indexOf('=')))
                    .toList();
        }
        assertEquals(List.copyOf(new LinkedHashSet<>(keys)), keys);
    }

    /** Advice names a step and an error that there are, and only what the step's own arguments can fill. */
    @Test
    @Requirement("ERR-04")
    void adviceOnStepsIsAboutStepsThatThereAre() {
        String prefix = "advice.step-failed.";
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (String key : bundle.keySet()) {
            if (!key.startsWith(prefix)) {
                continue;
            }
            seen++;
            String[] parts = key.substring(prefix.length()).split("\\.", -1);
            String errno = parts[parts.length - 1];
            if (ErrnoNames.number(errno).isEmpty()) {
                wrong.add(key + ": no such error");
            }
            Class<? extends Op> type = parts.length == 2 ? OpNames.all().get(parts[0]) : null;
            if (parts.length == 2 && type == null) {
                wrong.add(key + ": no such step");
            } else {
                Map<String, String> facts = type == null ? Map.of() : Sentences.facts(example(type, 1));
                all(Pattern.compile("\\{([A-Za-z]+)}"), bundle.getString(key))
                        .filter(name -> !facts.containsKey(name))
                        .forEach(name -> wrong.add(key + " lacks " + name));
            }
        }
        assertTrue(seen > 60, "the pattern misses advice");
        assertEquals(List.of(), wrong);
    }

    @Test
    @Requirement("ERR-04")
    void aFailedStepIsToldByWhatItDoesAndWhatToTry() {
        Op op = new MountOp.MountFilesystem("foofs", "none", "/x", MountOp.RDONLY, List.of(), 0);
        Map<String, String> arguments = new HashMap<>(Sentences.facts(op));
        arguments.put("text", "");
        arguments.put("errno", "ENODEV");
        assertEquals("can't mount foofs at /x, ro", sentences.problem("step-failed", arguments));
        assertEquals(
                Optional.of("this kernel has no filesystem 'foofs': /proc/filesystems lists those it has"),
                sentences.advice("step-failed", arguments));
        arguments.put("errno", "ENOSYS");
        assertEquals(
                Optional.of("this kernel is too old for it, or a filter refuses the call"),
                sentences.advice("step-failed", arguments));
        arguments.put("errno", "EXFULL");
        assertEquals(Optional.empty(), sentences.advice("step-failed", arguments));
    }

    @Test
    void theEnvironmentIsNotAmongWhatIsTold() {
        Map<String, String> facts = Sentences.facts(
                new ProcessOp.LoadSeccompAndExec(List.of("sh"), List.of("PASSWORD=x"), Blob.EMPTY, 0, false));
        assertFalse(facts.toString().contains("PASSWORD"), facts::toString);
        assertEquals("sh", facts.get("args"));
    }
}
