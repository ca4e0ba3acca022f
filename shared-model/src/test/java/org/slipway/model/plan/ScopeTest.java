package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.model.plan.CgroupOp.EnterCgroup;
import org.slipway.model.plan.CgroupOp.MakeCgroup;
import org.slipway.model.plan.CgroupOp.NewCgroupNamespace;
import org.slipway.model.plan.CgroupOp.StartScope;
import org.slipway.model.plan.CgroupOp.StopScope;
import org.slipway.model.plan.CgroupOp.WriteCgroupFile;
import org.slipway.model.test.Requirement;

/** Plans with systemd as the manager of cgroups. */
class ScopeTest {

    private static PlanRequest request(String changes, HostFacts facts) {
        return PlanRequest.explain(Specs.parse(Specs.minimal(changes)), "/bundle", "web", facts)
                .managedBy(CgroupManager.SYSTEMD);
    }

    private static Plan create(String changes) {
        return Plans.ready(request(changes, HostFacts.v2())).create();
    }

    private static StartScope scope(String changes) {
        return Plans.ops(create(changes), StartScope.class).getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "machine.slice:libpod:abc, libpod-abc.scope, machine.slice, /machine.slice/libpod-abc.scope",
        ":runc:abc, runc-abc.scope, system.slice, /system.slice/runc-abc.scope",
        "a-b-c.slice::x, x.scope, a-b-c.slice, /a.slice/a-b.slice/a-b-c.slice/x.scope",
        "-.slice:p:n, p-n.scope, -.slice, /p-n.scope",
        "x.slice:p:a+b, p-a\\x2bb.scope, x.slice, /x.slice/p-a\\x2bb.scope"
    })
    @Requirement({"CG-01", "CG-03"})
    void aTripleNamesAScope(String path, String unit, String slice, String cgroup) {
        StartScope scope = scope("{'linux':{'cgroupsPath':'" + path + "'}}");
        assertEquals(
                List.of(unit, slice, "/sys/fs/cgroup" + cgroup), List.of(scope.unit(), scope.slice(), scope.cgroup()));
    }

    @Test
    @Requirement("CG-04")
    void withoutAPathTheScopeIsNamedForOwnerAndId() {
        StartScope scope = scope("{}");
        assertEquals("slipway-0-web.scope", scope.unit());
        assertEquals("/sys/fs/cgroup/system.slice/slipway-0-web.scope", scope.cgroup());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/a/b", "a.slice:b", "a:b:c", "a.slice:b:c:d", "-a.slice:b:c", "a--b.slice:c:d", "a.slice:b:"})
    @Requirement("CG-05")
    void anotherFormIsRefused(String path) {
        PlanRequest request = request("{'linux':{'cgroupsPath':'" + path + "'}}", HostFacts.v2());
        Compiled.Refused refused = assertInstanceOf(Compiled.Refused.class, Planner.compile(request));
        assertTrue(
                refused.problems().stream()
                        .anyMatch(problem -> problem.code().equals("cgroup-path-not-systemd")
                                && problem.pointer().equals("/linux/cgroupsPath")),
                refused.problems().toString());
    }

    @Test
    void onVersion1SystemdIsRefused() {
        Compiled.Refused refused =
                assertInstanceOf(Compiled.Refused.class, Planner.compile(request("{}", HostFacts.hybrid())));
        assertEquals("systemd-needs-cgroup2", refused.problems().getFirst().code());
    }

    @Test
    @Requirement("CG-09")
    void initExistsBeforeTheScopeAndWaitsUntilTheLimitsAreWritten() {
        Plan plan = create("{'linux':{'resources':{'memory':{'limit':4096}},"
                + "'namespaces':[{'type':'mount'},{'type':'pid'},{'type':'cgroup'}]}}");
        List<Class<?>> order = List.of(
                NamespaceOp.CloneInit.class,
                StartScope.class,
                CgroupOp.AttachDeviceFilter.class,
                WriteCgroupFile.class,
                NewCgroupNamespace.class,
                MountOp.SetPropagation.class);
        assertEquals(
                order, Plans.all(plan).map(Op::getClass).filter(order::contains).toList());
        assertEquals(0, Plans.ops(plan, NamespaceOp.CloneInit.class).getFirst().cgroupSlot());
        assertEquals(0, Plans.ops(plan, NamespaceOp.CloneInit.class).getFirst().namespaces() & NamespaceOp.NEWCGROUP);
        assertEquals(List.of(), Plans.ops(plan, MakeCgroup.class));
        assertEquals(List.of(), Plans.ops(plan, EnterCgroup.class));
        int written = indexOf(plan, WriteCgroupFile.class);
        assertTrue(
                plan.of(Actor.INIT)
                        .filter(step -> !(step.op() instanceof BarrierOp))
                        .allMatch(step -> step.index() > written),
                "init does nothing before its limits are written");
    }

    private static int indexOf(Plan plan, Class<? extends Op> type) {
        return plan.steps().stream()
                .filter(step -> type.isInstance(step.op()))
                .findFirst()
                .orElseThrow()
                .index();
    }

    @Test
    @Requirement("LIFE-08")
    void deleteHasSystemdRemoveTheScope() {
        Compiled.Ready ready = Plans.ready(request("{}", HostFacts.v2()));
        Plan delete = Planner.delete(
                ready,
                Specs.parse(Specs.minimal("{}")),
                "/bundle",
                new org.slipway.model.state.Owned(0, new org.slipway.model.state.ContainerId("web")),
                false);
        assertEquals(
                List.of(new StopScope("slipway-0-web.scope", "/sys/fs/cgroup/system.slice/slipway-0-web.scope")),
                Plans.ops(delete, StopScope.class));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'memory':{'limit':64,'swap':128,'reservation':32}} | MemoryMax=64 MemoryLow=32 MemorySwapMax=64",
                "{'memory':{'limit':-1}} | MemoryMax=18446744073709551615",
                "{'cpu':{'shares':1024,'quota':50000,'period':100000}}"
                        + " | CPUWeight=100 CPUQuotaPeriodUSec=100000 CPUQuotaPerSecUSec=500000",
                "{'cpu':{'quota':33333}} | CPUQuotaPerSecUSec=340000",
                "{'cpu':{'cpus':'0-1','mems':'0'}} | AllowedCPUs=0-1 AllowedMemoryNodes=0",
                "{'pids':{'limit':7}} | TasksMax=7",
                "{'pids':{'limit':-1}} | TasksMax=18446744073709551615",
                "{'pids':{'limit':0}} | ''",
                "{'pids':{'limit':7},'unified':{'pids.max':'8','memory.high':'max','cpu.max':'1 2'}}"
                        + " | TasksMax=7 TasksMax=8 MemoryHigh=18446744073709551615",
                "{} | ''"
            })
    void systemdIsToldOfTheLimitsItKnows(String resources, String expected) {
        assertEquals(
                expected,
                String.join(
                        " ", scope("{'linux':{'resources':" + resources + "}}").properties()));
    }
}
