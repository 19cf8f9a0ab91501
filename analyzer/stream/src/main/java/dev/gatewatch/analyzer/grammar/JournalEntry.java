package dev.gatewatch.analyzer.grammar;

import java.util.Arrays;

/// An entry of the journal: the fields that are looked at, unescaped.
public final class JournalEntry {

    /// A field that is looked at. Only fields whose name begins with `_` are the journal's own word; any process can write the
    /// others.
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

        /// The field of that name, or a negative number.
        static int ordinalOf(Slice name) {
            for (Field field : ALL) {
                if (name.is(field.name())) {
                    return field.ordinal();
                }
            }
            return -1;
        }
    }

    private final Slice[] values = new Slice[Field.ALL.length];

    JournalEntry() {
        Arrays.fill(values, Slice.EMPTY);
    }

    /// Keeps the first value of a field that an entry has more than once.
    void put(int field, Slice value) {
        if (values[field].isEmpty()) {
            values[field] = value;
        }
    }

    /// The field's value, empty if the entry has none.
    public Slice value(Field field) {
        return values[field.ordinal()];
    }

    public String text(Field field) {
        return value(field).text();
    }

    public boolean is(Field field, String literal) {
        return value(field).is(literal);
    }

    /// The field as a number, -1 if it is none.
    public int number(Field field) {
        return value(field).number();
    }
}
