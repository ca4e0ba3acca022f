package org.slipway.model.plan;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import tools.jackson.databind.annotation.JsonTypeIdResolver;

/**
 * What a step does. Every operation is a record whose components are its arguments; the number and the types of the
 * components are the plan's byte format ({@link PlanCodec}), checked by a test against {@code native/src/steps.def}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM, property = "op")
@JsonTypeIdResolver(OpNames.Resolver.class)
public sealed interface Op
        permits BarrierOp,
                RecordOp,
                KeeperOp,
                CgroupOp,
                ResctrlOp,
                NamespaceOp,
                CallerOp,
                MountOp,
                HookOp,
                ProcessOp,
                ExecOp,
                ListenerOp,
                NetworkOp,
                LiveOp,
                VisitOp {

    /** The operation's number in the byte format; never reused. */
    int number();

    /** The kernel call this makes, as a person would read it in a trace: {@code sethostname("web", 3)}. */
    String call();
}
