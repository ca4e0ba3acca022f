package org.slipway.model.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.model.plan.CgroupOp.WriteCgroupFile;
import org.slipway.model.plan.DeviceRules.Rule;

/**
 * Device rules as writes to {@code devices.allow} and {@code devices.deny} (cgroup v1).
 *
 * <p>The kernel keeps one default and a list of exceptions to it; taking an exception back needs exactly its type and numbers. So the list is
 * followed here, and a rule that would pierce a broader exception is a problem: v1 cannot say it.
 */
final class DeviceLines {

    private final Compilation c;
    private final String directory;
    private final List<Draft> steps = new ArrayList<>();
    private final List<Rule> exceptions = new ArrayList<>();
    private boolean defaultAllows;

    private DeviceLines(Compilation c, String directory) {
        this.c = c;
        this.directory = directory;
    }

    static List<Draft> of(Compilation c, String directory, List<Rule> rules) {
        DeviceLines lines = new DeviceLines(c, directory);
        for (Rule rule : rules) {
            for (Rule single : lines.split(rule)) {
                lines.add(single);
            }
        }
        return lines.steps;
    }

    /**
     * From one list of rules to another on a cgroup that lives: what both allow is allowed all the time. Only where the default itself changes
     * is all said anew.
     */
    static List<Draft> change(Compilation c, String directory, List<Rule> before, List<Rule> after) {
        DeviceLines old = new DeviceLines(c, directory);
        DeviceLines next = new DeviceLines(c, directory);
        before.forEach(rule -> old.split(rule).forEach(old::add));
        after.forEach(rule -> next.split(rule).forEach(next::add));
        if (old.defaultAllows != next.defaultAllows) {
            return anew(old.steps, next.steps);
        }
        boolean adds = !next.defaultAllows; // exceptions to a default that denies are allowed
        List<Draft> steps = new ArrayList<>();
        List<String> kept = lines(next.exceptions);
        List<String> had = lines(old.exceptions);
        // the kernel keeps one line for a device: what is taken back there is what stays, too, and comes back last
        old.exceptions.stream()
                .filter(rule -> next.exceptions.stream().anyMatch(other -> sameDevice(rule, other)))
                .forEach(rule -> steps.add(again(directory, rule, adds)
                        .undoneBy(again(directory, rule, adds).op())));
        next.exceptions.stream()
                .filter(rule -> !had.contains(rule.line()))
                .forEach(rule -> steps.add(toggle(directory, rule, adds)));
        old.exceptions.stream()
                .filter(rule -> !kept.contains(rule.line()))
                .forEach(rule -> steps.add(toggle(directory, rule, !adds)));
        next.exceptions.stream()
                .filter(rule -> old.exceptions.stream().anyMatch(other -> sameDevice(rule, other)))
                .forEach(rule -> steps.add(again(directory, rule, adds)));
        return steps;
    }

    private static boolean sameDevice(Rule one, Rule other) {
        return one.type() == other.type()
                && one.major().equals(other.major())
                && one.minor().equals(other.minor())
                && one.access() != other.access();
    }

    private static Draft again(String directory, Rule rule, boolean allow) {
        return Draft.helper(Phase.LIVE, at(rule), new WriteCgroupFile(directory + file(allow), rule.line()));
    }

    private static List<Draft> anew(List<Draft> old, List<Draft> next) {
        List<Draft> steps = new ArrayList<>();
        for (int i = 0; i < next.size(); i++) {
            Draft draft =
                    Draft.helper(Phase.LIVE, next.get(i).origin(), next.get(i).op());
            steps.add(draft);
        }
        // undone as a whole: the first line of a list takes back all that was said before
        for (int i = 0; i < Math.min(old.size(), steps.size()); i++) {
            steps.set(
                    steps.size() - 1 - i,
                    steps.get(steps.size() - 1 - i).undoneBy(old.get(i).op()));
        }
        return steps;
    }

    private static List<String> lines(List<Rule> rules) {
        return rules.stream().map(Rule::line).toList();
    }

    private static Draft toggle(String directory, Rule rule, boolean allow) {
        return Draft.helper(Phase.LIVE, at(rule), new WriteCgroupFile(directory + file(allow), rule.line()))
                .undoneBy(new WriteCgroupFile(directory + file(!allow), rule.line()));
    }

    private static Origin at(Rule rule) {
        return rule.origin() instanceof Origin.Field ? rule.origin() : Draft.field("/linux/resources/devices");
    }

    private static String file(boolean allow) {
        return allow ? "/devices.allow" : "/devices.deny";
    }

    /** The kernel reads any rule of type {@code a} as one about everything. */
    private List<Rule> split(Rule rule) {
        if (rule.type() != 'a' || rule.isEverything()) {
            return List.of(rule);
        }
        return List.of(of('b', rule), of('c', rule));
    }

    private static Rule of(char type, Rule rule) {
        return new Rule(rule.allow(), type, rule.major(), rule.minor(), rule.access(), rule.origin());
    }

    private void add(Rule rule) {
        if (rule.isEverything()) {
            steps.clear(); // it takes back all that was said before
            exceptions.clear();
            defaultAllows = rule.allow();
            write(rule, "a");
        } else if (rule.allow() != defaultAllows) {
            exceptions.add(rule);
            write(rule, rule.line());
        } else {
            takeBack(rule);
        }
    }

    private void takeBack(Rule rule) {
        for (int i = 0; i < exceptions.size(); i++) {
            Rule exception = exceptions.get(i);
            int common = exception.access() & rule.access();
            if (common == 0 || exception.type() != rule.type()) {
                continue;
            }
            if (covers(rule.major(), exception.major()) && covers(rule.minor(), exception.minor())) {
                Rule part = withAccess(exception, common);
                write(rule, part.line());
                exceptions.set(i, withAccess(exception, exception.access() & ~common));
            } else if (overlaps(rule.major(), exception.major()) && overlaps(rule.minor(), exception.minor())) {
                c.problem(
                        "device-rule-pierces",
                        rule.origin() instanceof Origin.Field(String pointer) ? pointer : "/linux/resources/devices");
            }
        }
        exceptions.removeIf(exception -> exception.access() == 0);
    }

    private static Rule withAccess(Rule rule, int access) {
        return new Rule(rule.allow(), rule.type(), rule.major(), rule.minor(), access, rule.origin());
    }

    private static boolean covers(Optional<Long> whole, Optional<Long> part) {
        return whole.isEmpty() || whole.equals(part);
    }

    private static boolean overlaps(Optional<Long> one, Optional<Long> other) {
        return one.isEmpty() || other.isEmpty() || one.equals(other);
    }

    private void write(Rule because, String line) {
        String file = directory + (because.allow() ? "/devices.allow" : "/devices.deny");
        steps.add(Draft.helper(Phase.CGROUP, because.origin(), new WriteCgroupFile(file, line)));
    }
}
