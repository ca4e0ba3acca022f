package org.slipway.helper.seccomp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.libc.Descriptors;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.LibSeccomp;
import org.slipway.model.plan.Blob;
import org.slipway.model.plan.SeccompCompiler;
import org.slipway.model.spec.Seccomp;

/**
 * Makes filters by libseccomp, and remembers the last ones: building one of several hundred rules takes milliseconds, and most
 * containers of a machine have the same.
 */
public final class Filters implements SeccompCompiler {

    private static final Logger LOG = LoggerFactory.getLogger(Filters.class);
    private static final int REMEMBERED = 16;
    private static final int INSTRUCTION = 8;
    /** Larger configurations are not kept: what a caller sends must not fill the memory of the helper. */
    private static final int LARGEST_REMEMBERED = 4096;

    private static final int EPERM = 1;

    private static final Map<String, Integer> ACTIONS = Map.of(
            "SCMP_ACT_KILL", 0,
            "SCMP_ACT_KILL_THREAD", 0,
            "SCMP_ACT_KILL_PROCESS", 0x80000000,
            "SCMP_ACT_TRAP", 0x00030000,
            "SCMP_ACT_ERRNO", 0x00050000,
            "SCMP_ACT_NOTIFY", 0x7fc00000,
            "SCMP_ACT_TRACE", 0x7ff00000,
            "SCMP_ACT_LOG", 0x7ffc0000,
            "SCMP_ACT_ALLOW", 0x7fff0000);

    private static final Map<String, Integer> OPERATORS = Map.of(
            "SCMP_CMP_NE", 1,
            "SCMP_CMP_LT", 2,
            "SCMP_CMP_LE", 3,
            "SCMP_CMP_EQ", 4,
            "SCMP_CMP_GE", 5,
            "SCMP_CMP_GT", 6,
            "SCMP_CMP_MASKED_EQ", 7);

    /** SCMP_ARCH_… tokens: the kernel's AUDIT_ARCH_… numbers. */
    private static final Map<String, Integer> ARCHITECTURES = Map.ofEntries(
            Map.entry("SCMP_ARCH_X86", 0x40000003),
            Map.entry("SCMP_ARCH_X86_64", 0xc000003e),
            Map.entry("SCMP_ARCH_X32", 0x4000003e),
            Map.entry("SCMP_ARCH_ARM", 0x40000028),
            Map.entry("SCMP_ARCH_AARCH64", 0xc00000b7),
            Map.entry("SCMP_ARCH_LOONGARCH64", 0xc0000102),
            Map.entry("SCMP_ARCH_M68K", 0x4),
            Map.entry("SCMP_ARCH_MIPS", 0x8),
            Map.entry("SCMP_ARCH_MIPS64", 0x80000008),
            Map.entry("SCMP_ARCH_MIPS64N32", 0xa0000008),
            Map.entry("SCMP_ARCH_MIPSEL", 0x40000008),
            Map.entry("SCMP_ARCH_MIPSEL64", 0xc0000008),
            Map.entry("SCMP_ARCH_MIPSEL64N32", 0xe0000008),
            Map.entry("SCMP_ARCH_PARISC", 0xf),
            Map.entry("SCMP_ARCH_PARISC64", 0x8000000f),
            Map.entry("SCMP_ARCH_PPC", 0x14),
            Map.entry("SCMP_ARCH_PPC64", 0x80000015),
            Map.entry("SCMP_ARCH_PPC64LE", 0xc0000015),
            Map.entry("SCMP_ARCH_RISCV64", 0xc00000f3),
            Map.entry("SCMP_ARCH_S390", 0x16),
            Map.entry("SCMP_ARCH_S390X", 0x80000016),
            Map.entry("SCMP_ARCH_SH", 0x4000002a),
            Map.entry("SCMP_ARCH_SHEB", 0x2a));

    private final Map<Seccomp, Blob> remembered = new LinkedHashMap<>(REMEMBERED, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Seccomp, Blob> eldest) {
            return size() > REMEMBERED;
        }
    };

    @Override
    public Blob compile(Seccomp seccomp) throws Refused {
        synchronized (remembered) {
            Blob known = remembered.get(seccomp);
            if (known != null) {
                return known;
            }
        }
        Blob filter = build(seccomp);
        if (size(seccomp) <= LARGEST_REMEMBERED) {
            synchronized (remembered) {
                remembered.put(seccomp, filter);
            }
        }
        return filter;
    }

    private static int size(Seccomp seccomp) {
        return seccomp.syscalls().stream()
                .mapToInt(rule -> rule.names().size() + rule.args().size())
                .sum();
    }

    private static Blob build(Seccomp seccomp) throws Refused {
        int byDefault = action(seccomp.defaultAction(), seccomp.defaultErrnoRet());
        try (LibSeccomp filter = LibSeccomp.of(byDefault);
                Fd memory = Descriptors.memory("seccomp", false)) {
            architectures(filter, seccomp.architectures());
            new RuleSet(filter, byDefault).add(seccomp.syscalls());
            filter.export(memory);
            byte[] program = Files.readAllBytes(Path.of("/proc/self/fd/" + memory.number()));
            if (program.length > INSTRUCTION * MOST_INSTRUCTIONS) {
                throw Refused.tooLarge();
            }
            return Blob.of(program);
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            LOG.debug("no filters: {}", e.toString());
            throw Refused.missing();
        } catch (IOException e) {
            throw Refused.whole(String.valueOf(e.getMessage()));
        }
    }

    private static void architectures(LibSeccomp filter, List<String> names) throws Refused {
        for (int i = 0; i < names.size(); i++) {
            try {
                filter.architecture(architecture(names.get(i)));
            } catch (ErrnoException e) {
                throw Refused.architecture(i, names.get(i), e.errno().name());
            }
        }
    }

    static int action(String name, Optional<Long> errno) {
        int action = known(ACTIONS, name, "action");
        boolean carries = name.equals("SCMP_ACT_ERRNO") || name.equals("SCMP_ACT_TRACE");
        return carries ? action | (errno.map(Long::intValue).orElse(EPERM) & 0xffff) : action;
    }

    static int architecture(String name) {
        return known(ARCHITECTURES, name, "architecture");
    }

    static int operator(String name) {
        return known(OPERATORS, name, "operator");
    }

    /** The rules of the configuration know no other words. */
    private static int known(Map<String, Integer> words, String name, String what) {
        @Nullable Integer number = words.get(name);
        if (number == null) {
            throw new IllegalArgumentException("unknown " + what + " '" + name + "'");
        }
        return number;
    }
}
