package org.slipway.helper.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slipway.model.spec.Seccomp;
import org.slipway.model.test.Requirement;

class FiltersTest {

    private final Filters filters = new Filters();

    private static Seccomp seccomp(String action, List<String> architectures, Seccomp.Syscall... rules) {
        return new Seccomp(
                action, Optional.empty(), architectures, List.of(), Optional.empty(), Optional.empty(), List.of(rules));
    }

    private static Seccomp.Syscall rule(String action, List<String> names, Seccomp.Arg... args) {
        return new Seccomp.Syscall(names, action, Optional.empty(), List.of(args));
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
    void anArgumentThatNoCallHasIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> filters.compile(seccomp(
                        "SCMP_ACT_ALLOW",
                        List.of(),
                        rule("SCMP_ACT_ERRNO", List.of("read"), new Seccomp.Arg(6, 1, 0, "SCMP_CMP_EQ")))));
    }

    @Test
    @Requirement("SEC-08")
    void aCallThatIsUnknownHereIsSkipped() {
        assertEquals(
                filters.compile(seccomp("SCMP_ACT_ALLOW", List.of(), rule("SCMP_ACT_ERRNO", List.of("mkdir")))),
                filters.compile(seccomp(
                        "SCMP_ACT_ALLOW", List.of(), rule("SCMP_ACT_ERRNO", List.of("no_such_call", "mkdir")))));
    }

    @Test
    void aRuleThatSaysWhatHoldsAnywayIsNoError() {
        assertTrue(filters.compile(seccomp("SCMP_ACT_ALLOW", List.of(), rule("SCMP_ACT_ALLOW", List.of("read"))))
                        .size()
                > 0);
    }

    @Test
    @Requirement("SEC-09")
    void aConditionChangesTheProgram() {
        assertNotEquals(
                filters.compile(seccomp("SCMP_ACT_ALLOW", List.of(), rule("SCMP_ACT_ERRNO", List.of("personality")))),
                filters.compile(seccomp(
                        "SCMP_ACT_ALLOW",
                        List.of(),
                        rule("SCMP_ACT_ERRNO", List.of("personality"), new Seccomp.Arg(0, 8, 0, "SCMP_CMP_NE")))));
    }

    @Test
    void theSameRulesAreBuiltOnce() {
        Seccomp seccomp = seccomp("SCMP_ACT_ERRNO", List.of(), rule("SCMP_ACT_ALLOW", List.of("read", "write")));
        assertSame(filters.compile(seccomp), filters.compile(seccomp));
    }
}
