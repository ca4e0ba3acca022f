package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.slipway.model.plan.MountOp.MS_PRIVATE;
import static org.slipway.model.plan.MountOp.MS_REC;
import static org.slipway.model.plan.MountOp.MS_SHARED;
import static org.slipway.model.plan.MountOp.MS_SLAVE;
import static org.slipway.model.plan.MountOp.NODEV;
import static org.slipway.model.plan.MountOp.NOEXEC;
import static org.slipway.model.plan.MountOp.NOSUID;
import static org.slipway.model.plan.MountOp.RDONLY;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.model.plan.MountOp.Attach;
import org.slipway.model.plan.MountOp.AttachRoot;
import org.slipway.model.plan.MountOp.Bind;
import org.slipway.model.plan.MountOp.ChangeAttributes;
import org.slipway.model.plan.MountOp.CopyUp;
import org.slipway.model.plan.MountOp.IdMap;
import org.slipway.model.plan.MountOp.MakeTarget;
import org.slipway.model.plan.MountOp.MountFilesystem;
import org.slipway.model.plan.MountOp.OpenSource;
import org.slipway.model.plan.MountOp.PivotRoot;
import org.slipway.model.plan.MountOp.Reconfigure;
import org.slipway.model.plan.MountOp.SetPropagation;
import org.slipway.model.plan.MountOp.Target;
import org.slipway.model.plan.NamespaceOp.CloneInit;
import org.slipway.model.test.Requirement;

/** The root and the mounts of a configuration as steps. */
class MountPassTest {

    private static final String MAPPED = """
            'linux':{'namespaces':[{'type':'mount'},{'type':'user'}],
                     'uidMappings':[{'containerID':0,'hostID':100000,'size':65536}],
                     'gidMappings':[{'containerID':0,'hostID':100000,'size':65536}]}""";

    private static List<Op> mount(String entry) {
        return Plans.ops(Plans.create(Specs.minimal("{'mounts':[" + entry + "]}")), "/mounts/0");
    }

    @Test
    @Requirement({"MNT-07", "MNT-12"})
    void aReadOnlyFilesystemIsSoItselfToo() {
        assertEquals(
                List.of(
                        new MakeTarget("/sys", Target.DIRECTORY, ""),
                        new MountFilesystem(
                                "sysfs", "sysfs", "/sys", RDONLY | NOSUID | NODEV | NOEXEC, List.of("ro"), 0)),
                mount("""
                {'destination':'/sys','type':'sysfs','source':'sysfs','options':['nosuid','noexec','nodev','ro']}"""));
    }

    @Test
    void aReadOnlyTmpfsStaysWritableUntilAllMountPointsInItAreMade() {
        Plan create = Plans.create(Specs.minimal("""
                {'mounts':[{'destination':'/t','type':'tmpfs','options':['ro','size=1m']},
                           {'destination':'/t/below','type':'tmpfs'}]}"""));
        assertEquals(
                List.of(
                        new MakeTarget("/t", Target.DIRECTORY, ""),
                        new MountFilesystem("tmpfs", "none", "/t", 0, List.of("size=1m"), 0),
                        new ChangeAttributes("/t", RDONLY, 0, false)),
                Plans.ops(create, "/mounts/0"));
        List<Op> all = Plans.all(create).toList();
        assertEquals(
                true,
                all.indexOf(new ChangeAttributes("/t", RDONLY, 0, false))
                        > all.indexOf(new MakeTarget("/t/below", Target.DIRECTORY, "")));
    }

    @Test
    @Requirement({"MNT-04", "MNT-06", "MNT-10", "MNT-34"})
    void aBindTakesItsSourceFromTheBundleAndItsAttributesAlong() {
        assertEquals(
                List.of(
                        new MakeTarget("/data", Target.LIKE_SOURCE, "/bundle/a/data"),
                        new Bind("/bundle/a/data", "/data", true, RDONLY, 0, NOSUID, 0, MS_PRIVATE | MS_REC)),
                mount("""
                {'destination':'/data','source':'a/./data','options':['rbind','ro','rnosuid','rprivate']}"""));
    }

    @Test
    @Requirement("MNT-02")
    void destinationsAreReadFromTheRoot() {
        assertEquals(
                List.of(
                        new MakeTarget("/b", Target.DIRECTORY, ""),
                        new MountFilesystem("tmpfs", "none", "/b", 0, List.of(), 0)),
                mount("{'destination':'a/../../b/','type':'tmpfs'}"));
    }

    @Test
    @Requirement("MNT-25")
    void aRemountChangesWhatIsThere() {
        assertEquals(
                List.of(
                        new ChangeAttributes("/proc", RDONLY, NOSUID, false),
                        new ChangeAttributes("/proc", 0, NODEV, true)),
                mount("{'destination':'/proc','options':['remount','ro','suid','rdev']}"));
        assertEquals(
                List.of(
                        new Reconfigure("/a", List.of("sync", "size=1m")),
                        new ChangeAttributes("/a", RDONLY, 0, false)),
                mount("{'destination':'/a','options':['remount','ro','sync','size=1m']}"));
        assertEquals(
                List.of(new ChangeAttributes("/a", RDONLY, 0, false)),
                mount("{'destination':'/a','options':['remount','bind','ro','sync']}"));
    }

    @Test
    @Requirement({"MNT-55", "MNT-46"})
    void inAUserNamespaceTheLauncherOpensSourcesAndMapsThem() {
        Plan create = Plans.create(Specs.minimal("""
                {'mounts':[{'destination':'/a','source':'/src','options':['bind']},
                           {'destination':'/b','source':'/src','options':['rbind','ridmap','ro']}],""" + MAPPED + "}"));
        assertEquals(
                List.of(
                        new OpenSource(1, "/src", false),
                        new MakeTarget("/a", Target.LIKE_SOURCE, "#1"),
                        new Attach(1, "/a", 0, 0, 0, 0, 0)),
                Plans.ops(create, "/mounts/0"));
        assertEquals(
                List.of(
                        new OpenSource(2, "/src", true),
                        new IdMap(2, true, "", "", ""),
                        new MakeTarget("/b", Target.LIKE_SOURCE, "#2"),
                        new Attach(2, "/b", RDONLY, 0, 0, 0, 0)),
                Plans.ops(create, "/mounts/1"));
        List<Op> all = Plans.all(create).toList();
        CloneInit clone = Plans.ops(create, CloneInit.class).getFirst();
        assertEquals(true, all.indexOf(new OpenSource(2, "/src", true)) < all.indexOf(clone));
    }

    private static final String OWN = """
            {'destination':'/a','source':'/src','options':[%s],
             'uidMappings':[{'containerID':0,'hostID':7,'size':9}],
             'gidMappings':[{'containerID':0,'hostID':8,'size':9}]}""";

    @Test
    @Requirement({"MNT-43", "MNT-44", "MNT-47"})
    void aMountsOwnMappingsAreAppliedWhereverTheContainerRuns() {
        Op map = new IdMap(1, false, "", "0 7 9\n", "0 8 9\n");
        assertEquals(true, mount(OWN.formatted("'bind'")).contains(map));
        assertEquals(true, mount(OWN.formatted("'rbind','idmap'")).contains(map));
        assertEquals(
                true, mount(OWN.formatted("'rbind','ridmap'")).contains(new IdMap(1, true, "", "0 7 9\n", "0 8 9\n")));
        Plan mapped = Plans.create(Specs.minimal("{'mounts':[" + OWN.formatted("'bind'") + "]," + MAPPED + "}"));
        assertEquals(true, Plans.ops(mapped, "/mounts/0").contains(map));
    }

    @Test
    @Requirement({"MNT-46", "MNT-47"})
    void idsOfANewFilesystemAreNotMappedInSilence() {
        assertEquals(
                "idmap-needs-bind",
                Plans.problems(Specs.minimal("""
                        {'mounts':[{'destination':'/a','type':'tmpfs','options':['idmap']}],""" + MAPPED + "}"), HostFacts.v2())
                        .getFirst()
                        .code());
    }

    @Test
    @Requirement({"MNT-46", "MNT-55"})
    void aJoinedUserNamespaceGivesItsMappingAsTheHostSeesIt() {
        Plan create = Plans.create(Specs.minimal("""
                {'mounts':[{'destination':'/a','source':'/src','options':['bind','idmap']}],
                 'linux':{'namespaces':[{'type':'mount'},{'type':'user','path':'/u'}]}}"""));
        assertEquals(
                List.of(
                        new OpenSource(1, "/src", false),
                        new IdMap(1, false, "/u", "", ""),
                        new MakeTarget("/a", Target.LIKE_SOURCE, "#1"),
                        new Attach(1, "/a", 0, 0, 0, 0, 0)),
                Plans.ops(create, "/mounts/0"));
    }

    @Test
    @Requirement("MNT-55")
    void sourcesAreTheHostsAlsoInAJoinedMountNamespace() {
        Plan create = Plans.create(Specs.minimal("""
                {'mounts':[{'destination':'/a','source':'/src','options':['bind']}],
                 'linux':{'namespaces':[{'type':'mount','path':'/m'}]}}"""));
        assertEquals(
                new OpenSource(1, "/src", false), Plans.ops(create, "/mounts/0").getFirst());
    }

    @Test
    @Requirement("MNT-33")
    void aTmpfsThatCopiesUpTakesOverWhatItsOptionsDoNotSay() {
        assertEquals(
                List.of(
                        new MakeTarget("/t", Target.DIRECTORY, ""),
                        new MountFilesystem("tmpfs", "none", "/t", 0, List.of(), 0),
                        new CopyUp("/t", true, true),
                        new ChangeAttributes("/t", RDONLY, 0, false)),
                mount("{'destination':'/t','type':'tmpfs','options':['tmpcopyup','ro']}"));
        assertEquals(
                true,
                mount("{'destination':'/t','type':'tmpfs','options':['tmpcopyup','mode=700','uid=5']}")
                        .contains(new CopyUp("/t", false, false)));
    }

    @Test
    @Requirement("DFS-01")
    void whoListsNoMountsGetsTheFourOfTheSpecification() {
        assertEquals(
                List.of("proc /proc", "sysfs /sys", "devpts /dev/pts", "tmpfs /dev/shm"),
                Plans.ops(Plans.create(Specs.minimal("{'mounts':[]}")), MountFilesystem.class).stream()
                        .map(mount -> mount.type() + " " + mount.target())
                        .toList());
    }

    @Test
    @Requirement({"PATH-01", "PATH-02"})
    void propagationIsCutBeforeTheRootAndSetAfterThePivot() {
        assertEquals(List.of(slave(), root(), pivot()), propagation("{}"));
        assertEquals(
                List.of(
                        slave(),
                        new AttachRoot("/bundle/rootfs", true),
                        pivot(),
                        new SetPropagation("/", MS_SLAVE, false)),
                propagation("{'linux':{'rootfsPropagation':'slave'}}"));
        assertEquals(
                List.of(
                        new SetPropagation("/", MS_PRIVATE, true),
                        root(),
                        pivot(),
                        new SetPropagation("/", MS_PRIVATE, true)),
                propagation("{'linux':{'rootfsPropagation':'rprivate'}}"));
    }

    @Test
    @Requirement({"PATH-01", "MNT-28"})
    void withSharedPropagationVolumesStayPeersOfTheHosts() {
        assertEquals(
                List.of(root(), pivot(), new SetPropagation("/", MS_SHARED, false)),
                propagation("{'linux':{'rootfsPropagation':'shared'}}"));
    }

    private static List<Op> propagation(String changes) {
        return Plans.all(Plans.create(Specs.minimal(changes)))
                .filter(op -> op instanceof SetPropagation || op instanceof AttachRoot || op instanceof PivotRoot)
                .toList();
    }

    private static Op slave() {
        return new SetPropagation("/", MS_SLAVE, true);
    }

    private static Op root() {
        return new AttachRoot("/bundle/rootfs", false);
    }

    private static Op pivot() {
        return new PivotRoot("/bundle/rootfs");
    }

    @Test
    @Requirement("MNT-52")
    void cgroupsAreMountedAnewInANamespaceOfTheirOwnAndBoundWithoutOne() {
        String entry = "{'destination':'/sys/fs/cgroup','type':'cgroup','options':['nosuid','ro']}";
        String own = "'linux':{'namespaces':[{'type':'mount'},{'type':'cgroup'}]},";
        Op made = new MakeTarget("/sys/fs/cgroup", Target.DIRECTORY, "");
        assertEquals(
                List.of(
                        made,
                        new Bind("/sys/fs/cgroup/slipway/0/web", "/sys/fs/cgroup", true, RDONLY | NOSUID, 0, 0, 0, 0)),
                mount(entry));
        assertEquals(
                List.of(
                        made,
                        new MountFilesystem("cgroup2", "cgroup", "/sys/fs/cgroup", RDONLY | NOSUID, List.of(), 0)),
                Plans.ops(Plans.create(Specs.minimal("{" + own + "'mounts':[" + entry + "]}")), "/mounts/0"));
    }

    @Test
    @Requirement({"MNT-52", "MNT-53"})
    void typeCgroup2IsTheUnifiedHierarchyWhereverItIs() {
        String entry = "{'mounts':[{'destination':'/c','type':'cgroup2'}]%s}";
        String own = ",'linux':{'namespaces':[{'type':'mount'},{'type':'cgroup'}]}";
        assertEquals(
                new Bind("/sys/fs/cgroup/unified/slipway/0/web", "/c", true, 0, 0, 0, 0, 0),
                Plans.ops(
                                Plans.ready(Specs.minimal(entry.formatted("")), HostFacts.hybrid())
                                        .create(),
                                "/mounts/0")
                        .getLast());
        assertEquals(
                new MountFilesystem("cgroup2", "cgroup", "/c", 0, List.of(), 0),
                Plans.ops(
                                Plans.ready(Specs.minimal(entry.formatted(own)), HostFacts.hybrid())
                                        .create(),
                                "/mounts/0")
                        .getLast());
    }

    @Test
    @Requirement("MNT-52")
    void version1StandsSideBySideInATmpfs() {
        HostFacts facts = new HostFacts(
                new HostFacts.V1(List.of(new HostFacts.Hierarchy(
                        List.of("cpu", "cpuacct", "devices"), "/sys/fs/cgroup/cpu,cpuacct", "/"))),
                "6.1",
                "x86_64",
                40,
                false,
                true);
        Plan create = Plans.ready(
                        Specs.minimal("{'mounts':[{'destination':'/c','type':'cgroup','options':['ro']}]}"), facts)
                .create();
        List<Op> ops = Plans.all(create).toList();
        int first = ops.indexOf(new MakeTarget("/c", Target.DIRECTORY, ""));
        assertEquals(
                List.of(
                        new MakeTarget("/c", Target.DIRECTORY, ""),
                        new MountFilesystem("tmpfs", "tmpfs", "/c", 0, List.of("mode=755"), 0),
                        new MakeTarget("/c/cpu,cpuacct", Target.DIRECTORY, ""),
                        new Bind(
                                "/sys/fs/cgroup/cpu,cpuacct/slipway/0/web", "/c/cpu,cpuacct", true, RDONLY, 0, 0, 0, 0),
                        new MountOp.MakeLink("cpu,cpuacct", "/c/cpu", ""),
                        new MountOp.MakeLink("cpu,cpuacct", "/c/cpuacct", ""),
                        new MountOp.MakeLink("cpu,cpuacct", "/c/devices", "")),
                ops.subList(first, first + 7));
        assertEquals(List.of(new ChangeAttributes("/c", RDONLY, 0, false)), Plans.ops(create, ChangeAttributes.class));
    }
}
