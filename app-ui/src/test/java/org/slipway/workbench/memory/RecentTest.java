package org.slipway.workbench.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecentTest {

    @TempDir
    private Path folder;

    private StateFolder state() {
        return new StateFolder(folder.resolve("state"));
    }

    @Test
    void theNewestComesFirstEachOnceAndTheListIsBounded() throws IOException {
        Recent recent = new Recent(state());
        for (int i = 0; i < Recent.KEPT + 5; i++) {
            recent.opened(Path.of("/bundles/" + i));
        }
        recent.opened(Path.of("/bundles/18"));
        List<Path> bundles = new Recent(state()).bundles();
        assertEquals(Recent.KEPT, bundles.size());
        assertEquals(
                List.of(Path.of("/bundles/18"), Path.of("/bundles/19"), Path.of("/bundles/17")), bundles.subList(0, 3));
        assertEquals(
                PosixFilePermissions.fromString("rwx------"), Files.getPosixFilePermissions(folder.resolve("state")));
        recent.clear();
        assertEquals(List.of(), recent.bundles());
    }

    @Test
    void aListThatSomebodySpoiltIsReadAsFarAsItGoes() throws IOException {
        Files.createDirectories(folder.resolve("state"));
        Files.writeString(
                folder.resolve("state/recent.json"), "{\"bundles\":[7,\"relative\",\"/a\\u0000b\",\"/good\",null]}");
        assertEquals(List.of(Path.of("/good")), new Recent(state()).bundles());
        Files.writeString(folder.resolve("state/recent.json"), "[");
        assertEquals(List.of(), new Recent(state()).bundles());
    }

    @Test
    void theStateFolderIsTheDesktopsOwnAndARelativeOneCountsForNothing() {
        assertEquals(
                Path.of("/s/slipway"),
                StateFolder.ofPerson(Map.of("XDG_STATE_HOME", "/s")::get, "/h").path());
        Path usual = Path.of("/h/.local/state/slipway");
        assertEquals(
                usual,
                StateFolder.ofPerson(Map.of("XDG_STATE_HOME", "s")::get, "/h").path());
        assertEquals(usual, StateFolder.ofPerson(_ -> null, "/h").path());
    }

    @Test
    void theLookComesBackAndNonsenseInItIsLeftOut() throws IOException {
        Look look = new Look(1200, 800, true, Map.of("side", 0.25), "dark", 150);
        look.write(state());
        assertEquals(look, Look.read(state()));
        Files.writeString(
                folder.resolve("state/window.json"),
                "{\"width\":-5,\"height\":\"tall\",\"dividers\":{\"side\":7,\"lower\":0.5},\"percent\":9000}");
        Look read = Look.read(state());
        assertEquals(Map.of("lower", 0.5), read.dividers());
        assertEquals(0, read.width());
        assertEquals(Look.LARGEST, read.percent());
        assertFalse(read.maximized());
    }
}
