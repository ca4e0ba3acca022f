package org.slipway.helper.hook;

import org.slipway.model.plan.Blob;
import org.slipway.model.plan.HookOp.Kind;

/**
 * One run of a hook.
 *
 * @param position its place in the array of its kind, from 0
 * @param step its index in the plan of create or start, or −1 for poststart and poststop
 * @param status exit status, 128 + signal, 124 on timeout, or −errno when it could not be executed; 0 while it runs
 * @param ended whether it has ended
 * @param nanos how long it took
 * @param output what it wrote to standard output, at most 1 MiB
 * @param errors what it wrote to standard error
 */
public record HookRun(
        Kind kind, int position, int step, int status, boolean ended, long nanos, Blob output, Blob errors) {}
