package org.slipway.model.spec;

import java.util.List;
import java.util.Optional;

/**
 * One hook.
 *
 * @param args the whole argv; empty: the path alone
 * @param env the whole environment
 * @param timeoutSeconds absent: none
 */
public record Hook(String path, List<String> args, List<String> env, Optional<Integer> timeoutSeconds) {

    static Hook read(Member hook) {
        return new Hook(hook.require("path").text(), hook.texts("args"), hook.texts("env"), hook.i32("timeout"));
    }
}
