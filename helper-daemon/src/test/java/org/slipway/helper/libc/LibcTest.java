package org.slipway.helper.libc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibcTest {

    @Test
    void aRefusedCallNamesItselfAndTheError() {
        ErrnoException e =
                assertThrows(ErrnoException.class, () -> Descriptors.open("/no/such/file", Descriptors.O_RDONLY, 0));
        assertEquals("open(\"/no/such/file\"): ENOENT", e.getMessage());
        assertEquals(Optional.of(Errno.ENOENT), Errno.named("ENOENT"));
        assertEquals("E4000", new Errno(4000).name());
    }

    @Test
    void aPathWithNulIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Descriptors.open("/tmp/a\0b", Descriptors.O_RDONLY, 0));
    }

    @Test
    void aSocketPathTooLongIsRefused(@TempDir Path folder) {
        ErrnoException e = assertThrows(
                ErrnoException.class,
                () -> Sockets.connect(
                        Sockets.SOCK_STREAM, folder.resolve("x".repeat(120)).toString()));
        assertEquals(Errno.ENAMETOOLONG, e.errno());
    }

    @Test
    void descriptorsTravelWithTheirPacket() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.SOCK_SEQPACKET);
        try (Fd left = pair[0];
                Fd right = pair[1];
                Fd memory = Descriptors.sealed("test", "hello".getBytes(StandardCharsets.UTF_8), false);
                Fd null1 = Descriptors.open("/dev/null", Descriptors.O_RDWR, 0)) {
            assertEquals(Optional.empty(), Sockets.receive(right, new byte[16]));
            assertEquals(3, Sockets.send(left, new byte[] {1, 2, 3}, 0, 3, List.of(memory, null1)));
            Sockets.Received received = Sockets.receive(right, new byte[16]).orElseThrow();
            assertEquals(3, received.count());
            assertEquals(2, received.descriptors().size());
            try (Fd copy = received.descriptors().get(0);
                    Fd other = received.descriptors().get(1)) {
                assertEquals("hello", Files.readString(Path.of("/proc/self/fd/" + copy.number())));
                assertEquals(Path.of("/dev/null"), Files.readSymbolicLink(Path.of("/proc/self/fd/" + other.number())));
            }
        }
    }

    @Test
    void asManyDescriptorsAsTheKernelCarriesArrive() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.SOCK_STREAM);
        try (Fd left = pair[0];
                Fd right = pair[1];
                Fd file = Descriptors.open("/dev/null", Descriptors.O_RDONLY, 0)) {
            List<Fd> many = new ArrayList<>();
            for (int i = 0; i < Sockets.MAX_DESCRIPTORS; i++) {
                many.add(file);
            }
            assertEquals(1, Sockets.send(left, new byte[1], 0, 1, many));
            Sockets.Received received = Sockets.receive(right, new byte[8]).orElseThrow();
            received.descriptors().forEach(Fd::close);
            assertEquals(Sockets.MAX_DESCRIPTORS, received.descriptors().size());
        }
    }

    @Test
    void thePeerIsWhoTheKernelSays() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.SOCK_STREAM);
        try (Fd left = pair[0];
                Fd right = pair[1]) {
            assertEquals(ProcessHandle.current().pid(), Sockets.peer(left).pid());
            assertEquals(Processes.uid(), Sockets.peer(right).uid());
        }
    }

    @Test
    void aSealedFileCannotBeWritten() throws Exception {
        try (Fd memory = Descriptors.sealed("test", new byte[] {1}, false)) {
            ErrnoException e = assertThrows(ErrnoException.class, () -> Descriptors.write(memory, new byte[] {2}));
            assertEquals(Errno.EPERM, e.errno());
        }
    }

    @Test
    void aSpawnedProgramHasExactlyTheGivenDescriptors() throws Exception {
        Fd[] pipe = Descriptors.pipe(0);
        try (Fd reading = pipe[0];
                Fd empty = Descriptors.open("/dev/null", Descriptors.O_RDWR, 0)) {
            int pid;
            try (Fd writing = pipe[1]) {
                pid = Processes.spawn(
                        "/bin/sh",
                        List.of("sh", "-c", "echo $ONLY; ls /proc/self/fd; exit 7"),
                        List.of("ONLY=one", "PATH=/bin:/usr/bin"),
                        List.of(empty, writing, writing, empty));
            }
            // ls itself opens the directory as descriptor 4
            assertEquals("one\n0\n1\n2\n3\n4\n", readToEnd(reading));
            try (Fd pidfd = Processes.pidfd(pid)) {
                while (!Processes.ended(pidfd)) {
                    Thread.sleep(5);
                }
                assertEquals(OptionalInt.of(7 << 8), Processes.reap(pid));
                ErrnoException gone = assertThrows(ErrnoException.class, () -> Processes.signal(pidfd, 9));
                assertEquals(Errno.ESRCH, gone.errno());
            }
        }
    }

    @Test
    void aProgramThatIsMissingIsNotSpawned() throws Exception {
        try (Fd empty = Descriptors.open("/dev/null", Descriptors.O_RDWR, 0)) {
            ErrnoException e = assertThrows(
                    ErrnoException.class,
                    () -> Processes.spawn("/no/program", List.of("x"), List.of(), List.of(empty, empty, empty)));
            assertEquals(Errno.ENOENT, e.errno());
        }
    }

    private static String readToEnd(Fd fd) throws ErrnoException {
        StringBuilder text = new StringBuilder();
        byte[] buffer = new byte[4096];
        for (int count = Descriptors.read(fd, buffer); count > 0; count = Descriptors.read(fd, buffer)) {
            text.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
        }
        assertTrue(text.length() < 4096, "too much");
        return text.toString();
    }
}
