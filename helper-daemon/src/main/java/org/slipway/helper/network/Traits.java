package org.slipway.helper.network;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.slipway.helper.libc.ErrnoException;

/**
 * What an interface is known by besides its index, which whoever rules a network namespace may give to another one of their making. What
 * the kernel does not tell of an interface is empty, or 0.
 *
 * @param kind such as {@code veth}; empty for hardware
 * @param address of the link layer, which may be changed
 * @param permanent address of the hardware, which may not
 * @param device in which it lies, such as {@code pci/0000:00:03.0}
 * @param link the index of the interface it stands on, or of its other end
 */
record Traits(String kind, String address, String permanent, String device, int link) {

    private static final int ADDRESS = 1;
    private static final int LINK = 5;
    private static final int LINKINFO = 18;
    private static final int INFO_KIND = 1;
    private static final int PERM_ADDRESS = 54;
    private static final int PARENT_DEV_NAME = 56;
    private static final int PARENT_DEV_BUS_NAME = 57;

    static Traits of(Attributes attributes, ByteOrder order) throws ErrnoException {
        byte[] info = attributes.all().getOrDefault(LINKINFO, new byte[0]);
        return new Traits(
                Attributes.read(ByteBuffer.wrap(info).order(order))
                        .text(INFO_KIND)
                        .orElse(""),
                hex(attributes, ADDRESS),
                hex(attributes, PERM_ADDRESS),
                attributes
                        .text(PARENT_DEV_NAME)
                        .map(name -> attributes.text(PARENT_DEV_BUS_NAME).orElse("") + "/" + name)
                        .orElse(""),
                Optional.ofNullable(attributes.all().get(LINK))
                        .filter(value -> value.length == 4)
                        .map(value -> ByteBuffer.wrap(value).order(order).getInt())
                        .orElse(0));
    }

    private static String hex(Attributes attributes, int type) {
        return HexFormat.of().formatHex(attributes.all().getOrDefault(type, new byte[0]));
    }

    /**
     * Whether an interface with those traits can be this one.
     *
     * @param moved whether an index is that of the interface that this one's {@code link} has become
     */
    boolean recognise(Traits other, IntPredicate moved) {
        return kind.equals(other.kind)
                && permanent.equals(other.permanent)
                && device.equals(other.device)
                && (!permanent.isEmpty() || address.equals(other.address))
                && (link == other.link || moved.test(other.link));
    }
}
