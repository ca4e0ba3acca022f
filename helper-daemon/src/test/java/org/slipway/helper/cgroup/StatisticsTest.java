package org.slipway.helper.cgroup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slipway.helper.cgroup.Statistics.Place;
import org.slipway.helper.cgroup.Statistics.Rdt;
import org.slipway.model.test.Requirement;
import tools.jackson.databind.JsonNode;

/** Statistics out of what the files of both versions say. */
class StatisticsTest {

    private static final String NETWORK = """
            Inter-|   Receive  |  Transmit
             face |bytes packets
              eth0: 1 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0
                lo:       0       0    0    0    0     0          0         0        0       0    0    0    0     0       0          0
            """;

    private final Map<String, String> files = new HashMap<>();

    private JsonNode read(List<Place> places, Optional<Rdt> rdt) {
        return Statistics.of(
                places, file -> Optional.ofNullable(files.get(file)), List.of("2MB"), Optional.of(NETWORK), rdt);
    }

    private void file(String name, String text) {
        files.put("/c/" + name, text);
    }

    private static final List<Place> V1 = List.of(
            new Place("/c", List.of("cpu", "cpuacct", "cpuset", "memory", "pids", "blkio", "hugetlb", "rdma"), false));
    private static final List<Place> V2 =
            List.of(new Place("/c", List.of("cpu", "cpuset", "memory", "pids", "io", "hugetlb", "rdma"), true));

    @Test
    @Requirement({"EXT-EVT-01", "CLI-EVENTS-01"})
    void ofVersionOne() {
        file("cpuacct.usage", "1000\n");
        file("cpuacct.usage_percpu", "400 600 \n");
        file("cpuacct.usage_all", "cpu user system\n0 1 2\n1 3 4\n");
        file("cpuacct.stat", "user 5\nsystem 6\n");
        file("cpu.stat", "nr_periods 7\nnr_throttled 8\nthrottled_time 9\n");
        file("cpuset.cpus", "0-1\n");
        file("cpuset.sched_relax_domain_level", "-1\n");
        file("memory.stat", "cache 11\nrss 12\n");
        file("memory.usage_in_bytes", "13\n");
        file("memory.limit_in_bytes", "9223372036854771712\n");
        file("memory.memsw.usage_in_bytes", "14\n");
        file("memory.kmem.usage_in_bytes", "15\n");
        file("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
        file("pids.current", "3\n");
        file("pids.max", "max\n");
        file("blkio.throttle.io_service_bytes_recursive", "8:0 Read 21\n8:0 Write 22\nTotal 43\n");
        file("hugetlb.2MB.usage_in_bytes", "0\n");
        file("hugetlb.2MB.failcnt", "1\n");
        file("rdma.max", "mlx hca_handle=2 hca_object=max\n");
        JsonNode data = read(V1, Optional.empty());
        assertEquals(
                "{\"usage\":{\"total\":1000,\"percpu\":[400,600],\"percpu_kernel\":[2,4],\"percpu_user\":[1,3],"
                        + "\"kernel\":60000000,\"user\":50000000},\"throttling\":{\"periods\":7,\"throttledPeriods\":8,\"throttledTime\":9}}",
                data.get("cpu").toString());
        assertEquals(
                "{\"cpus\":[0,1],\"sched_relax_domain_level\":-1}",
                data.get("cpuset").toString());
        assertEquals(
                "{\"cache\":11,\"usage\":{\"limit\":9223372036854771712,\"usage\":13},\"swap\":{\"usage\":14},"
                        + "\"kernel\":{\"usage\":15},\"oom_kill\":2,\"raw\":{\"cache\":11,\"rss\":12}}",
                data.get("memory").toString());
        assertEquals("{\"current\":3,\"limit\":0}", data.get("pids").toString());
        assertEquals(
                "[{\"major\":8,\"minor\":0,\"op\":\"Read\",\"value\":21},{\"major\":8,\"minor\":0,\"op\":\"Write\",\"value\":22}]",
                data.at("/blkio/ioServiceBytesRecursive").toString());
        assertEquals(
                "{\"2MB\":{\"usage\":0,\"failcnt\":1}}", data.get("hugetlb").toString());
        assertEquals(
                "[{\"device\":\"mlx\",\"hca_handles\":2,\"hca_objects\":18446744073709551615}]",
                data.at("/rdma/rdma_limit").toString());
        assertEquals(
                "{\"Name\":\"eth0\",\"RxBytes\":1,\"RxPackets\":2,\"RxErrors\":3,\"RxDropped\":4,\"TxBytes\":5,\"TxPackets\":6,\"TxErrors\":7,\"TxDropped\":8}",
                data.at("/network_interfaces/0").toString());
        assertFalse(data.has("intel_rdt"));
    }

    @Test
    @Requirement({"EXT-EVT-01", "CLI-EVENTS-01"})
    void ofVersionTwoInTheSameNames() {
        file("cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2\nnr_periods 1\nnr_throttled 2\nthrottled_usec 4\n");
        file("cpu.pressure", "some avg10=0.50 avg60=0.25 avg300=0.00 total=77\n");
        file("memory.stat", "file 11\nkernel 12\n");
        file("memory.current", "100\n");
        file("memory.max", "max\n");
        file("memory.peak", "200\n");
        file("memory.swap.current", "5\n");
        file("memory.swap.max", "max\n");
        file("memory.events", "low 0\nmax 3\noom 1\noom_kill 4\n");
        file("memory.pressure", "full avg10=1.00 avg60=0.00 avg300=0.00 total=9\n");
        file("pids.current", "3\n");
        file("pids.max", "10\n");
        file("io.stat", "8:0 rbytes=21 wbytes=22 rios=1 wios=2 dbytes=0 dios=0\n");
        file("hugetlb.2MB.current", "0\n");
        file("hugetlb.2MB.events", "max 6\n");
        JsonNode data = read(V2, Optional.empty());
        assertEquals(
                "{\"usage\":{\"total\":5000,\"kernel\":2000,\"user\":3000},\"throttling\":{\"periods\":1,\"throttledPeriods\":2,\"throttledTime\":4000},"
                        + "\"psi\":{\"some\":{\"avg10\":0.5,\"avg60\":0.25,\"avg300\":0.0,\"total\":77}}}",
                data.get("cpu").toString());
        assertEquals(
                "{\"cache\":11,\"usage\":{\"limit\":18446744073709551615,\"usage\":100,\"max\":200,\"failcnt\":3},"
                        + "\"swap\":{\"limit\":18446744073709551615,\"usage\":105},\"kernel\":{\"usage\":12},\"oom_kill\":4,"
                        + "\"psi\":{\"full\":{\"avg10\":1.0,\"avg60\":0.0,\"avg300\":0.0,\"total\":9}},\"raw\":{\"file\":11,\"kernel\":12}}",
                data.get("memory").toString());
        assertEquals("{\"current\":3,\"limit\":10}", data.get("pids").toString());
        assertEquals(
                "[{\"major\":8,\"minor\":0,\"op\":\"Read\",\"value\":1},{\"major\":8,\"minor\":0,\"op\":\"Write\",\"value\":2},{\"major\":8,\"minor\":0,\"op\":\"Discard\",\"value\":0}]",
                data.at("/blkio/ioServicedRecursive").toString());
        assertEquals(
                "{\"2MB\":{\"usage\":0,\"failcnt\":6}}", data.get("hugetlb").toString());
    }

    @Test
    @Requirement("EXT-EVT-01")
    void ofResourceControl() {
        files.put("/r/info/L3/cbm_mask", "ff\n");
        files.put("/r/schemata", "    L3:0=ff\n    MB:0=100\n");
        files.put("/r/web/schemata", "    L3:0=0f\n    MB:0=50\n");
        files.put("/r/web/mon_data/mon_L3_00/mbm_total_bytes", "5\n");
        files.put("/r/web/mon_data/mon_L3_00/llc_occupancy", "7\n");
        JsonNode data = read(List.of(), Optional.of(new Rdt("/r", "/r/web", List.of("/r/web/mon_data/mon_L3_00"))));
        assertEquals(
                "{\"l3_cache_info\":{\"cbm_mask\":\"ff\"},\"l3_cache_schema_root\":\"L3:0=ff\",\"l3_cache_schema\":\"L3:0=0f\","
                        + "\"mem_bw_schema_root\":\"MB:0=100\",\"mem_bw_schema\":\"MB:0=50\",\"mbm_stats\":[{\"mbm_total_bytes\":5}],"
                        + "\"cmt_stats\":[{\"llc_occupancy\":7}]}",
                data.get("intel_rdt").toString());
    }
}
