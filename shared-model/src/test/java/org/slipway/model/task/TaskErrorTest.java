package org.slipway.model.task;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.model.test.Requirement;

class TaskErrorTest {

    @ParameterizedTest
    @CsvSource({
        "CONTAINER_EXISTS, runtime: container with id already exists",
        "CONTAINER_NOT_EXIST, runtime: container does not exist",
        "RUNTIME_NOT_EXIST, runtime: runtime does not exist",
        "PROCESS_EXITED, runtime: process already exited"
    })
    @Requirement("TASK-13")
    void eachErrorCarriesItsText(TaskError error, String text) {
        TaskException exception = new TaskException(error);
        assertEquals(error, exception.error());
        assertEquals(text, exception.getMessage());
    }

    @Test
    @Requirement("TASK-13")
    void theErrorsAreToldApartByCode() {
        assertEquals(
                4,
                Arrays.stream(TaskError.values())
                        .map(TaskError::code)
                        .distinct()
                        .count());
    }

    @Test
    void theTextIsTheSameWhateverTheDesktopSpeaks() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertEquals(
                    "runtime: container does not exist", new TaskException(TaskError.CONTAINER_NOT_EXIST).getMessage());
        } finally {
            Locale.setDefault(before);
        }
    }
}
