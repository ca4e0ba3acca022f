package org.slipway.model.plan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.slipway.model.plan.DeviceRules.Rule;

/**
 * Device rules as an eBPF program of type cgroup-device (cgroup v2).
 *
 * <p>The kernel calls it with {@code struct bpf_cgroup_dev_ctx}: {@code u32 access << 16 | type}, {@code u32 major}, {@code u32 minor};
 * type 1 is block, 2 is character; the answer 1 allows. The program looks at the rules from the last to the first, since the last
 * that names an access decides it: an allowing rule takes its letters off what is still undecided, a denying one refuses if any of its
 * letters is. When nothing is undecided the access is allowed; what no rule names is denied.
 */
final class DeviceProgram {

    private static final int LOAD_WORD = 0x61;
    private static final int AND32 = 0x54;
    private static final int SHIFT_RIGHT32 = 0x74;
    private static final int MOVE64 = 0xbf;
    private static final int MOVE_CONSTANT = 0xb7;
    private static final int JUMP_UNLESS_EQUAL = 0x55;
    private static final int JUMP_IF_ANY = 0x45;
    private static final int JUMP = 0x05;
    private static final int EXIT = 0x95;

    private static final int RESULT = 0;
    private static final int CONTEXT = 1;
    private static final int TYPE = 2;
    private static final int UNDECIDED = 3;
    private static final int MAJOR = 4;
    private static final int MINOR = 5;

    private final List<Instruction> code = new ArrayList<>();

    private DeviceProgram() {}

    /** The program as {@code struct bpf_insn[]}. */
    static Blob compile(List<Rule> rules) {
        DeviceProgram program = new DeviceProgram();
        program.prologue();
        boolean reachable = true;
        for (Rule rule : rules.reversed()) {
            program.rule(rule);
            if (rule.isEverything()) {
                reachable = false; // the kernel refuses a program with instructions that cannot be reached
                break;
            }
        }
        if (reachable) {
            program.answer(0);
        }
        return program.blob();
    }

    private void prologue() {
        add(LOAD_WORD, TYPE, CONTEXT, 0, 0);
        add(MOVE64, UNDECIDED, TYPE, 0, 0);
        add(AND32, TYPE, 0, 0, 0xffff);
        add(SHIFT_RIGHT32, UNDECIDED, 0, 0, 16);
        add(LOAD_WORD, MAJOR, CONTEXT, 4, 0);
        add(LOAD_WORD, MINOR, CONTEXT, 8, 0);
    }

    private void rule(Rule rule) {
        List<Integer> toNext = new ArrayList<>();
        if (rule.type() != 'a') {
            toNext.add(add(JUMP_UNLESS_EQUAL, TYPE, 0, 0, rule.type() == 'b' ? 1 : 2));
        }
        rule.major().ifPresent(major -> toNext.add(add(JUMP_UNLESS_EQUAL, MAJOR, 0, 0, major.intValue())));
        rule.minor().ifPresent(minor -> toNext.add(add(JUMP_UNLESS_EQUAL, MINOR, 0, 0, minor.intValue())));
        if (rule.access() != DeviceRules.ALL) {
            if (rule.allow()) {
                add(AND32, UNDECIDED, 0, 0, ~rule.access() & DeviceRules.ALL);
                toNext.add(add(JUMP_UNLESS_EQUAL, UNDECIDED, 0, 0, 0));
            } else {
                add(JUMP_IF_ANY, UNDECIDED, 0, 1, rule.access());
                toNext.add(add(JUMP, 0, 0, 0, 0));
            }
        }
        answer(rule.allow() ? 1 : 0);
        toNext.forEach(place -> code.set(place, code.get(place).jumpingTo(code.size() - place - 1)));
    }

    private void answer(int allowed) {
        add(MOVE_CONSTANT, RESULT, 0, 0, allowed);
        add(EXIT, 0, 0, 0, 0);
    }

    private int add(int opcode, int destination, int source, int offset, int constant) {
        code.add(new Instruction(opcode, destination, source, offset, constant));
        return code.size() - 1;
    }

    private Blob blob() {
        ByteBuffer bytes = ByteBuffer.allocate(code.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (Instruction each : code) {
            bytes.put((byte) each.opcode)
                    .put((byte) ((each.source << 4) | each.destination))
                    .putShort((short) each.offset)
                    .putInt(each.constant);
        }
        return Blob.of(bytes.array());
    }

    private record Instruction(int opcode, int destination, int source, int offset, int constant) {

        Instruction jumpingTo(int distance) {
            return new Instruction(opcode, destination, source, distance, constant);
        }
    }
}
