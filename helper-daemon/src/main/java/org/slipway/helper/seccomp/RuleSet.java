package org.slipway.helper.seccomp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.LibSeccomp;
import org.slipway.helper.libc.LibSeccomp.Condition;
import org.slipway.model.plan.SeccompCompiler;
import org.slipway.model.plan.SeccompCompiler.Refused;
import org.slipway.model.spec.Seccomp;

/**
 * The rules of one filter. Each is given to libseccomp once, and only as many as the largest filter has instructions: a rule with a condition
 * takes at least one, and the library's time grows with the square of their number.
 */
final class RuleSet {

    private static final Logger LOG = LoggerFactory.getLogger(RuleSet.class);

    /** What a rule is about; of two for the same the first counts, as in libseccomp. */
    private record Case(int call, List<Condition> conditions) {}

    private final LibSeccomp filter;
    private final int byDefault;
    private final Map<String, Integer> calls = new HashMap<>();
    private final Set<Case> cases = new HashSet<>();
    private final Set<String> unknown = new HashSet<>();
    private int conditional;

    RuleSet(LibSeccomp filter, int byDefault) {
        this.filter = filter;
        this.byDefault = byDefault;
    }

    void add(List<Seccomp.Syscall> rules) throws Refused {
        for (int i = 0; i < rules.size(); i++) {
            Seccomp.Syscall rule = rules.get(i);
            int action = Filters.action(rule.action(), rule.errnoRet());
            if (action == byDefault) {
                continue; // libseccomp refuses rules that say what holds anyway
            }
            List<List<Condition>> alternatives = alternatives(rule.args());
            for (String name : rule.names()) {
                int call = calls.computeIfAbsent(name, LibSeccomp::call);
                if (call == LibSeccomp.UNKNOWN) {
                    unknown.add(name);
                    continue;
                }
                for (List<Condition> conditions : alternatives) {
                    one(i, name, action, new Case(call, conditions));
                }
            }
        }
        if (!unknown.isEmpty()) {
            LOG.debug("the filter skips {} system calls unknown here: {}", unknown.size(), some(unknown));
        }
    }

    private void one(int index, String name, int action, Case wanted) throws Refused {
        if (!cases.add(wanted)) {
            return;
        }
        if (!wanted.conditions().isEmpty() && ++conditional > SeccompCompiler.MOST_INSTRUCTIONS) {
            throw Refused.tooLarge();
        }
        try {
            filter.rule(action, wanted.call(), wanted.conditions());
        } catch (ErrnoException e) {
            throw Refused.rule(index, name, e.errno().name());
        }
    }

    private static List<String> some(Set<String> names) {
        return names.stream().sorted().limit(20).toList();
    }

    /**
     * All conditions of a rule hold together; only where two of them name the same argument, which libseccomp cannot express, each
     * condition is an alternative of its own, as the other runtimes have it.
     */
    private static List<List<Condition>> alternatives(List<Seccomp.Arg> args) {
        List<Condition> all = new ArrayList<>();
        Set<Integer> indexes = new HashSet<>();
        boolean twice = false;
        for (Seccomp.Arg arg : args) {
            all.add(new Condition(arg.index(), Filters.operator(arg.op()), arg.value(), arg.valueTwo()));
            twice |= !indexes.add(arg.index());
        }
        return twice ? all.stream().map(List::of).toList() : List.of(all);
    }
}
