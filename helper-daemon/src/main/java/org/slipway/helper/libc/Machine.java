package org.slipway.helper.libc;

/**
 * What the kernel's interface has different numbers for on the two architectures that Slipway runs on. All that is not here is
 * the same on both, or comes from the kernel's headers when the launcher is compiled.
 *
 * @param name as {@code uname -m} says it
 * @param directory O_DIRECTORY, see open(2) and the headers asm/fcntl.h
 * @param noFollow O_NOFOLLOW
 * @param bpf the number of bpf(2), see asm/unistd.h
 * @param schedSetattr the number of sched_setattr(2); that of sched_getattr(2) is the next
 * @param ioprioSet the number of ioprio_set(2); that of ioprio_get(2) is the next
 * @param epollEvent bytes of struct epoll_event, which is packed on x86-64 alone, see linux/eventpoll.h
 */
public record Machine(
        String name, int directory, int noFollow, long bpf, long schedSetattr, long ioprioSet, int epollEvent) {

    static final Machine X86_64 = new Machine("x86_64", 0200000, 0400000, 321, 314, 251, 12);

    static final Machine AARCH64 = new Machine("aarch64", 040000, 0100000, 280, 274, 30, 16);

    private static final Machine OWN = of(System.getProperty("os.arch", ""));

    /** The machine that this program runs on. */
    public static Machine own() {
        return OWN;
    }

    /**
     * The machine that Java calls by that name.
     *
     * @throws IllegalArgumentException on any but the two
     */
    static Machine of(String arch) {
        return switch (arch) {
            case "amd64" -> X86_64;
            case "aarch64" -> AARCH64;
            default -> throw new IllegalArgumentException("Slipway runs on x86-64 and arm64, not on '" + arch + "'");
        };
    }
}
