package org.slipway.helper.varlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.helper.door.Admission;
import org.slipway.helper.door.RuntimeDirectory;
import org.slipway.helper.reactor.Reactor;

/** Peers that really are somebody else, by the program {@code slipway} under setpriv and unshare. Needs root. */
@Tag("kernel")
@Timeout(60)
class DoorsKernelTest {

    private static final int SOMEBODY = 64001;
    private static final String REFUSED = "refused the command: org.slipway.Helper.NotAllowed";

    @TempDir
    Path temporary;

    private Reactor reactor;
    private RuntimeDirectory directory;
    private Server server;
    private Path client;

    @BeforeEach
    void open() throws Exception {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        client = Files.copy(Path.of("../native/target/slipway"), temporary.resolve("slipway"));
        reactor = Reactor.start();
        directory = RuntimeDirectory.take(temporary.resolve("r"));
        server = new Server(reactor, new Admission(OptionalInt.of(SOMEBODY)), new FakeService());
        server.serve(directory.listen("admin.sock"), false);
        server.serve(directory.listen("user.sock"), true);
    }

    @AfterEach
    void close() {
        server.close();
        directory.close();
        reactor.close();
    }

    private record Said(int status, String text) {}

    private Said ask(String door, String... around) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(around));
        command.addAll(List.of(client.toString(), "list"));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put("SLIPWAY_SOCKET", directory.path().resolve(door).toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Said(process.waitFor(), text);
    }

    private static String[] as(int uid) {
        return new String[] {"setpriv", "--reuid", "" + uid, "--regid", "" + uid, "--clear-groups"};
    }

    @Test
    void theNamedPersonIsAdministratorAndOthersAreNot() throws Exception {
        // the fake service answers an accepted command with three bytes that are no frame
        assertFalse(ask("admin.sock", as(SOMEBODY)).text().contains(REFUSED));
        Said petitioner = ask("admin.sock", as(SOMEBODY + 1));
        assertEquals(125, petitioner.status());
        assertTrue(petitioner.text().contains(REFUSED), petitioner.text());
        assertFalse(ask("user.sock", as(SOMEBODY + 1)).text().contains(REFUSED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--user --map-root-user", "--mount", "--pid --fork"})
    void aPeerInOtherNamespacesIsRefusedAtBothDoorsEvenAsRoot(String namespaces) throws Exception {
        List<String> around = new ArrayList<>(List.of("unshare"));
        around.addAll(List.of(namespaces.split(" ", -1)));
        for (String door : List.of("admin.sock", "user.sock")) {
            Said said = ask(door, around.toArray(String[]::new));
            assertEquals(125, said.status(), said.text());
            assertTrue(said.text().contains(REFUSED), said.text());
        }
    }
}
