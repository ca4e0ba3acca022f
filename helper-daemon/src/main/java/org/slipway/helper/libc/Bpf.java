package org.slipway.helper.libc;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;

/** Device programs of cgroup v2, by bpf(2). */
public final class Bpf {

    private static final int PROG_LOAD = 5;
    private static final int PROG_ATTACH = 8;
    private static final int TYPE_CGROUP_DEVICE = 15;
    private static final int ATTACH_CGROUP_DEVICE = 6;
    private static final int PROG_GET_FD_BY_ID = 13;
    private static final int PROG_QUERY = 16;
    private static final int ALLOW_MULTI = 2;
    private static final int REPLACE = 4;
    /** More than one cgroup can have (BPF_CGROUP_MAX_PROGS). */
    private static final int MOST = 64;

    /** More than any kernel's union bpf_attr; what it does not know must be zero. */
    private static final int ATTRIBUTES = 256;

    private static final int SIZE = 120;

    private Bpf() {}

    /** Loads a program of type BPF_PROG_TYPE_CGROUP_DEVICE and attaches it to a cgroup directory, which then holds it. */
    public static void attachDeviceFilter(Fd cgroup, byte[] instructions) throws ErrnoException {
        try (Fd program = load(instructions);
                Memory attributes = new Memory(ATTRIBUTES)) {
            attributes.clear();
            attributes.setInt(0, cgroup.number());
            attributes.setInt(4, program.number());
            attributes.setInt(8, ATTACH_CGROUP_DEVICE);
            attributes.setInt(12, ALLOW_MULTI);
            C.check(call(PROG_ATTACH, attributes), "bpf(BPF_PROG_ATTACH)");
        }
    }

    /**
     * Puts a program in the place of the one that is attached to a cgroup itself; the kernel does it in one step.
     *
     * @return false if none was attached, and the program is now
     * @throws ErrnoException EEXIST if several are: they are not all ours
     */
    public static boolean replaceDeviceFilter(Fd cgroup, byte[] instructions) throws ErrnoException {
        int[] attached = attached(cgroup);
        if (attached.length == 0) {
            attachDeviceFilter(cgroup, instructions);
            return false;
        } else if (attached.length > 1) {
            throw new ErrnoException("bpf(BPF_PROG_QUERY)", Errno.EEXIST);
        }
        try (Fd program = load(instructions);
                Fd former = byId(attached[0]);
                Memory attributes = new Memory(ATTRIBUTES)) {
            attributes.clear();
            attributes.setInt(0, cgroup.number());
            attributes.setInt(4, program.number());
            attributes.setInt(8, ATTACH_CGROUP_DEVICE);
            attributes.setInt(12, ALLOW_MULTI | REPLACE);
            attributes.setInt(16, former.number());
            C.check(call(PROG_ATTACH, attributes), "bpf(BPF_PROG_ATTACH, BPF_F_REPLACE)");
            return true;
        }
    }

    /** The ids of the programs of this type that are attached to a cgroup itself. */
    private static int[] attached(Fd cgroup) throws ErrnoException {
        try (Memory ids = new Memory(4L * MOST);
                Memory attributes = new Memory(ATTRIBUTES)) {
            ids.clear();
            attributes.clear();
            attributes.setInt(0, cgroup.number());
            attributes.setInt(4, ATTACH_CGROUP_DEVICE);
            attributes.setPointer(16, ids);
            attributes.setInt(24, MOST);
            C.check(call(PROG_QUERY, attributes), "bpf(BPF_PROG_QUERY)");
            return ids.getIntArray(0, attributes.getInt(24));
        }
    }

    private static Fd byId(int id) throws ErrnoException {
        try (Memory attributes = new Memory(ATTRIBUTES)) {
            attributes.clear();
            attributes.setInt(0, id);
            return Fd.of((int) C.check(call(PROG_GET_FD_BY_ID, attributes), "bpf(BPF_PROG_GET_FD_BY_ID)"));
        }
    }

    private static Fd load(byte[] instructions) throws ErrnoException {
        try (Memory code = new Memory(Math.max(8, instructions.length));
                Memory licence = new Memory(16);
                Memory attributes = new Memory(ATTRIBUTES)) {
            code.write(0, instructions, 0, instructions.length);
            licence.setString(0, "Apache-2.0");
            attributes.clear();
            attributes.setInt(0, TYPE_CGROUP_DEVICE);
            attributes.setInt(4, instructions.length / 8);
            attributes.setPointer(8, code);
            attributes.setPointer(16, licence);
            return Fd.of((int) C.check(call(PROG_LOAD, attributes), "bpf(BPF_PROG_LOAD)"));
        }
    }

    private static long call(int command, Memory attributes) {
        return C.syscall(Machine.own().bpf(), command, Pointer.nativeValue(attributes), SIZE, 0, 0, 0);
    }
}
