package org.slipway.model.task;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slipway.model.state.ContainerId;
import org.slipway.model.test.Requirement;

class TaskMonitorTest {

    private static final TaskName WEB = new TaskName(new ContainerId("blue"), new ContainerId("web"));

    private final List<String> calls = new ArrayList<>();

    @Test
    @Requirement("TASK-38")
    void theFirstMonitorThatFailsEndsTheCallAndItsErrorIsReturned() {
        TaskException failure = new TaskException(TaskError.CONTAINER_NOT_EXIST);
        TaskMonitor all = TaskMonitor.all(List.of(noting("a", null), noting("b", failure), noting("c", null)));
        assertSame(failure, assertThrows(TaskException.class, () -> all.monitor(WEB)));
        assertSame(failure, assertThrows(TaskException.class, () -> all.stop(WEB)));
        assertEquals(List.of("a monitor blue/web", "b monitor blue/web", "a stop blue/web", "b stop blue/web"), calls);
    }

    @Test
    @Requirement("TASK-38")
    void bothCallsReachEachMonitorInTheGivenOrder() throws TaskException {
        List<TaskMonitor> given = new ArrayList<>(List.of(noting("b", null), noting("a", null)));
        TaskMonitor all = TaskMonitor.all(given);
        given.clear();
        all.monitor(WEB);
        all.stop(WEB);
        assertEquals(List.of("b monitor blue/web", "a monitor blue/web", "b stop blue/web", "a stop blue/web"), calls);
    }

    @Test
    @Requirement("TASK-39")
    void aMonitorThatDoesNothingAcceptsBothCalls() {
        assertDoesNotThrow(() -> TaskMonitor.none().monitor(WEB));
        assertDoesNotThrow(() -> TaskMonitor.none().stop(WEB));
    }

    private TaskMonitor noting(String name, @Nullable TaskException failure) {
        return new TaskMonitor() {
            @Override
            public void monitor(TaskName task) throws TaskException {
                note("monitor", task);
            }

            @Override
            public void stop(TaskName task) throws TaskException {
                note("stop", task);
            }

            private void note(String call, TaskName task) throws TaskException {
                calls.add(name + " " + call + " " + task.namespace() + "/" + task.id());
                if (failure != null) {
                    throw failure;
                }
            }
        };
    }
}
