package org.slipway.helper.seccomp;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.slipway.helper.seccomp.FilterMachine.I386;
import static org.slipway.helper.seccomp.FilterMachine.X86_64;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Structure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.plan.Blob;
import org.slipway.model.plan.SeccompCompiler.Refused;
import org.slipway.model.spec.Seccomp;
import org.slipway.model.test.Requirement;

/** What filters answer, found out by running them on calls that are made up. Numbers of calls are those of x86-64. */
class FiltersTest {

    private static final int ALLOW = 0x7fff0000;
    private static final int ERRNO = 0x00050000;
    private static final int KILLED = 0;
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int MKDIR = 83;

    private final Filters filters = new Filters();

    private static Seccomp seccomp(String action, List<String> architectures, Seccomp.Syscall... rules) {
        return new Seccomp(
                action, Optional.empty(), architectures, List.of(), Optional.empty(), Optional.empty(), List.of(rules));
    }

    private static Seccomp.Syscall rule(String action, List<String> names, Seccomp.Arg... args) {
        return new Seccomp.Syscall(names, action, Optional.empty(), List.of(args));
    }

    private static Seccomp.Syscall rule(String action, long errno, String name) {
        return new Seccomp.Syscall(List.of(name), action, Optional.of(errno), List.of());
    }

    /** What becomes of write under a filter that refuses it on conditions. */
    private int write(List<Seccomp.Arg> conditions, long... args) throws Refused {
        Blob filter = filters.compile(new Seccomp(
                "SCMP_ACT_ALLOW",
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(new Seccomp.Syscall(List.of("write"), "SCMP_ACT_ERRNO", Optional.empty(), conditions))));
        return FilterMachine.run(filter, X86_64, WRITE, args);
    }

    @ParameterizedTest
    @Requirement({"SEC-01", "SEC-02"})
    @CsvSource({
        "SCMP_ACT_KILL, 0",
        "SCMP_ACT_KILL_THREAD, 0",
        "SCMP_ACT_KILL_PROCESS, 80000000",
        "SCMP_ACT_TRAP, 30000",
        "SCMP_ACT_ERRNO, 50001",
        "SCMP_ACT_TRACE, 7ff00001",
        "SCMP_ACT_LOG, 7ffc0000",
        "SCMP_ACT_ALLOW, 7fff0000"
    })
    void eachActionIsTheDefaultOrThatOfARule(String action, String answer) throws Refused {
        int expected = Integer.parseUnsignedInt(answer, 16);
        assertEquals(expected, FilterMachine.run(filters.compile(seccomp(action, List.of())), X86_64, READ));
        String other = action.equals("SCMP_ACT_ALLOW") ? "SCMP_ACT_ERRNO" : "SCMP_ACT_ALLOW";
        Blob filter = filters.compile(seccomp(other, List.of(), rule(action, List.of("mkdir"))));
        assertEquals(expected, FilterMachine.run(filter, X86_64, MKDIR));
        assertTrue(FilterMachine.run(filter, X86_64, READ) != expected);
    }

    @Test
    @Requirement({"SEC-02", "SEC-05"})
    void unknownWordsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> filters.compile(seccomp("SCMP_ACT_MAYBE", List.of())));
        assertThrows(
                IllegalArgumentException.class,
                () -> filters.compile(seccomp("SCMP_ACT_ALLOW", List.of("SCMP_ARCH_PDP11"))));
        assertThrows(
                IllegalArgumentException.class,
                () -> filters.compile(seccomp(
                        "SCMP_ACT_ALLOW",
                        List.of(),
                        rule("SCMP_ACT_ERRNO", List.of("read"), new Seccomp.Arg(0, 1, 0, "SCMP_CMP_LIKE")))));
    }

    @Test
    @Requirement("SEC-03")
    void theNumberIsThatOfTheRuleOrOfTheDefaultOrEperm() throws Refused {
        Blob filter = filters.compile(new Seccomp(
                "SCMP_ACT_ERRNO",
                Optional.of(38L),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(
                        rule("SCMP_ACT_ALLOW", List.of("write")),
                        rule("SCMP_ACT_ERRNO", List.of("mkdir")),
                        rule("SCMP_ACT_ERRNO", 4094, "rmdir"),
                        rule("SCMP_ACT_ERRNO", 0, "chdir"),
                        rule("SCMP_ACT_TRACE", 65535, "unlink"))));
        assertEquals(ERRNO | 38, FilterMachine.run(filter, X86_64, READ));
        assertEquals(ERRNO | 1, FilterMachine.run(filter, X86_64, MKDIR));
        assertEquals(ERRNO | 4094, FilterMachine.run(filter, X86_64, 84));
        assertEquals(ERRNO, FilterMachine.run(filter, X86_64, 80));
        assertEquals(0x7ff0ffff, FilterMachine.run(filter, X86_64, 87));
    }

    @Test
    @Requirement("SEC-05")
    void eachOfTheArchitecturesIsInTheFilterOrIsRefusedByName() {
        List<String> names = List.of(
                "X86 X86_64 X32 ARM AARCH64 LOONGARCH64 M68K MIPS MIPS64 MIPS64N32 MIPSEL MIPSEL64 MIPSEL64N32 PARISC PARISC64 PPC PPC64 PPC64LE RISCV64 S390 S390X SH SHEB"
                        .split(" "));
        assertEquals(23, names.size());
        int emitted = 0;
        for (String name : names) {
            String token = "SCMP_ARCH_" + name;
            try {
                Blob filter = filters.compile(seccomp(
                        "SCMP_ACT_ERRNO", List.of("SCMP_ARCH_X86", token), rule("SCMP_ACT_ALLOW", List.of("read"))));
                int arch = name.equals("X32") ? X86_64 : Filters.architecture(token);
                assertEquals(
                        ERRNO | 1,
                        FilterMachine.run(filter, arch, 0x3fff | (name.equals("X32") ? 0x40000000 : 0)),
                        token);
                emitted++;
            } catch (Refused e) {
                assertEquals("seccomp-architecture", e.problem().code());
                assertEquals("/linux/seccomp/architectures/1", e.problem().pointer());
                assertEquals(token, e.problem().arguments().get("name"));
            }
        }
        // of the same order of bytes, in libseccomp 2.5
        assertTrue(emitted >= 10, () -> "only some of " + names);
    }

    @Test
    @Requirement("SEC-06")
    void listedArchitecturesMeetTheRulesAndOthersAreKilled() throws Refused {
        Seccomp.Syscall rule = rule("SCMP_ACT_ERRNO", List.of("mkdir"));
        Blob alone = filters.compile(seccomp("SCMP_ACT_ALLOW", List.of("SCMP_ARCH_X86_64"), rule));
        assertEquals(ERRNO | 1, FilterMachine.run(alone, X86_64, MKDIR));
        assertEquals(KILLED, FilterMachine.run(alone, I386, 39));
        assertEquals(KILLED, FilterMachine.run(alone, X86_64, 0x40000000 | MKDIR));
        Blob three = filters.compile(
                seccomp("SCMP_ACT_ALLOW", List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"), rule));
        assertEquals(ERRNO | 1, FilterMachine.run(three, X86_64, MKDIR));
        assertEquals(ERRNO | 1, FilterMachine.run(three, I386, 39));
        assertEquals(ERRNO | 1, FilterMachine.run(three, X86_64, 0x40000000 | MKDIR));
        assertEquals(ALLOW, FilterMachine.run(three, I386, 3));
        assertEquals(KILLED, FilterMachine.run(three, 0xc00000b7, 63));
    }

    @Test
    @Requirement("SEC-08")
    void aCallThatIsUnknownHereIsSkipped() throws Refused {
        assertEquals(
                filters.compile(seccomp("SCMP_ACT_ALLOW", List.of(), rule("SCMP_ACT_ERRNO", List.of("mkdir")))),
                filters.compile(seccomp(
                        "SCMP_ACT_ALLOW",
                        List.of(),
                        rule("SCMP_ACT_ERRNO", List.of("no_such_call", "mkdir", "arm_sync_file_range")))));
    }

    @Test
    void aRuleThatSaysWhatHoldsAnywayIsNoError() throws Refused {
        Blob filter = filters.compile(seccomp("SCMP_ACT_ALLOW", List.of(), rule("SCMP_ACT_ALLOW", List.of("read"))));
        assertEquals(ALLOW, FilterMachine.run(filter, X86_64, READ));
    }

    private static boolean holds(String op, long argument, long value, long second) {
        int order = Long.compareUnsigned(argument, value);
        return switch (op) {
            case "NE" -> order != 0;
            case "LT" -> order < 0;
            case "LE" -> order <= 0;
            case "EQ" -> order == 0;
            case "GE" -> order >= 0;
            case "GT" -> order > 0;
            default -> (argument & value) == second;
        };
    }

    @ParameterizedTest
    @Requirement("SEC-09")
    @CsvSource({"NE", "LT", "LE", "EQ", "GE", "GT", "MASKED_EQ"})
    void conditionsCompareAllSixtyFourBits(String op) throws Refused {
        List<Long> edges = List.of(
                0L,
                1L,
                0x7fffffffL,
                0x80000000L,
                0xffffffffL,
                0x100000000L,
                0x100000001L,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                -1L);
        Random random = new Random(7);
        for (int i = 0; i < 60; i++) {
            long value = i < edges.size() ? edges.get(i) : random.nextLong() >>> random.nextInt(64);
            long second = value & random.nextLong();
            int index = i % 6;
            Seccomp.Arg condition = new Seccomp.Arg(index, value, second, "SCMP_CMP_" + op);
            List<Long> tried = new ArrayList<>(edges);
            Collections.addAll(tried, value - 1, value, value + 1, value ^ 1L << 32, second, second | ~value);
            for (long argument : tried) {
                long[] args = new long[6];
                args[index] = argument;
                assertEquals(
                        holds(op, argument, value, second) ? ERRNO | 1 : ALLOW,
                        write(List.of(condition), args),
                        () -> Long.toHexString(argument) + " " + condition);
            }
        }
    }

    @Test
    @Requirement("SEC-09")
    void anArgumentThatNoCallHasIsRefused() {
        Refused refused = assertThrows(Refused.class, () -> write(List.of(new Seccomp.Arg(6, 1, 0, "SCMP_CMP_EQ"))));
        assertEquals("/linux/seccomp/syscalls/0", refused.problem().pointer());
        assertEquals(
                Map.of("call", "write", "errno", "EINVAL"), refused.problem().arguments());
    }

    @Test
    @Requirement("SEC-10")
    void conditionsOfOneEntryHoldTogetherAndThoseOfOneArgumentAreAlternatives() throws Refused {
        Seccomp.Arg one = new Seccomp.Arg(0, 1, 0, "SCMP_CMP_EQ");
        Seccomp.Arg two = new Seccomp.Arg(2, 2, 0, "SCMP_CMP_GE");
        assertEquals(ERRNO | 1, write(List.of(one, two), 1, 0, 2));
        assertEquals(ALLOW, write(List.of(one, two), 1, 0, 1));
        assertEquals(ALLOW, write(List.of(one, two), 2, 0, 2));
        Seccomp.Arg again = new Seccomp.Arg(0, 5, 0, "SCMP_CMP_EQ");
        assertEquals(ERRNO | 1, write(List.of(one, again), 1));
        assertEquals(ERRNO | 1, write(List.of(one, again), 5));
        assertEquals(ALLOW, write(List.of(one, again), 3));
        // and then none of the entry's conditions holds together with another
        assertEquals(ERRNO | 1, write(List.of(one, again, two), 3, 0, 2));
    }

    @Test
    @Requirement("SEC-10")
    void entriesForOneCallAreAlternatives() throws Refused {
        Blob filter = filters.compile(seccomp(
                "SCMP_ACT_ERRNO",
                List.of(),
                rule("SCMP_ACT_ALLOW", List.of("write"), new Seccomp.Arg(0, 1, 0, "SCMP_CMP_EQ")),
                rule("SCMP_ACT_ALLOW", List.of("write"), new Seccomp.Arg(0, 2, 0, "SCMP_CMP_EQ")),
                rule("SCMP_ACT_LOG", List.of("write"), new Seccomp.Arg(1, 3, 0, "SCMP_CMP_EQ"))));
        assertEquals(ALLOW, FilterMachine.run(filter, X86_64, WRITE, 1));
        assertEquals(ALLOW, FilterMachine.run(filter, X86_64, WRITE, 2));
        assertEquals(0x7ffc0000, FilterMachine.run(filter, X86_64, WRITE, 4, 3));
        assertEquals(ERRNO | 1, FilterMachine.run(filter, X86_64, WRITE, 4));
    }

    @Test
    void theSameRulesAreBuiltOnce() throws Refused {
        Seccomp seccomp = seccomp("SCMP_ACT_ERRNO", List.of(), rule("SCMP_ACT_ALLOW", List.of("read", "write")));
        assertSame(filters.compile(seccomp), filters.compile(seccomp));
    }

    private static Seccomp many(int count, boolean distinct) {
        Seccomp.Syscall[] rules = IntStream.range(0, count)
                .mapToObj(i -> rule(
                        "SCMP_ACT_ERRNO",
                        List.of("write"),
                        new Seccomp.Arg(0, distinct ? i * 0x100000001L : 7, 0, "SCMP_CMP_EQ")))
                .toArray(Seccomp.Syscall[]::new);
        return seccomp("SCMP_ACT_ALLOW", List.of(), rules);
    }

    @Test
    void whatNoKernelWouldLoadIsRefusedBeforeItCostsMuch() {
        Refused refused = assertTimeout(
                Duration.ofMinutes(1), () -> assertThrows(Refused.class, () -> filters.compile(many(100_000, true))));
        assertEquals("seccomp-too-large", refused.problem().code());
        assertDoesNotThrow(() -> filters.compile(many(100_000, false)));
        assertEquals(
                "seccomp-too-large",
                assertThrows(Refused.class, () -> filters.compile(many(2500, true)))
                        .problem()
                        .code());
    }

    /** Bytes that malloc has given out, see mallinfo2(3). */
    private static long allocated() {
        Function mallinfo = NativeLibrary.getInstance("c").getFunction("mallinfo2");
        Mallinfo info = (Mallinfo) mallinfo.invoke(Mallinfo.class, new Object[0]);
        return info.uordblks + info.hblkhd;
    }

    /** struct mallinfo2. */
    @Structure.FieldOrder({
        "arena",
        "ordblks",
        "smblks",
        "hblks",
        "hblkhd",
        "usmblks",
        "fsmblks",
        "uordblks",
        "fordblks",
        "keepcost"
    })
    public static final class Mallinfo extends Structure implements Structure.ByValue {
        public long arena;
        public long ordblks;
        public long smblks;
        public long hblks;
        public long hblkhd;
        public long usmblks;
        public long fsmblks;
        public long uordblks;
        public long fordblks;
        public long keepcost;
    }

    @Test
    void filtersThatAreMadeOrRefusedLeaveNoMemoryBehind() throws Refused {
        compileSome(50);
        long before = allocated();
        compileSome(300);
        long grown = allocated() - before;
        assertTrue(grown < 4 << 20, () -> grown + " bytes of 300 filters stay");
    }

    private static void compileSome(int count) throws Refused {
        Filters fresh = new Filters();
        for (int i = 0; i < count; i++) {
            var _ = fresh.compile(seccomp(
                    "SCMP_ACT_ERRNO",
                    List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"),
                    rule("SCMP_ACT_ALLOW", List.of("read", "close", "mkdir", "rmdir", "openat", "futex", "execve")),
                    rule("SCMP_ACT_ALLOW", List.of("write"), new Seccomp.Arg(0, i, 0, "SCMP_CMP_EQ"))));
            int wrong = i;
            assertThrows(
                    Refused.class,
                    () -> fresh.compile(seccomp(
                            "SCMP_ACT_ALLOW",
                            List.of("SCMP_ARCH_X86"),
                            rule("SCMP_ACT_ERRNO", List.of("read", "close")),
                            rule("SCMP_ACT_ERRNO", List.of("write"), new Seccomp.Arg(6, wrong, 0, "SCMP_CMP_EQ")))));
        }
    }
}
