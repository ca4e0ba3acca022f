package org.slipway.helper.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.store.Folder;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.trace.StepRecord;
import org.slipway.model.trace.StepRecord.Result;

/** What the last launcher that entered a container has left behind about its steps. */
public final class Visited {

    private static final Logger LOG = LoggerFactory.getLogger(Visited.class);

    private Visited() {}

    /** The indexes of those that it has done; none if nothing can be read. */
    public static Set<Integer> steps(Folder folder) {
        Path page = folder.file("visit").resolve("page");
        try {
            return Files.exists(page)
                    ? Visit.records(page, PlanKind.UPDATE).stream()
                            .filter(record -> record.result() == Result.OK)
                            .map(StepRecord::step)
                            .collect(Collectors.toSet())
                    : Set.of();
        } catch (IOException e) {
            LOG.warn("what was changed inside can't be told, continuing: {}", e.toString());
            return Set.of();
        }
    }

    /** Forgets it, before another plan is begun. */
    public static void forget(Folder folder) throws IOException {
        Files.deleteIfExists(folder.file("visit").resolve("page"));
    }
}
