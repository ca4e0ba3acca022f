package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slipway.model.plan.CgroupOp.AttachDeviceFilter;
import org.slipway.model.plan.DeviceRules.Rule;
import org.slipway.model.test.Requirement;

/** The eBPF program decides as the rules do, run by a small interpreter. */
class DeviceProgramTest {

    @Test
    @Requirement({"CGD-01", "CGD-02"})
    void laterRulesOverrideForEachLetter() {
        String config = Specs.minimal("""
                {'linux':{'resources':{'devices':[
                    {'allow':true},
                    {'allow':false,'type':'c','major':10},
                    {'allow':true,'type':'c','major':10,'minor':200,'access':'r'}]}}}""");
        Blob program = program(config);
        assertTrue(allows(program, 'b', 8, 0, "rwm"));
        assertTrue(allows(program, 'c', 10, 200, "r"));
        assertEquals(false, allows(program, 'c', 10, 200, "w"));
        assertEquals(false, allows(program, 'c', 10, 200, "rw"));
        assertEquals(false, allows(program, 'c', 10, 201, "r"));
    }

    @Test
    @Requirement({"CGD-04", "DEV-08"})
    void defaultDevicesAndTerminalsStayUsableWhenAllIsDenied() {
        Blob program = program(Specs.minimal("{'linux':{'resources':{'devices':[{'allow':false,'access':'rwm'}]}}}"));
        int[][] usable = {{1, 3}, {1, 5}, {1, 7}, {1, 8}, {1, 9}, {5, 0}, {5, 2}, {136, 0}, {136, 77}};
        for (int[] device : usable) {
            assertTrue(allows(program, 'c', device[0], device[1], "rw"), device[0] + ":" + device[1]);
        }
        assertEquals(false, allows(program, 'c', 1, 1, "r"));
        assertEquals(false, allows(program, 'b', 8, 0, "r"));
    }

    @Test
    @Requirement("DEV-13")
    void withoutRulesOnlyDefaultAndListedDevicesAreUsable() {
        Blob program = program(
                Specs.minimal("{'linux':{'devices':[{'path':'/dev/fuse','type':'c','major':10,'minor':229}]}}"));
        assertTrue(allows(program, 'c', 10, 229, "rw"));
        assertTrue(allows(program, 'c', 1, 3, "rw"));
        assertEquals(false, allows(program, 'c', 10, 228, "r"));
    }

    @Test
    @Requirement("CGD-03")
    void anyListOfRulesMeansWhatItsLinesMean() {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            List<Rule> rules = randomRules(random);
            Blob program = DeviceProgram.compile(rules);
            for (int probe = 0; probe < 40; probe++) {
                char type = random.nextBoolean() ? 'b' : 'c';
                int major = random.nextInt(3);
                int minor = random.nextInt(3);
                int access = 1 + random.nextInt(7);
                assertEquals(
                        meaning(rules, type, major, minor, access),
                        run(program, type, major, minor, access) == 1,
                        () -> rules + " " + type + " " + major + ":" + minor + " " + DeviceRules.letters(access));
            }
        }
    }

    static List<Rule> randomRules(Random random) {
        List<Rule> rules = new ArrayList<>();
        for (int i = random.nextInt(7); i >= 0; i--) {
            rules.add(new Rule(
                    random.nextBoolean(),
                    "aabbcc".charAt(random.nextInt(6)),
                    number(random),
                    number(random),
                    random.nextInt(3) == 0 ? DeviceRules.ALL : 1 + random.nextInt(7),
                    new Origin.Field("/linux/resources/devices/" + rules.size())));
        }
        return rules;
    }

    private static Optional<Long> number(Random random) {
        return random.nextBoolean() ? Optional.empty() : Optional.of((long) random.nextInt(3));
    }

    /** For each letter the last rule that names it decides; one that no rule names is denied. */
    static boolean meaning(List<Rule> rules, char type, int major, int minor, int access) {
        for (int letter = 1; letter <= 4; letter <<= 1) {
            int asked = letter;
            Optional<Rule> last = rules.reversed().stream()
                    .filter(rule -> rule.type() == 'a' || rule.type() == type)
                    .filter(rule -> rule.major().orElse((long) major) == major)
                    .filter(rule -> rule.minor().orElse((long) minor) == minor)
                    .filter(rule -> (rule.access() & asked) != 0)
                    .findFirst();
            if ((access & letter) != 0 && last.filter(Rule::allow).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static Blob program(String config) {
        return Plans.ops(Plans.create(config), AttachDeviceFilter.class)
                .getFirst()
                .program();
    }

    private static boolean allows(Blob program, char type, int major, int minor, String letters) {
        return run(program, type, major, minor, DeviceRules.access(letters)) == 1;
    }

    /** Runs the few instructions that such programs consist of; jumps go forward only, and every instruction can be reached. */
    private static long run(Blob program, char type, int major, int minor, int access) {
        ByteBuffer code = ByteBuffer.wrap(program.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        int[] context = {access << 16 | (type == 'b' ? 1 : 2), major, minor};
        long[] register = new long[11];
        int place = 0;
        while (true) {
            code.position(place * 8);
            int opcode = Byte.toUnsignedInt(code.get());
            int registers = Byte.toUnsignedInt(code.get());
            int to = registers & 15;
            int from = registers >> 4;
            int offset = code.getShort();
            int constant = code.getInt();
            place++;
            switch (opcode) {
                case 0x61 -> register[to] = Integer.toUnsignedLong(context[offset / 4]);
                case 0xbf -> register[to] = register[from];
                case 0xb7 -> register[to] = constant;
                case 0x54 -> register[to] = Integer.toUnsignedLong((int) register[to] & constant);
                case 0x74 -> register[to] = Integer.toUnsignedLong((int) register[to] >>> constant);
                case 0x55 -> place += register[to] != constant ? offset : 0;
                case 0x45 -> place += (register[to] & constant) != 0 ? offset : 0;
                case 0x05 -> place += offset;
                case 0x95 -> {
                    return register[0];
                }
                default -> throw new AssertionError("opcode " + Integer.toHexString(opcode));
            }
            assertTrue(offset >= 0, "jumps back");
        }
    }
}
