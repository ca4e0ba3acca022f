package org.slipway.helper.network;

import java.nio.ByteBuffer;
import java.util.List;
import org.slipway.helper.libc.Errno;
import org.slipway.helper.libc.ErrnoException;

/** One packet of answers, taken apart: netlink(7). */
final class Answer {

    private static final int NLMSG_NOOP = 1;
    private static final int NLMSG_ERROR = 2;
    private static final int NLMSG_DONE = 3;
    private static final int DUMP_INTERRUPTED = 0x10;

    private Answer() {}

    /**
     * Reads a packet.
     *
     * @param bodies gets what follows the headers of those that answer
     * @param dump whether the end is told by a message of its own
     * @param acknowledged whether the end is told by an error of 0
     * @return whether the answer is complete
     * @throws ErrnoException the kernel's error, or EBADMSG for lengths that lead out of the packet
     */
    static boolean read(
            ByteBuffer packet, int sequence, String call, List<ByteBuffer> bodies, boolean dump, boolean acknowledged)
            throws ErrnoException {
        boolean ended = false;
        while (packet.remaining() >= Message.HEADER) {
            int at = packet.position();
            int length = packet.getInt(at);
            if (length < Message.HEADER || length > packet.remaining()) {
                throw new ErrnoException(call, Errno.EBADMSG);
            }
            ByteBuffer body =
                    packet.slice(at + Message.HEADER, length - Message.HEADER).order(packet.order());
            boolean ours = packet.getInt(at + 8) == sequence;
            int type = Short.toUnsignedInt(packet.getShort(at + 4));
            packet.position(at + Math.min(packet.remaining(), Message.aligned(length)));
            if (!ours || type == NLMSG_NOOP) {
                continue;
            }
            if (type == NLMSG_ERROR || type == NLMSG_DONE) {
                refuse(body, call);
                ended = true;
            } else {
                bodies.add(body);
                ended |= !dump && !acknowledged;
            }
        }
        return ended;
    }

    /** Whether the kernel says of a dump that it is not of one moment, since something changed meanwhile: NLM_F_DUMP_INTR. */
    static boolean interrupted(ByteBuffer packet, int sequence) {
        int at = packet.position();
        while (packet.limit() - at >= Message.HEADER && packet.getInt(at) >= Message.HEADER) {
            if (packet.getInt(at + 8) == sequence && (packet.getShort(at + 6) & DUMP_INTERRUPTED) != 0) {
                return true;
            }
            at += Math.min(packet.limit() - at, Message.aligned(packet.getInt(at)));
        }
        return false;
    }

    private static void refuse(ByteBuffer body, String call) throws ErrnoException {
        int error = body.remaining() >= 4 ? body.getInt(0) : 0;
        if (error < 0) {
            throw new ErrnoException(call, new Errno(-error));
        }
    }
}
