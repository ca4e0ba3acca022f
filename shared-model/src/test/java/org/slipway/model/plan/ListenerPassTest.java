package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.model.plan.ListenerOp.ProbeListener;
import org.slipway.model.plan.ListenerOp.SendListener;
import org.slipway.model.plan.ProcessOp.LoadSeccompAndExec;
import org.slipway.model.test.Requirement;

class ListenerPassTest {

    private static final String NOTIFY = "'syscalls':[{'names':['mkdir'],'action':'SCMP_ACT_NOTIFY'}]";

    private static String seccomp(String members) {
        return Specs.minimal(
                "{'annotations':{'a':'b'},'linux':{'seccomp':{'defaultAction':'SCMP_ACT_ALLOW'," + members + "}}}");
    }

    private static LoadSeccompAndExec exec(String config) {
        return Plans.ops(Plans.start(config), LoadSeccompAndExec.class).getFirst();
    }

    @Test
    @Requirement({"SEC-11", "SEC-14", "SEC-15"})
    void theStateIsSentOnceTheFilterIsLoadedAndBeforeTheProgramRuns() {
        String config = seccomp("'listenerPath':'/run/agent','listenerMetadata':'a\\nb'," + NOTIFY);
        assertEquals(List.of(new ProbeListener("/run/agent")), Plans.ops(Plans.create(config), ProbeListener.class));
        Plan start = Plans.start(config);
        SendListener send = Plans.ops(start, SendListener.class).getFirst();
        assertEquals(Specs.tree("""
                        {"ociVersion":"1.3.0","fds":["seccompFd"],"pid":42,"metadata":"a\\nb",
                         "state":{"ociVersion":"1.3.0","id":"web","status":"creating","pid":42,"bundle":"/bundle",
                         "annotations":{"a":"b"}}}"""), Specs.tree(send.with(42)));
        List<Op> ops = Plans.all(start).toList();
        assertEquals(ops.indexOf(send), ops.indexOf(exec(config)) + 1);
        assertTrue(exec(config).listener());
    }

    @Test
    @Requirement("SEC-11")
    void withoutANotifyingRuleThePathMeansNothing() {
        String config = seccomp("'listenerPath':'/run/agent'");
        assertEquals(List.of(), Plans.ops(Plans.create(config), ListenerOp.class));
        assertEquals(List.of(), Plans.ops(Plans.start(config), ListenerOp.class));
        assertEquals(false, exec(config).listener());
    }

    @Test
    @Requirement("SEC-07")
    void flagsAreThoseThatTheKernelTakesTogether() {
        String flags =
                "'flags':['SECCOMP_FILTER_FLAG_TSYNC','SECCOMP_FILTER_FLAG_LOG','SECCOMP_FILTER_FLAG_SPEC_ALLOW','SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV']";
        assertEquals(1 | 2 | 4, exec(seccomp(flags)).filterFlags());
        assertEquals(
                1 | 2 | 4 | 16 | 32,
                exec(seccomp("'listenerPath':'/run/agent'," + flags + "," + NOTIFY))
                        .filterFlags());
    }
}
