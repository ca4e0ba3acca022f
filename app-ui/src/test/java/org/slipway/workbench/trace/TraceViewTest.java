package org.slipway.workbench.trace;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.model.plan.PlanKind;
import org.slipway.model.plan.Step;
import org.slipway.model.trace.StepRecord;
import org.slipway.workbench.bundle.Bundles;
import org.slipway.workbench.plan.Explain;
import org.slipway.workbench.plan.PlanModel;
import org.slipway.workbench.plan.StepRow;

class TraceViewTest {

    @TempDir
    private Path folder;

    private String sentence(int errno, String detail) throws Exception {
        Step step = new Explain()
                .compile(
                        Bundles.open(folder.resolve("web" + errno), Bundles.SMALL)
                                .document()
                                .get(),
                        folder,
                        new PlanModel.Target("web", Optional.empty()))
                .plans()
                .getFirst()
                .steps()
                .getFirst();
        StepRecord record = new StepRecord(PlanKind.CREATE, 0, StepRecord.Result.FAILED, errno, 1, 2, detail);
        return TraceView.sentence(new StepRow.Line(PlanKind.CREATE, step, Optional.of(record), StepRow.Change.SAME));
    }

    @Test
    void anErrorNumberWithoutANameStaysANumber() throws Exception {
        assertTrue(sentence(4000, "").endsWith(": E4000"), sentence(4000, ""));
    }

    @Test
    void aFailedStepSaysWhatTheKernelSaid() throws Exception {
        String sentence = sentence(2, "/bin/nothing");
        assertTrue(sentence.endsWith("/bin/nothing: no such file or directory (ENOENT)"), sentence);
        assertFalse(sentence.contains("(2)"), sentence);
    }
}
