package org.slipway.helper.systemd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.freedesktop.dbus.types.Variant;
import org.junit.jupiter.api.Test;
import org.slipway.helper.systemd.Manager.Property;

/** A scope's properties in the types that systemd wants. */
class PropertiesTest {

    @Test
    void eachPropertyHasItsType() {
        Map<String, Variant<?>> properties =
                Properties.of("a.scope", "b.slice", 7, List.of("MemoryMax=18446744073709551615", "AllowedCPUs=0-1,9"))
                        .stream()
                        .collect(Collectors.toMap(Property::getName, Property::getValue));
        assertEquals("b.slice", properties.get("Slice").getValue());
        assertEquals("au", properties.get("PIDs").getSig());
        assertEquals(true, properties.get("Delegate").getValue());
        assertEquals("t", properties.get("MemoryMax").getSig());
        assertEquals(
                "18446744073709551615", properties.get("MemoryMax").getValue().toString());
        assertEquals("ay", properties.get("AllowedCPUs").getSig());
    }

    @Test
    void aScopeThatIsGoneIsNoError() {
        assertTrue(Systemd.isMissing("org.freedesktop.systemd1.NoSuchUnit", "gone"));
        assertTrue(Systemd.isMissing("null", "Unit a.scope not loaded."));
        assertFalse(Systemd.isMissing("org.freedesktop.DBus.Error.AccessDenied", "Permission denied"));
    }

    @Test
    void aListOfNumbersIsBits() {
        assertArrayEquals(new byte[] {0b11, 0b10}, Properties.bits("0-1,9"));
        assertArrayEquals(new byte[] {(byte) 0xff}, Properties.bits("0-7"));
        assertArrayEquals(new byte[] {1}, Properties.bits("0\n"));
    }
}
