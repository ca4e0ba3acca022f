package org.slipway.model.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.state.Status;

class TaskStatusTest {

    @Test
    void aContainerThatIsStillBeingCreatedHasNoTask() {
        assertEquals(Optional.empty(), TaskStatus.of(Status.CREATING));
    }

    @ParameterizedTest
    @CsvSource({"CREATED, 1", "RUNNING, 2", "STOPPED, 3", "PAUSED, 5"})
    void eachStatusOfAContainerHasItsNumber(Status status, int number) {
        assertEquals(Optional.of(number), TaskStatus.of(status).map(TaskStatus::number));
    }

    @Test
    void fourIsForAContainerThatIsGoneAndNoneIsZero() {
        assertEquals(4, TaskStatus.DELETED.number());
        assertEquals(
                0,
                Arrays.stream(TaskStatus.values())
                        .filter(status -> status.number() == 0)
                        .count());
    }
}
