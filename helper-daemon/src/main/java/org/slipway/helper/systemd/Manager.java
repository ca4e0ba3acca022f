package org.slipway.helper.systemd;

import java.util.List;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.DBusMemberName;
import org.freedesktop.dbus.annotations.Position;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.Variant;

/** The part of systemd's manager object that is used here; see org.freedesktop.systemd1(5). */
@DBusInterfaceName("org.freedesktop.systemd1.Manager")
public interface Manager extends DBusInterface {

    /** Starts a unit that exists only in memory; the answer is the job's object. */
    @DBusMemberName("StartTransientUnit")
    DBusPath startTransientUnit(String name, String mode, List<Property> properties, List<Auxiliary> auxiliaries);

    /** Stops a unit; the answer is the job's object. */
    @DBusMemberName("StopUnit")
    DBusPath stopUnit(String name, String mode);

    /** Sets properties of a unit, until it goes if {@code runtime}. */
    @DBusMemberName("SetUnitProperties")
    void setUnitProperties(String name, boolean runtime, List<Property> properties);

    /** Forgets that a unit failed. */
    @DBusMemberName("ResetFailedUnit")
    void resetFailedUnit(String name);

    /** Asks for signals. */
    @DBusMemberName("Subscribe")
    void subscribe();

    /** A property of a unit. */
    final class Property extends Struct {

        @Position(0)
        private final String name;

        @Position(1)
        private final Variant<?> value;

        public Property(String name, Variant<?> value) {
            this.name = name;
            this.value = value;
        }

        public String getName() {
            return name;
        }

        public Variant<?> getValue() {
            return value;
        }
    }

    /** A further unit to be made with the first; none is. */
    final class Auxiliary extends Struct {

        @Position(0)
        private final String name;

        @Position(1)
        private final List<Property> properties;

        public Auxiliary(String name, List<Property> properties) {
            this.name = name;
            this.properties = List.copyOf(properties);
        }

        public String getName() {
            return name;
        }

        public List<Property> getProperties() {
            return properties;
        }
    }

    /** A job has ended. */
    @DBusMemberName("JobRemoved")
    final class JobRemoved extends DBusSignal {

        private final String unit;
        private final String result;
        private final DBusPath job;

        public JobRemoved(String object, UInt32 id, DBusPath job, String unit, String result) throws DBusException {
            super(object, id, job, unit, result);
            this.job = job;
            this.unit = unit;
            this.result = result;
        }

        /** The job's object. */
        public String job() {
            return job.getPath();
        }

        public String unit() {
            return unit;
        }

        /** {@code done}, or in one word why it was not. */
        public String result() {
            return result;
        }
    }
}
