package org.slipway.helper.run;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.helper.store.Folder;
import org.slipway.model.plan.RecordOp.RemoveStateFile;
import org.slipway.model.plan.RecordOp.WriteStateFile;

class StateFileTest {

    @TempDir
    private Path temp;

    private Folder folder(String name) throws IOException {
        return Folder.at(Files.createDirectories(temp.resolve("records").resolve(name)));
    }

    /** The path has no owner in it: two people may choose the same id. */
    @Test
    void theUndoOfOneCreateLeavesWhatAnotherHasMade() throws Exception {
        Path directory = temp.resolve("public/containers/same");
        Path link = temp.resolve("links/same");
        WriteStateFile write = new WriteStateFile(directory.toString(), link.toString(), "{\"pid\":", "}");
        RemoveStateFile remove = new RemoveStateFile(directory.toString(), link.toString());
        StateFile.write(write, 1, folder("first"));
        assertThrows(FileAlreadyExistsException.class, () -> StateFile.write(write, 2, folder("second")));
        StateFile.remove(remove, folder("second"));
        assertTrue(Files.readString(directory.resolve("state.json")).contains("1"));
        assertTrue(Files.isSymbolicLink(link));
        StateFile.remove(remove, folder("first"));
        assertFalse(Files.exists(directory));
        assertFalse(Files.isSymbolicLink(link));
        StateFile.write(write, 2, folder("second"));
        StateFile.remove(remove, folder("first"));
        assertTrue(Files.readString(directory.resolve("state.json")).contains("2"), "the first one's is gone long ago");
    }
}
