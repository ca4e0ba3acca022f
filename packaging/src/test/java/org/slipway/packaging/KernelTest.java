package org.slipway.packaging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.slipway.model.test.Watched;

/** What the tests of this module have in common: one helper for a class, a folder for bundles, and nothing may be left behind. */
@Tag("kernel")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class KernelTest implements Watched {

    Path work;
    Helper helper;
    private int bundles;

    @Override
    public List<Path> stateDirectories() {
        return List.of(helper.root());
    }

    @Override
    public List<Long> helpers() {
        return List.of(helper.pid());
    }

    @BeforeAll
    void startHelper() throws IOException {
        work = Files.createTempDirectory("slipway-test");
        helper = new Helper(
                Path.of("/run/slipway-test-" + ProcessHandle.current().pid()));
    }

    /** So that a test that fails half-way does not disturb the next; what else it leaves, the leak check finds. */
    @AfterEach
    void endContainers() {
        for (var id : helper.slipway("list", "-q").out().lines().toList()) {
            helper.slipway("delete", "--force", id);
        }
    }

    @AfterAll
    void endHelper() {
        helper.close();
        Shell.run("rm", "-rf", "--one-file-system", work.toString());
    }

    /** A new bundle that runs this script. */
    Bundle bundle(String script) {
        return Bundle.in(work.resolve("bundle-" + bundles++), script);
    }

    /** A bundle that is created under this id. */
    Bundle created(String id, String script) {
        var bundle = bundle(script);
        helper.create(id, bundle);
        return bundle;
    }

    /** Ends the container, whatever it does. */
    void gone(String id) {
        helper.ok("delete", "--force", id);
    }
}
