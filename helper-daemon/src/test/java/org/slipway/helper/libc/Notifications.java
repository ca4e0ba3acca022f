package org.slipway.helper.libc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The other end of a filter that notifies, see seccomp_unotify(2): answers calls as a listener does. */
public final class Notifications {

    private static final long RECEIVE = 0xC0502100L; // SECCOMP_IOCTL_NOTIF_RECV, struct seccomp_notif of 80 bytes
    private static final long SEND = 0xC0182101L; // SECCOMP_IOCTL_NOTIF_SEND, struct seccomp_notif_resp of 24 bytes

    private Notifications() {}

    /**
     * Waits for one call and refuses it.
     *
     * @return the call's number
     */
    public static int refuseOne(Fd listener, int errno) throws ErrnoException {
        byte[] received = new byte[80];
        C.check(C.ioctl(listener.number(), RECEIVE, received), "ioctl(SECCOMP_IOCTL_NOTIF_RECV)");
        ByteBuffer call = ByteBuffer.wrap(received).order(ByteOrder.nativeOrder());
        ByteBuffer answer = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
        answer.putLong(0, call.getLong(0)).putInt(16, -errno);
        C.check(C.ioctl(listener.number(), SEND, answer.array()), "ioctl(SECCOMP_IOCTL_NOTIF_SEND)");
        return call.getInt(16);
    }
}
