package dev.gatewatch.analyzer.grammar;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An entry of the journal: the fields that are looked at, unescaped.
public final class JournalEntry {

    /// A field that is looked at. Only fields whose name begins with `_` are the journal's own word; any
    /// process can write the others.
    public enum Field {
        MESSAGE,
        MESSAGE_ID,
        SYSLOG_IDENTIFIER,
        SYSLOG_FACILITY,
        UNIT,
        JOB_TYPE,
        JOB_RESULT,
        UNIT_RESULT,
        EXIT_CODE,
        EXIT_STATUS,
        COMMAND,
        N_RESTARTS,
        CONTAINER_ID,
        CONTAINER_ID_FULL,
        PODMAN_EVENT,
        PODMAN_TYPE,
        PODMAN_ID,
        PODMAN_NAME,
        COREDUMP_PID,
        COREDUMP_UNIT,
        COREDUMP_SIGNAL,
        _TRANSPORT,
        _PID,
        _COMM,
        _EXE,
        _SYSTEMD_UNIT,
        _SOURCE_REALTIME_TIMESTAMP,
        _SOURCE_MONOTONIC_TIMESTAMP,
        __REALTIME_TIMESTAMP,
        __MONOTONIC_TIMESTAMP;

        private static final Field[] ALL = values();

        /// The field of that name, null if it is not looked at.
        static @Nullable Field of(Slice name) {
            for (Field field : ALL) {
                if (name.is(field.name())) {
                    return field;
                }
            }
            return null;
        }
    }

    private final Map<Field, Slice> values = new EnumMap<>(Field.class);

    /// Keeps the first value of a field that an entry has more than once.
    void put(Field field, Slice value) {
        values.putIfAbsent(field, value);
    }

    /// The field's value, empty if the entry has none.
    public Slice value(Field field) {
        return values.getOrDefault(field, Slice.EMPTY);
    }

    public String text(Field field) {
        return value(field).brief();
    }

    public boolean is(Field field, String literal) {
        return value(field).is(literal);
    }

    /// The field as a number, -1 if it is none.
    public int number(Field field) {
        return value(field).number();
    }
}
