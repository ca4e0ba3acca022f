package org.slipway.model.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.test.Requirement;

/** What the words of a mount's options mean. */
class MountOptionsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "defaults | 0 0 0 0 0 []",
                "ro | 1 0 0 0 0 []",
                "rw | 0 1 0 0 0 []",
                "ro,rw | 0 1 0 0 0 []",
                "rw,ro | 1 0 0 0 0 []",
                "nosuid,nodev,noexec | e 0 0 0 0 []",
                "suid,dev,exec | 0 e 0 0 0 []",
                "noatime | 10 70 0 0 0 []",
                "noatime,atime | 0 70 0 0 0 []",
                "strictatime | 20 70 0 0 0 []",
                "strictatime,noatime | 10 70 0 0 0 []",
                "noatime,relatime | 0 70 0 0 0 []",
                "strictatime,nostrictatime | 0 70 0 0 0 []",
                "strictatime,atime | 20 70 0 0 0 []",
                "norelatime | 0 0 0 0 0 []",
                "nodiratime | 80 0 0 0 0 []",
                "diratime | 0 80 0 0 0 []",
                "nosymfollow | 200000 0 0 0 0 []",
                "symfollow | 0 200000 0 0 0 []",
                "rro,rnosuid | 0 0 3 0 0 []",
                "rrw | 0 0 0 1 0 []",
                "rnodev,rnoexec,rnoatime | 0 0 1c 70 0 []",
                "rstrictatime,rnodiratime,rnosymfollow | 0 0 2000a0 70 0 []",
                "private | 0 0 0 0 40000 []",
                "rshared | 0 0 0 0 104000 []",
                "slave,runbindable | 0 0 0 0 24000 []",
                "sync,dirsync,lazytime,mand | 0 0 0 0 0 [sync, dirsync, lazytime, mand]",
                "sync,async,lazytime,nolazytime,mand,nomand | 0 0 0 0 0 []",
                "silent,loud,iversion,noiversion | 0 0 0 0 0 []",
                "mode=755,size=1m,nr_inodes=4 | 0 0 0 0 0 [mode=755, size=1m, nr_inodes=4]"
            })
    @Requirement({"MNT-09", "MNT-11", "MNT-48", "MNT-50"})
    void wordsBecomeAttributesPropagationAndData(String words, String expected) {
        MountOptions options = MountOptions.parse(List.of(words.split(",", -1)));
        assertEquals(
                expected,
                "%x %x %x %x %x %s"
                        .formatted(
                                options.own.set,
                                options.own.clear,
                                options.tree.set,
                                options.tree.clear,
                                options.propagation,
                                options.data));
    }

    @Test
    @Requirement({"MNT-05", "MNT-25", "MNT-26"})
    void someWordsSayWhatKindOfMountItIs() {
        assertEquals("true false false", kind("bind"));
        assertEquals("true true false", kind("rbind"));
        assertEquals("false false true", kind("remount"));
        assertEquals("false false false", kind("ro"));
    }

    private static String kind(String word) {
        MountOptions options = MountOptions.parse(List.of(word));
        return options.bind + " " + options.recursive + " " + options.remount;
    }
}
