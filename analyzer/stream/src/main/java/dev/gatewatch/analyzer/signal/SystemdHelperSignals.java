package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.JournalEntry;
import dev.gatewatch.analyzer.grammar.JournalEntry.Field;
import dev.gatewatch.analyzer.grammar.Slice;

/// What systemd's other processes say: the one that stores core dumps, the one that kills before memory runs
/// out, and the child that is to become a service. They are known by their executable, which nobody can claim
/// for himself.
final class SystemdHelperSignals {
    private static final Reading ORDINARY = Reading.Ordinary.UNNAMED;
    private static final Reading GAP = new Reading.Ordinary("journal_gap");
    private static final Reading PRESSURE = new Reading.Ordinary("oomd_pressure");
    private static final String COREDUMP = "fc2e22bc6ee647b6b90729ab34a250b1";
    private static final String SPAWN_FAILED = "641257651c1b4ec9a8624d7a40a9e1e7";

    private static final String SUPPRESSED = "a596d6fe7bfa4994828e72309e95d61e";
    private static final String MISSED = "e9bf28e6e834481bb6f48f548ad13606";

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
            return oomdKill(at, message);
        }
        if (entry.is(Field._COMM, "systemd-network")) {
            return network(at, message);
        }
        return isGap(entry) ? GAP : ORDINARY;
    }

    /// `eth0: Lost carrier`
    private static Reading network(long at, Slice message) {
        boolean lost = message.endsWith(": Lost carrier");
        boolean gained = message.endsWith(": Gained carrier");
        Slice device = message.before(": ");
        return lost || gained
                ? says(new Signal.KernelEvent(lost ? "link_down" : "link_up", at, -1, "", "", device.brief()))
                : ORDINARY;
    }

    /// Lines of others are missing, so that their absence proves nothing.
    private static boolean isGap(JournalEntry entry) {
        return entry.is(Field.MESSAGE_ID, SUPPRESSED) || entry.is(Field.MESSAGE_ID, MISSED);
    }

    /// What one of them says in the journal's text form, by its name alone.
    static Reading readText(long at, Slice program, Slice text) {
        if (program.is("systemd-journald") && (text.startsWith("Suppressed ") || text.startsWith("Missed "))) {
            return GAP;
        }
        if (program.is("systemd-oomd") && text.startsWith("Killed /")) {
            return oomdKill(at, text);
        }
        if (program.is("systemd-networkd")) {
            return network(at, text);
        }
        boolean pressure = program.is("systemd-oomd") && text.startsWith("Memory pressure for ");
        return pressure ? PRESSURE : ORDINARY;
    }

    private static Reading oomdKill(long at, Slice text) {
        return says(new Signal.AppEvent("oomd_kill", at, unitOf(text.after(7).before(" due to ")), -1, text.brief()));
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
