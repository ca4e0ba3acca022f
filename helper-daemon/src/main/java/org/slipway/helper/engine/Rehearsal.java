package org.slipway.helper.engine;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
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
 * Plans a container that nobody asked for and throws the plan away, again and again, so that the code for it is loaded and compiled before
 * somebody asks: cold, it is most of the first create's time. Nothing of the machine is touched.
 */
final class Rehearsal {

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

    /** So often does the virtual machine see a method before it compiles it, by the scale that {@code slipwayd} sets. */
    private static final int ROUNDS = 25;

    private Rehearsal() {}

    /** Begins on a thread of its own. */
    static void begin(HostFacts facts) {
        Thread.ofPlatform().daemon().name("rehearsal").start(() -> run(facts));
    }

    private static void run(HostFacts facts) {
        try {
            CreateRequest request =
                    CreateRequest.of(new Owned(0, new ContainerId("rehearsal")), "/", piece(), new Streams.None());
            long size = 0;
            for (int round = 0; round < ROUNDS; round++) {
                size += once(request, facts);
            }
            LOG.debug("rehearsed {} bytes of plans", size);
        } catch (IOException | Failure e) {
            LOG.debug("not rehearsed: {}", e.toString());
        }
    }

    private static byte[] piece() throws IOException {
        try (InputStream config = Spec.class.getResourceAsStream("default.json")) {
            return config == null ? new byte[0] : config.readAllBytes();
        }
    }

    private static int once(CreateRequest request, HostFacts facts) throws Failure {
        Drafting.Draft draft = Drafting.of(request, "/rehearsal", facts, SeccompCompiler.NONE, Optional.empty());
        int start = draft.plans()
                .start()
                .map(PlanCodec::encode)
                .map(bytes -> bytes.length)
                .orElse(0);
        return PlanCodec.encode(draft.plans().create()).length + start + Folder.written(draft.plans()).length;
    }
}
