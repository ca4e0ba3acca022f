package org.slipway.helper.libc;

import java.util.Optional;
import java.util.OptionalInt;
import org.slipway.model.text.ErrnoNames;

/**
 * A kernel error number with its name, as errno(3) lists them for Linux on amd64 and arm64.
 *
 * @param number the number, positive
 */
public record Errno(int number) {

    public static final Errno EPERM = new Errno(1);
    public static final Errno ENOENT = new Errno(2);
    public static final Errno ESRCH = new Errno(3);
    public static final Errno EINTR = new Errno(4);
    public static final Errno EIO = new Errno(5);
    public static final Errno EBADF = new Errno(9);
    public static final Errno ECHILD = new Errno(10);
    public static final Errno EAGAIN = new Errno(11);
    public static final Errno EACCES = new Errno(13);
    public static final Errno EBUSY = new Errno(16);
    public static final Errno EEXIST = new Errno(17);
    public static final Errno EXDEV = new Errno(18);
    public static final Errno ENODEV = new Errno(19);
    public static final Errno ENOTDIR = new Errno(20);
    public static final Errno EINVAL = new Errno(22);
    public static final Errno ENOSPC = new Errno(28);
    public static final Errno EPIPE = new Errno(32);
    public static final Errno ENAMETOOLONG = new Errno(36);
    public static final Errno ENOTEMPTY = new Errno(39);
    public static final Errno EOPNOTSUPP = new Errno(95);
    public static final Errno EBADMSG = new Errno(74);
    public static final Errno EPROTOTYPE = new Errno(91);
    public static final Errno ETIMEDOUT = new Errno(110);
    public static final Errno ECONNREFUSED = new Errno(111);
    public static final Errno ESTALE = new Errno(116);

    /** Its name, such as {@code ENOENT}; {@code E<number>} for one that this table does not know. */
    public String name() {
        return ErrnoNames.of(number);
    }

    /** The error with that name. */
    public static Optional<Errno> named(String name) {
        OptionalInt number = ErrnoNames.number(name);
        return number.isPresent() ? Optional.of(new Errno(number.getAsInt())) : Optional.empty();
    }

    @Override
    public String toString() {
        return name();
    }
}
