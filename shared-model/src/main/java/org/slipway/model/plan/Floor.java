package org.slipway.model.plan;

import java.util.List;
import java.util.Optional;
import org.slipway.model.spec.Seccomp;
import org.slipway.model.spec.Seccomp.Arg;
import org.slipway.model.spec.Seccomp.Syscall;

/**
 * The filter that every confined container has, whatever its configuration says: what of the kernel is reached from a user namespace and
 * has been its weak side, and typing into somebody's terminal. Everything else is allowed here; the configuration's own filter comes on top.
 */
final class Floor {

    private static final long EPERM = 1;
    private static final long ENOSYS = 38;
    private static final long TIOCSTI = 0x5412;
    private static final long TIOCLINUX = 0x541C;
    private static final long LOW_32_BITS = 0xffffffffL;

    private Floor() {}

    static Seccomp filter(String machine) {
        return new Seccomp(
                "SCMP_ACT_ALLOW",
                Optional.empty(),
                architectures(machine),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                List.of(
                        refused(
                                EPERM,
                                "bpf",
                                "userfaultfd",
                                "keyctl",
                                "add_key",
                                "request_key",
                                "io_uring_setup",
                                "io_uring_enter",
                                "io_uring_register"),
                        // its flags lie in memory, where no filter can look; programs fall back to clone
                        refused(ENOSYS, "clone3"),
                        when("unshare", 0, NamespaceOp.NEWUSER, NamespaceOp.NEWUSER),
                        when("clone", machine.equals("s390x") ? 1 : 0, NamespaceOp.NEWUSER, NamespaceOp.NEWUSER),
                        when("ioctl", 1, LOW_32_BITS, TIOCSTI),
                        when("ioctl", 1, LOW_32_BITS, TIOCLINUX)));
    }

    /** All architectures whose calls the machine's kernel takes: one that is missing would be a way around. */
    private static List<String> architectures(String machine) {
        return switch (machine) {
            case "x86_64" -> List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");
            case "aarch64" -> List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM");
            default -> List.of(); // the machine's own; calls of any other end the process
        };
    }

    private static Syscall refused(long errno, String... names) {
        return new Syscall(List.of(names), "SCMP_ACT_ERRNO", Optional.of(errno), List.of());
    }

    private static Syscall when(String name, int argument, long mask, long value) {
        return new Syscall(
                List.of(name),
                "SCMP_ACT_ERRNO",
                Optional.of(EPERM),
                List.of(new Arg(argument, mask, value, "SCMP_CMP_MASKED_EQ")));
    }
}
