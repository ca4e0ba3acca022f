package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slipway.model.plan.CgroupOp.WriteCgroupFile;
import org.slipway.model.plan.DeviceRules.Rule;
import org.slipway.model.test.Requirement;

/** The lines written to devices.allow and devices.deny mean what the rules mean, as the kernel would take them. */
class DeviceLinesTest {

    @Test
    @Requirement("CGD-04")
    void defaultDevicesAreAllowedAfterEverythingIsDenied() {
        Plan create = Plans.ready(
                        Specs.minimal("{'linux':{'resources':{'devices':[{'allow':false,'access':'rwm'}]}}}"),
                        HostFacts.hybrid())
                .create();
        assertEquals(
                List.of(
                        "deny a",
                        "allow c *:* m",
                        "allow b *:* m",
                        "allow c 1:3 rwm",
                        "allow c 1:5 rwm",
                        "allow c 1:7 rwm",
                        "allow c 1:8 rwm",
                        "allow c 1:9 rwm",
                        "allow c 5:0 rwm",
                        "allow c 5:1 rwm",
                        "allow c 5:2 rwm",
                        "allow c 136:* rwm"),
                written(create.steps().stream().map(Step::op)));
    }

    @Test
    @Requirement("CGD-01")
    void aRuleThatPiercesABroaderOneIsAProblem() {
        assertEquals(
                List.of(new PlanProblem("device-rule-pierces", "/linux/resources/devices/1", Map.of())),
                Plans.problems(Specs.minimal("""
                        {'linux':{'resources':{'devices':[{'allow':true,'type':'c','major':10},
                                                          {'allow':false,'type':'c','major':10,'minor':200}]}}}"""), HostFacts.hybrid()));
    }

    @Test
    @Requirement({"CGD-02", "CGD-03"})
    void whateverCanBeSaidMeansTheSame() {
        Random random = new Random(11);
        int said = 0;
        for (int round = 0; round < 3000; round++) {
            List<Rule> rules = new ArrayList<>(DeviceProgramTest.randomRules(random));
            rules.addFirst(new Rule(
                    false,
                    'a',
                    java.util.Optional.empty(),
                    java.util.Optional.empty(),
                    DeviceRules.ALL,
                    new Origin.Default("x")));
            Compilation c = new Compilation(
                    PlanRequest.explain(Specs.parse(Specs.minimal("{}")), "/bundle", "web", HostFacts.hybrid()));
            List<Draft> lines = DeviceLines.of(c, "/d", rules);
            if (!c.problems.isEmpty()) {
                continue;
            }
            said++;
            Kernel kernel = new Kernel();
            written(lines.stream().map(Draft::op)).forEach(kernel::write);
            for (int probe = 0; probe < 30; probe++) {
                char type = random.nextBoolean() ? 'b' : 'c';
                int major = random.nextInt(3);
                int minor = random.nextInt(3);
                int letter = 1 << random.nextInt(3);
                assertEquals(
                        DeviceProgramTest.meaning(rules, type, major, minor, letter),
                        kernel.allows(type, major, minor, letter),
                        () -> rules + " " + lines);
            }
        }
        assertTrue(said > 1000, "only " + said + " lists could be said");
    }

    private static List<String> written(Stream<Op> ops) {
        return ops.filter(WriteCgroupFile.class::isInstance)
                .map(WriteCgroupFile.class::cast)
                .filter(write -> write.file().contains("/devices."))
                .map(write -> write.file().substring(write.file().lastIndexOf('.') + 1) + " " + write.value())
                .toList();
    }

    /** One cgroup as security/device_cgroup.c keeps it: a default and exceptions, taken back only by the same type and numbers. */
    private static final class Kernel {

        private boolean allow = true;
        private final Map<String, Integer> exceptions = new HashMap<>();

        void write(String line) {
            boolean allowing = line.startsWith("allow ");
            String[] words = line.split(" ", -1);
            if (words[1].equals("a")) {
                allow = allowing;
                exceptions.clear();
                return;
            }
            String device = words[1] + " " + words[2];
            int access = DeviceRules.access(words[3]);
            if (allowing == allow) {
                exceptions.computeIfPresent(device, (key, had) -> (had & ~access) == 0 ? null : had & ~access);
            } else {
                exceptions.merge(device, access, (had, more) -> had | more);
            }
        }

        boolean allows(char type, int major, int minor, int letter) {
            boolean exception = Stream.of("*:*", major + ":*", "*:" + minor, major + ":" + minor)
                    .anyMatch(numbers -> (exceptions.getOrDefault(type + " " + numbers, 0) & letter) != 0);
            return allow != exception;
        }
    }
}
