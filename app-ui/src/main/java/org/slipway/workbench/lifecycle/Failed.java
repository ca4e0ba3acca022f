package org.slipway.workbench.lifecycle;

import java.util.Optional;
import org.slipway.model.wire.Problem;

/**
 * What went wrong, pinned until it is dismissed or another attempt is made.
 *
 * @param verb what was tried: {@code create}, {@code start} …
 */
public record Failed(String verb, Problem problem) {

    /** The member of the configuration to look at, if one is to blame. */
    public Optional<String> pointer() {
        return problem.pointer()
                .or(() -> problem.findings().stream()
                        .map(finding -> finding.pointer())
                        .findFirst());
    }
}
