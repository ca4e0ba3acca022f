package org.slipway.helper.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;
import org.slipway.helper.libc.Fd;
import org.slipway.helper.libc.Sockets;
import org.slipway.model.test.Requirement;

/** What is said to rtnetlink(7), and what is made of its answers: as bytes on a little-endian machine. */
class MessageTest {

    private static final int PERMANENT = 0x80;

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] text(String text) {
        return (text + "\0").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    @Test
    void aRequestIsLaidOutAsTheKernelReadsIt() {
        byte[] request = new Message(18, 1, Link.fixed(7, 1, 1))
                .attribute(3, "eth0")
                .attribute(28, 5)
                .encode(9);
        assertArrayEquals(
                bytes("34000000 1200 0100 09000000 00000000" + "00000000 07000000 01000000 01000000"
                                + "0900 0300 65746830 00 000000" + "0800 1c00 05000000")
                        .array(),
                request);
    }

    @Test
    void aLengthThatDoesNotFitIsRefusedAndNeverWraps() {
        Message message = new Message(16, 1, Link.fixed(0, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> message.attribute(3, new byte[0x10000 - 4]));
        assertThrows(IllegalArgumentException.class, () -> message.attribute(3, new byte[1 << 20]));
        message.attribute(3, new byte[0xfff0 - 64]);
        assertThrows(IllegalArgumentException.class, () -> message.attribute(3, new byte[64]));
        assertTrue(message.encode(1).length <= 1 << 16);
    }

    @Test
    void attributesOutsideTheirMessageAreRefused() throws ErrnoException {
        assertEquals(
                Optional.of("lo"), Attributes.read(bytes("0700 0300 6c6f00 00")).text(3));
        for (String wrong : List.of("0300 0300", "0900 0300 6c6f00", "ffff 0300 6c6f00 00", "0000 0000")) {
            ErrnoException error = assertThrows(ErrnoException.class, () -> Attributes.read(bytes(wrong)), wrong);
            assertEquals(Errno.EBADMSG, error.errno());
        }
    }

    @Test
    void noAnswerHoweverOddLeadsOutOfItsPacket() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] packet = new byte[random.nextInt(96)];
            random.nextBytes(packet);
            ByteBuffer buffer = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
            if (packet.length >= 16 && i % 2 == 0) {
                buffer.putInt(0, random.nextInt(packet.length + 8)).putInt(8, 1);
            }
            List<ByteBuffer> bodies = new ArrayList<>();
            try {
                Answer.read(buffer, 1, "call", bodies, true, false);
                for (ByteBuffer body : bodies) {
                    Attributes.read(body);
                }
            } catch (ErrnoException e) {
                assertTrue(e.errno().number() != 0);
            }
        }
    }

    @Test
    void anAnswerEndsWithItsLastPartAndAnErrorIsTheKernels() throws ErrnoException {
        List<ByteBuffer> bodies = new ArrayList<>();
        String part = "14000000 1000 0200 01000000 00000000 01020304";
        assertFalse(Answer.read(bytes(part + part), 1, "call", bodies, true, false));
        assertEquals(2, bodies.size());
        assertTrue(Answer.read(bytes("14000000 0300 0200 01000000 00000000 00000000"), 1, "call", bodies, true, false));
        assertFalse(Answer.read(bytes(part.replace("01000000", "02000000")), 1, "call", bodies, false, false));
        ErrnoException error = assertThrows(
                ErrnoException.class,
                () -> Answer.read(
                        bytes("14000000 0200 0000 01000000 00000000 edffffff"), 1, "call", bodies, false, true));
        assertEquals(Errno.ENODEV, error.errno());
    }

    @Test
    void aListThatChangedWhileItWasToldIsAskedForOnceMore() throws Exception {
        Fd[] pair = Sockets.pair(Sockets.SOCK_SEQPACKET);
        try (Fd kernel = pair[1];
                RouteSocket socket = new RouteSocket(pair[0])) {
            String link = "24000000 1000 %s 0%d000000 00000000" + "00000000 0%d000000 00000000 00000000 04000300";
            String end = "14000000 0300 %s 0%d000000 00000000 00000000";
            for (String packet : List.of(
                    link.formatted("0200", 1, 5),
                    link.formatted("1200", 1, 6),
                    end.formatted("0200", 1),
                    link.formatted("0200", 2, 7),
                    end.formatted("0200", 2))) {
                byte[] bytes = bytes(packet).array();
                assertEquals(bytes.length, Sockets.send(kernel, bytes, 0, bytes.length, List.of()));
            }
            assertEquals(List.of(7), socket.links().stream().map(Link::index).toList());
        }
    }

    private static Traits traits(String attributes) throws ErrnoException {
        return Link.read(bytes("00000000 07000000 00000000 00000000" + attributes))
                .traits();
    }

    @Test
    @Requirement("NETDEV-10")
    void anotherInterfaceIsNotTakenForTheOneThatWasMoved() throws ErrnoException {
        String kind = "10001200 0a000100 76657468 0000 0000"; // IFLA_LINKINFO with IFLA_INFO_KIND "veth"
        Traits veth = traits(kind + "0a000100 020000001234 0000" + "08000500 09000000");
        assertEquals(new Traits("veth", "020000001234", "", "", 9), veth);
        assertTrue(veth.recognise(veth, index -> false));
        assertFalse(veth.recognise(new Traits("dummy", "020000001234", "", "", 9), index -> false));
        assertFalse(veth.recognise(new Traits("veth", "020000001235", "", "", 9), index -> false));
        assertFalse(veth.recognise(new Traits("veth", "020000001234", "", "", 8), index -> false));
        assertTrue(veth.recognise(new Traits("veth", "020000001234", "", "", 8), index -> index == 8), "moved too");
        Traits card = traits("0a000100 020000001234 0000" + "0a003600 525400123456 0000" + "08003900 70636900"
                + "08003800 303a3300");
        assertEquals(new Traits("", "020000001234", "525400123456", "pci/0:3", 0), card);
        assertTrue(card.recognise(new Traits("", "020000009999", "525400123456", "pci/0:3", 0), index -> false));
        assertFalse(card.recognise(new Traits("", "020000001234", "525400123457", "pci/0:3", 0), index -> false));
        assertFalse(card.recognise(new Traits("", "020000001234", "525400123456", "pci/0:4", 0), index -> false));
    }

    private static Address address(int family, int flags, int scope) {
        Map<Integer, byte[]> attributes = new LinkedHashMap<>();
        attributes.put(1, new byte[] {10, 0, 0, 1});
        attributes.put(6, new byte[16]);
        attributes.put(3, text("eth0:1"));
        return new Address(family, 24, flags, scope, 7, attributes);
    }

    @Test
    @Requirement("NETDEV-06")
    void permanentAddressesOfGlobalScopeGoAlongTemporaryAndLocalOnesDoNot() {
        assertTrue(address(2, PERMANENT, 0).moves());
        assertTrue(address(2, PERMANENT | 1, 0).moves(), "a second address of IPv4");
        assertTrue(address(10, PERMANENT, 0).moves());
        assertTrue(address(29, PERMANENT, 0).moves(), "another family");
        assertFalse(address(10, PERMANENT | 1, 0).moves(), "a temporary address of IPv6");
        assertFalse(address(10, 0, 0).moves(), "one that a router gave");
        assertFalse(address(10, PERMANENT, 253).moves(), "link-local");
        assertFalse(address(2, PERMANENT, 254).moves(), "host");
    }

    @Test
    @Requirement("NETDEV-06")
    void anAddressIsAddedAsItWasUnderTheNewName() throws ErrnoException {
        byte[] request =
                address(2, PERMANENT | 0x200, 0).adding(20, 5, 3, "eth0", "net").encode(1);
        ByteBuffer body =
                ByteBuffer.wrap(request, 16, request.length - 16).slice().order(ByteOrder.LITTLE_ENDIAN);
        Address read = Address.read(body);
        assertEquals(
                List.of(2, 24, 0x200, 0, 3),
                List.of(read.family(), read.prefix(), read.flags(), read.scope(), read.index()));
        assertEquals(java.util.Set.of(1, 3), read.attributes().keySet());
        assertArrayEquals(text("net:1"), read.attributes().get(3));
    }
}
