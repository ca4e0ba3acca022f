package org.slipway.helper.engine;

import java.io.IOException;
import java.io.InputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.helper.lifecycle.CreateRequest;
import org.slipway.helper.lifecycle.Failure;
import org.slipway.helper.lifecycle.Streams;
import org.slipway.helper.store.Folder;
import org.slipway.model.plan.HostFacts;
import org.slipway.model.plan.PlanCodec;
import org.slipway.model.plan.SeccompCompiler;
import org.slipway.model.spec.Spec;
import org.slipway.model.state.ContainerId;
import org.slipway.model.state.Owned;

/**
 * Plans a container that nobody asked for and throws the plan away, so that the classes for it are loaded before somebody asks: cold,
 * they are most of the first create's time. Nothing of the machine is touched.
 */
final class Rehearsal {

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    private Rehearsal() {}

    /** Begins on a thread of its own. */
    static void begin(HostFacts facts) {
        Thread.ofPlatform().daemon().name("rehearsal").start(() -> run(facts));
    }

    private static void run(HostFacts facts) {
        try (InputStream config = Spec.class.getResourceAsStream("default.json")) {
            if (config == null) {
                return;
            }
            CreateRequest request = CreateRequest.of(
                    new Owned(0, new ContainerId("rehearsal")), "/", config.readAllBytes(), new Streams.None());
            Drafting.Draft draft = Drafting.of(request, "/rehearsal", facts, SeccompCompiler.NONE);
            int size = PlanCodec.encode(draft.plans().create()).length
                    + draft.plans()
                            .start()
                            .map(PlanCodec::encode)
                            .map(bytes -> bytes.length)
                            .orElse(0)
                    + Folder.written(draft.plans()).length;
            LOG.debug("rehearsed {} bytes of plans", size);
        } catch (IOException | Failure e) {
            LOG.debug("not rehearsed: {}", e.toString());
        }
    }
}
