package org.slipway.model.spec;

import java.util.List;

/** The six arrays of hooks. */
public record Hooks(
        List<Hook> prestart,
        List<Hook> createRuntime,
        List<Hook> createContainer,
        List<Hook> startContainer,
        List<Hook> poststart,
        List<Hook> poststop) {

    public static final Hooks NONE = new Hooks(List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

    static Hooks read(Member hooks) {
        return new Hooks(
                hooks.list("prestart", Hook::read),
                hooks.list("createRuntime", Hook::read),
                hooks.list("createContainer", Hook::read),
                hooks.list("startContainer", Hook::read),
                hooks.list("poststart", Hook::read),
                hooks.list("poststop", Hook::read));
    }
}
