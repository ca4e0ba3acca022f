package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.test.Requirement;

/** What files of control groups say of what was written. */
class ReadingsTest {

    private static String lines(String text) {
        return text.replace("%", "\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/c/memory.limit_in_bytes | 9223372036854771712% | 4096 | -1",
                "/c/memory.limit_in_bytes | 1048576% | 4096 | 1048576",
                "/c/memory.max | max% | 4096 | max",
                "/c/memory.oom_control | oom_kill_disable 0%under_oom 0% | 1 | 0",
                "/c/cpu.max | max 100000% | 5000 10000 | max 100000",
                "/c/io.weight | default 100%8:0 200% | 50 | 100",
                "/c/io.weight | default 100%8:0 200% | 8:0 50 | 8:0 200",
                "/c/io.weight | default 100% | 8:0 50 | 8:0 default",
                "/c/io.max | 8:0 rbps=1 wbps=max riops=max wiops=max% | 8:0 rbps=5 wiops=7 | 8:0 rbps=1 wiops=max",
                "/c/io.max | 8:16 rbps=1% | 8:0 rbps=5 | 8:0 rbps=max",
                "/c/io.latency | '' | 8:0 target=5 | 8:0 target=0",
                "/c/blkio.throttle.read_bps_device | 8:0 77% | 8:0 5 | 8:0 77",
                "/c/blkio.throttle.read_bps_device | '' | 8:0 5 | 8:0 0",
                "/c/net_prio.ifpriomap | lo 0%eth0 3% | eth0 5 | eth0 3",
                "/c/rdma.max | mlx hca_handle=2 hca_object=max% | mlx hca_handle=9 | mlx hca_handle=2",
                "/c/schemata | L3:0=ff;1=f%MB:0=100% | MB:0=50 | MB:0=100%",
                "/c/cpuset.cpus | '' | 0-1 | %",
            })
    @Requirement({"LIVE-R-03", "LIVE-IO-03", "LIVE-IO-04", "LIVE-RDMA-01"})
    void whatHasToBeWrittenToHaveAFileAsItWas(String file, String text, String value, String former) {
        String expected = former.equals("%") || former.endsWith("%") ? lines(former) : former;
        assertEquals(expected, Readings.former(file, lines(text), value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/c/memory.limit_in_bytes | 9223372036854771712 | -1 | true",
                "/c/memory.limit_in_bytes | 99999744 | 100000001 | false",
                "/c/cpu.shares | 2 | 1 | false",
                "/c/cpuset.cpus | 0-1 | 0,1 | true",
                "/c/cpuset.cpus | 0 | 0-1 | false",
                "/c/blkio.throttle.read_bps_device | '' | 8:0 0 | true",
                "/c/blkio.throttle.read_bps_device | '' | 8:0 5 | false",
                "/c/io.max | '' | 8:0 rbps=max | true",
                "/c/io.max | 8:0 rbps=5 wbps=max riops=max wiops=max | 8:0 rbps=5 | true",
                "/c/schemata | '    L3:0=000ff;1=0000f' | L3:0=ff | true",
                "/c/schemata | L3:0=ff | L3:0=f | false",
                "/c/hugetlb.2MB.limit_in_bytes | 9223372036852678656 | 18446744073709551615 | true",
                "/c/memory.oom_control | oom_kill_disable 1%under_oom 0 | 1 | true",
            })
    @Requirement("LIVE-R-04")
    void whetherTheKernelTookAValueAsItIs(String file, String text, String value, boolean same) {
        assertEquals(same, Readings.same(file, lines(text), value));
    }
}
