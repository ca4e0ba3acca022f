package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.plan.ProcessOp.DropBounding;
import org.slipway.model.plan.ProcessOp.NewSession;
import org.slipway.model.plan.ProcessOp.SetIoPriority;
import org.slipway.model.plan.ProcessOp.SetMemoryPolicy;
import org.slipway.model.plan.ProcessOp.SetPersonality;
import org.slipway.model.plan.ProcessOp.SetScheduler;
import org.slipway.model.test.Requirement;

/** Scheduling, memory nodes and execution domain in a plan. */
class SchedulingPassTest {

    @ParameterizedTest
    @CsvSource({
        "SCHED_OTHER,0",
        "SCHED_FIFO,1",
        "SCHED_RR,2",
        "SCHED_BATCH,3",
        "SCHED_ISO,4",
        "SCHED_IDLE,5",
        "SCHED_DEADLINE,6"
    })
    @Requirement({"SCHED-01", "SCHED-02"})
    void everyPolicyHasItsNumberAndWhatIsAbsentIsZero(String policy, int number) {
        assertEquals(List.of(new SetScheduler(number, 0, 0, 0, 0, 0, 0)), scheduler("{'policy':'" + policy + "'}"));
    }

    @Test
    @Requirement({"SCHED-02", "SCHED-03"})
    void valuesAreUsedAsGivenAndFlagsAreBits() {
        assertEquals(List.of(new SetScheduler(6, -3, 7, 0x7f, 1000000, -1, 3000000)), scheduler("""
                {'policy':'SCHED_DEADLINE','nice':-3,'priority':7,'runtime':1000000,
                 'deadline':18446744073709551615,'period':3000000,
                 'flags':['SCHED_FLAG_RESET_ON_FORK','SCHED_FLAG_RECLAIM','SCHED_FLAG_DL_OVERRUN','SCHED_FLAG_KEEP_POLICY',
                          'SCHED_FLAG_KEEP_PARAMS','SCHED_FLAG_UTIL_CLAMP_MIN','SCHED_FLAG_UTIL_CLAMP_MAX']}"""));
        assertEquals(List.of(new SetScheduler(2, 0, 5, 32, 0, 0, 0)), scheduler("""
                {'policy':'SCHED_RR','priority':5,'flags':['SCHED_FLAG_UTIL_CLAMP_MIN']}"""));
    }

    /** An I/O priority goes to the process group: before the session is made, that is the helper's. Rights are needed for both. */
    @Test
    @Requirement({"SCHED-05", "SCHED-06"})
    void prioritiesComeAfterTheSessionAndBeforeTheRightsGo() {
        Plan start = Plans.start(Specs.minimal("""
                {'process':{'ioPriority':{'class':'IOPRIO_CLASS_RT','priority':7},'scheduler':{'policy':'SCHED_RR','priority':1}}}"""));
        assertEquals(List.of(new SetIoPriority(1, 7)), Plans.ops(start, "/process/ioPriority"));
        List<Class<?>> order = Plans.all(start)
                .<Class<?>>map(Op::getClass)
                .filter(
                        List.of(NewSession.class, SetScheduler.class, SetIoPriority.class, DropBounding.class)
                                ::contains)
                .toList();
        assertEquals(List.of(NewSession.class, SetScheduler.class, SetIoPriority.class, DropBounding.class), order);
        assertEquals(
                List.of(new SetIoPriority(2, 0)),
                Plans.ops(
                        Plans.start(
                                Specs.minimal("{'process':{'ioPriority':{'class':'IOPRIO_CLASS_BE','priority':0}}}")),
                        SetIoPriority.class));
        assertEquals(
                List.of(new SetIoPriority(3, 1)),
                Plans.ops(
                        Plans.start(
                                Specs.minimal("{'process':{'ioPriority':{'class':'IOPRIO_CLASS_IDLE','priority':1}}}")),
                        SetIoPriority.class));
    }

    /** execCPUAffinity is for processes that exec adds: no plan of the first process may know it. */
    @Test
    @Requirement("SCHED-07")
    void affinityOfLaterProcessesIsNotTheFirstProcesss() {
        String with = "{'process':{'execCPUAffinity':{'initial':'0','final':'1'}}}";
        Compiled.Ready plain = Plans.ready(Specs.minimal("{}"), HostFacts.v2());
        Compiled.Ready bound = Plans.ready(Specs.minimal(with), HostFacts.v2());
        assertEquals(plain, bound);
        assertEquals(
                "0",
                Specs.parse(Specs.minimal(with))
                        .process()
                        .orElseThrow()
                        .execCpuAffinity()
                        .orElseThrow()
                        .initial()
                        .orElseThrow());
    }

    @Test
    @Requirement("PATH-07")
    void personalityHasADomain() {
        assertEquals(
                List.of(new SetPersonality(8)),
                Plans.ops(
                        Plans.start(Specs.minimal("{'linux':{'personality':{'domain':'LINUX32'}}}")),
                        SetPersonality.class));
        assertEquals(
                List.of(new SetPersonality(0)),
                Plans.ops(
                        Plans.start(Specs.minimal("{'linux':{'personality':{'domain':'LINUX'}}}")),
                        SetPersonality.class));
        assertEquals(List.of(), Plans.ops(Plans.start(Specs.minimal("{}")), SetPersonality.class));
    }

    @ParameterizedTest
    @CsvSource({
        "MPOL_DEFAULT,0",
        "MPOL_PREFERRED,1",
        "MPOL_BIND,2",
        "MPOL_INTERLEAVE,3",
        "MPOL_LOCAL,4",
        "MPOL_PREFERRED_MANY,5",
        "MPOL_WEIGHTED_INTERLEAVE,6"
    })
    @Requirement("MPOL-01")
    void everyModeHasItsNumber(String mode, int number) {
        Plan start = Plans.start(Specs.minimal("{'linux':{'memoryPolicy':{'mode':'" + mode + "'}}}"));
        assertEquals(List.of(new SetMemoryPolicy(number, 0, List.of())), Plans.ops(start, SetMemoryPolicy.class));
        assertTrue(SchedulingPass.memoryModes().contains(mode));
    }

    @Test
    @Requirement({"MPOL-02", "MPOL-03"})
    void nodesAreNumbersAndFlagsAreBits() {
        Plan start = Plans.start(Specs.minimal("""
                {'linux':{'memoryPolicy':{'mode':'MPOL_BIND','nodes':'0-2,7',
                  'flags':['MPOL_F_NUMA_BALANCING','MPOL_F_RELATIVE_NODES','MPOL_F_STATIC_NODES']}}}"""));
        assertEquals(
                List.of(new SetMemoryPolicy(2, 0xe000, List.of(0, 1, 2, 7))), Plans.ops(start, SetMemoryPolicy.class));
    }

    private static List<SetScheduler> scheduler(String value) {
        return Plans.ops(Plans.start(Specs.minimal("{'process':{'scheduler':" + value + "}}")), SetScheduler.class);
    }
}
