package org.slipway.helper.libc;

/** The few mounts of the helper itself; those of containers are made inside them. */
public final class Mounts {

    private static final long BIND = 0x1000;
    private static final int DETACH = 2;
    private static final int NO_FOLLOW = 8;

    private Mounts() {}

    /** Makes an open file appear at a path, which must be there. */
    public static void bind(Fd file, String at) throws ErrnoException {
        byte[] source = C.text("/proc/self/fd/" + file.number());
        C.check(C.mount(source, C.text(at), null, BIND, null), "mount(\"" + at + "\", MS_BIND)");
    }

    /** Takes a mount away; false if nothing is mounted there. */
    public static boolean detach(String at) throws ErrnoException {
        if (C.umount2(C.text(at), DETACH | NO_FOLLOW) == 0) {
            return true;
        }
        Errno errno = C.errno();
        if (errno.equals(Errno.EINVAL) || errno.equals(Errno.ENOENT)) {
            return false;
        }
        throw new ErrnoException("umount2(\"" + at + "\")", errno);
    }
}
