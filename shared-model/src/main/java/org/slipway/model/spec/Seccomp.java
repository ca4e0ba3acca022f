package org.slipway.model.spec;

import java.util.List;
import java.util.Optional;

/** The system call filter; names of actions, architectures, flags and operators are those of the file. */
public record Seccomp(
        String defaultAction,
        Optional<Long> defaultErrnoRet,
        List<String> architectures,
        List<String> flags,
        Optional<String> listenerPath,
        Optional<String> listenerMetadata,
        List<Syscall> syscalls) {

    static Seccomp read(Member seccomp) {
        return new Seccomp(
                seccomp.require("defaultAction").text(),
                seccomp.u32("defaultErrnoRet"),
                seccomp.texts("architectures"),
                seccomp.texts("flags"),
                seccomp.text("listenerPath").filter(path -> !path.isEmpty()),
                seccomp.text("listenerMetadata").filter(text -> !text.isEmpty()),
                seccomp.list("syscalls", Syscall::read));
    }

    /** Whether an action hands calls to a listener. */
    public boolean notifies() {
        return defaultAction.equals("SCMP_ACT_NOTIFY")
                || syscalls.stream().anyMatch(rule -> rule.action().equals("SCMP_ACT_NOTIFY"));
    }

    /** What happens to some system calls. */
    public record Syscall(List<String> names, String action, Optional<Long> errnoRet, List<Arg> args) {

        static Syscall read(Member rule) {
            return new Syscall(
                    rule.texts("names"),
                    rule.require("action").text(),
                    rule.u32("errnoRet"),
                    rule.list("args", Arg::read));
        }
    }

    /** A condition on one argument; both values are unsigned. */
    public record Arg(int index, long value, long valueTwo, String op) {

        static Arg read(Member arg) {
            return new Arg(
                    arg.require("index").i32(),
                    arg.require("value").u64(),
                    arg.u64("valueTwo").orElse(0L),
                    arg.require("op").text());
        }
    }
}
