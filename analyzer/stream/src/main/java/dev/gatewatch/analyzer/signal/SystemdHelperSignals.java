package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.JournalEntry;
import dev.gatewatch.analyzer.grammar.JournalEntry.Field;
import dev.gatewatch.analyzer.grammar.Slice;

/// What systemd's other processes say: the one that stores core dumps, the one that kills before memory runs
/// out, and the child that is to become a service. They are known by their executable, which nobody can claim
/// for himself.
final class SystemdHelperSignals {
    private static final Reading ORDINARY = new Reading.Ordinary();
    private static final String COREDUMP = "fc2e22bc6ee647b6b90729ab34a250b1";
    private static final String SPAWN_FAILED = "641257651c1b4ec9a8624d7a40a9e1e7";

    private SystemdHelperSignals() {}

    static boolean wrote(JournalEntry entry) {
        Slice executable = entry.value(Field._EXE);
        return executable.startsWith("/usr/lib/systemd/systemd") || executable.startsWith("/lib/systemd/systemd");
    }

    static Reading read(long at, JournalEntry entry) {
        if (entry.is(Field.MESSAGE_ID, COREDUMP)) {
            return says(new Signal.AppEvent(
                    "coredump",
                    at,
                    entry.text(Field.COREDUMP_UNIT),
                    entry.number(Field.COREDUMP_PID),
                    entry.text(Field.COREDUMP_SIGNAL)));
        }
        String unit = entry.text(Field.UNIT);
        if (entry.is(Field.MESSAGE_ID, SPAWN_FAILED) && unit.endsWith(".service")) {
            return says(new Signal.UnitEvent("spawn_failed", at, unit, "", "", "", -1, -1));
        }
        Slice message = entry.value(Field.MESSAGE);
        if (entry.is(Field._SYSTEMD_UNIT, "systemd-oomd.service") && message.startsWith("Killed /")) {
            return says(new Signal.AppEvent(
                    "oomd_kill", at, unitOf(message.after(7).before(" due to ")), -1, message.brief()));
        }
        return ORDINARY;
    }

    /// The service of a control group, such as `/system.slice/orders.service`.
    private static String unitOf(Slice cgroup) {
        Slice last = cgroup.after(cgroup.lastIndexOf("/") + 1);
        return last.endsWith(".service") ? last.brief() : "";
    }

    private static Reading says(Signal signal) {
        return new Reading.Says(signal);
    }
}
