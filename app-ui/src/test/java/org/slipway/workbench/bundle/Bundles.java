package org.slipway.workbench.bundle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slipway.model.finding.Finding;
import org.slipway.model.finding.Rules;
import org.slipway.model.json.Document;
import org.slipway.workbench.memory.StateFolder;
import org.slipway.workbench.task.Tasks;

/** Bundles for tests. */
public final class Bundles {

    /** Small, with a blank line and an unknown member that must survive. */
    public static final String SMALL = """
            {
              "ociVersion": "1.3.0",
              "process": {
                "args": ["sh", "-c", "echo hi"],
                "env": [ "PATH=/bin" ],
                "cwd": "/",
                "user": { "uid": 0, "gid": 0 }
              },

              "x-mine": [1,2,   3],
              "root": { "path": "rootfs" },
              "hostname": "one",
              "mounts": [
                { "destination": "/proc", "type": "proc", "source": "proc" }
              ],
              "linux": {
                "namespaces": [ { "type": "pid" }, { "type": "uts" }, { "type": "mount" } ],
                "resources": { "memory": { "limit": 67108864 } }
              }
            }
            """;

    private Bundles() {}

    /** A folder with that config.json. */
    public static Path write(Path folder, String config) throws IOException {
        Files.createDirectories(folder.resolve("rootfs"));
        Files.writeString(folder.resolve("config.json"), config);
        return folder;
    }

    /** A session that does everything at once, on that text. */
    public static Session open(Path folder, String config) throws IOException {
        return open(folder, config, Tasks.immediate(), state(folder));
    }

    /** Side files out of the way of what a test counts in the bundle. */
    static SideFiles state(Path folder) {
        return SideFiles.of(new StateFolder(folder.resolve("rootfs/state")));
    }

    static Session open(Path folder, String config, Tasks tasks, SideFiles sideFiles) throws IOException {
        Session session = new Session(tasks, Bundles::check, sideFiles);
        session.open(write(folder, config), () -> {}, failure -> {
            throw new AssertionError(failure);
        });
        return session;
    }

    private static List<Finding> check(Document document) {
        return Rules.check(document);
    }
}
