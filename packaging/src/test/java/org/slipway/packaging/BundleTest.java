package org.slipway.packaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;

/** What makes a directory a bundle, and what of it counts once a container was made. */
final class BundleTest extends KernelTest {

    @Test
    @Requirement("BUN-02")
    void theNameOfTheDirectoryMeansNothing() throws IOException {
        var bundle = bundle("echo here");
        var renamed = work.resolve("another name");
        Files.move(bundle.path(), renamed);
        helper.ok("run", "--bundle", renamed.toString(), "first");
        helper.ok("create", "--bundle", renamed.toString(), "second");
        assertEquals(renamed.toString(), helper.state("second").path("bundle").asString());
        gone("second");
    }

    @Test
    @Requirement("BUN-03")
    void aBundlePackedWithoutAFolderAroundItRunsWhereItIsUnpacked() throws IOException {
        var bundle = bundle("exit 7");
        var archive = work.resolve("bundle.tar");
        var unpacked = Files.createDirectory(work.resolve("unpacked"));
        Shell.output("tar", "-C", bundle.text(), "-cf", archive.toString(), "config.json", "rootfs");
        Shell.output("tar", "-C", unpacked.toString(), "-xf", archive.toString());
        assertArrayEquals(Files.readAllBytes(bundle.config()), Files.readAllBytes(unpacked.resolve("config.json")));
        assertEquals(
                7,
                helper.slipway("run", "--bundle", unpacked.toString(), "packed").status());
    }

    @Test
    @Requirement("BUN-04")
    void aRelativePathIsTheCallersAndIsToldAbsolute() {
        var bundle = bundle("true");
        var name = bundle.path().getFileName().toString();
        var made = helper.slipwayIn(work, "create", "--bundle", "./" + name, "relative");
        assertEquals(0, made.status(), made::err);
        assertEquals(bundle.text(), helper.state("relative").path("bundle").asString());
        gone("relative");
        assertFalse(helper.slipway("create", "--bundle", name, "relative").status() == 0, "that is below /");
    }

    @Test
    @Requirement({"BUN-05", "LIFE-05"})
    void theConfigurationOfTheCreateCountsToTheEnd() throws IOException {
        var told = work.resolve("told");
        var bundle = bundle("echo as it was").hook("poststop", "echo over > " + told, 10);
        helper.create("copied", bundle);
        Files.writeString(bundle.config(), "{}");
        helper.ok("start", "copied");
        Shell.await(
                "it runs what it was made from",
                Duration.ofSeconds(10),
                () -> helper.outputOf("copied").equals(List.of("as it was")));
        Files.delete(bundle.config());
        helper.awaitStatus("copied", "stopped");
        helper.ok("delete", "copied");
        assertEquals("over", Files.readString(told).strip());
    }
}
