package org.slipway.model.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slipway.model.test.Requirement;

class ContainerIdTest {

    @Test
    @Requirement("OPS-CREATE-04")
    void upTo1024CharactersOfTheAlphabetAreAnId() {
        assertTrue(ContainerId.parse("a".repeat(1024)).isPresent());
        assertEquals(Optional.empty(), ContainerId.parse("a".repeat(1025)));
        assertEquals(Optional.empty(), ContainerId.parse("~a"));
        assertEquals(Optional.empty(), ContainerId.parse(".."));
    }

    @Test
    void aLongIdHasAFileNameThatNoOtherIdHas() {
        assertEquals("a".repeat(255), new ContainerId("a".repeat(255)).fileName());
        String digest = new ContainerId("a".repeat(256)).fileName();
        assertTrue(digest.length() <= 255, digest);
        assertFalse(ContainerId.parse(digest).isPresent(), digest);
        assertNotEquals(digest, new ContainerId("a".repeat(257)).fileName());
    }
}
