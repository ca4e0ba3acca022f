package org.slipway.model.plan;

import java.util.Map;
import org.slipway.model.spec.Seccomp;

/** Makes a filter program out of a configuration's rules. */
@FunctionalInterface
public interface SeccompCompiler {

    /** For a plan that is only shown where no filter can be made: the step is there, without instructions. */
    SeccompCompiler NONE = seccomp -> Blob.EMPTY;

    /** Instructions of the largest filter that the kernel loads (BPF_MAXINSNS). */
    int MOST_INSTRUCTIONS = 4096;

    /** The filter as {@code struct sock_filter[]}. */
    Blob compile(Seccomp seccomp) throws Refused;

    /** Something that the configuration asks of a filter and that none can do here. */
    final class Refused extends Exception {

        private final transient PlanProblem problem;

        private Refused(PlanProblem problem) {
            super(problem.toString());
            this.problem = problem;
        }

        /** An architecture for which no filter can be made on this machine. */
        public static Refused architecture(int index, String name, String errno) {
            return new Refused(new PlanProblem(
                    "seccomp-architecture",
                    "/linux/seccomp/architectures/" + index,
                    Map.of("name", name, "errno", errno)));
        }

        /** A rule that the library does not take. */
        public static Refused rule(int index, String call, String errno) {
            return new Refused(new PlanProblem(
                    "seccomp-rule", "/linux/seccomp/syscalls/" + index, Map.of("call", call, "errno", errno)));
        }

        /** The kernel would not load so long a filter. */
        public static Refused tooLarge() {
            return new Refused(new PlanProblem(
                    "seccomp-too-large", "/linux/seccomp/syscalls", Map.of("most", "" + MOST_INSTRUCTIONS)));
        }

        /** The library is not there. */
        public static Refused missing() {
            return new Refused(new PlanProblem("seccomp-missing", "/linux/seccomp", Map.of()));
        }

        /** No filter at all, for a reason that is nobody's rule. */
        public static Refused whole(String reason) {
            return new Refused(new PlanProblem("seccomp", "/linux/seccomp", Map.of("reason", reason)));
        }

        /** What stands against the plan. */
        public PlanProblem problem() {
            return problem;
        }
    }
}
