package org.slipway.model.task;

import java.util.List;

/** Is told of every task: once after its create, once before its delete (runtime/monitor.go of containerd). */
public interface TaskMonitor {

    /**
     * Begins to watch a task that was created.
     *
     * @throws TaskException if it can't be watched
     */
    void monitor(TaskName task) throws TaskException;

    /**
     * Lets go of a task that is about to be deleted.
     *
     * @throws TaskException if it can't be let go of
     */
    void stop(TaskName task) throws TaskException;

    /** A monitor that does nothing. */
    static TaskMonitor none() {
        return all(List.of());
    }

    /** Passes each call to the monitors in their order; the first that fails ends it, and its exception is the caller's. */
    static TaskMonitor all(List<TaskMonitor> monitors) {
        List<TaskMonitor> each = List.copyOf(monitors);
        return new TaskMonitor() {
            @Override
            public void monitor(TaskName task) throws TaskException {
                for (TaskMonitor monitor : each) {
                    monitor.monitor(task);
                }
            }

            @Override
            public void stop(TaskName task) throws TaskException {
                for (TaskMonitor monitor : each) {
                    monitor.stop(task);
                }
            }
        };
    }
}
