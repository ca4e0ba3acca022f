package org.slipway.helper.hook;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RuntimeHooksTest {

    @Test
    void onlyCgroupsOfHelpersThatAreGoneAreSwept() {
        long self = ProcessHandle.current().pid();
        long parent = ProcessHandle.current().parent().orElseThrow().pid();
        assertTrue(RuntimeHooks.isLeft("hook-" + self + "-1"), "an earlier helper had this pid");
        assertTrue(RuntimeHooks.isLeft("hook-999999999-1"), "no process has such a pid");
        assertFalse(RuntimeHooks.isLeft("hook-" + parent + "-1"), "its helper lives");
        assertFalse(RuntimeHooks.isLeft("hook-web"), "somebody else's name");
        assertFalse(RuntimeHooks.isLeft("hook-99999999999999999999-1"), "no pid at all");
    }
}
