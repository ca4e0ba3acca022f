package org.slipway.helper.store;

/**
 * Names one process for ever: a pid alone is reused.
 *
 * @param startTime in clock ticks since boot, field 22 of proc_pid_stat(5)
 */
public record Identity(int pid, long startTime) {}
