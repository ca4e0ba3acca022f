package org.slipway.model.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What became of a configuration. */
public sealed interface Compiled {

    /**
     * The plans for it.
     *
     * @param start absent when the configuration has no {@code process}
     * @param cgroups the directories that are the container's own, one a hierarchy
     * @param killable the one of them through which all its processes can be killed
     * @param freezer the one of them, on v1, in which they can be frozen
     */
    record Ready(
            Plan create,
            Optional<Plan> start,
            List<String> cgroups,
            Optional<String> killable,
            Optional<String> freezer)
            implements Compiled {
        public Ready {
            cgroups = List.copyOf(cgroups);
        }

        /** The plans in the order in which they run. */
        public List<Plan> all() {
            return Stream.concat(Stream.of(create), start.stream()).toList();
        }

        @Override
        public List<PlanProblem> problems() {
            return List.of();
        }
    }

    /** What stands against it on this machine; what its text says wrong is found before. */
    List<PlanProblem> problems();

    /** All that stands against it. */
    record Refused(List<PlanProblem> problems) implements Compiled {
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
