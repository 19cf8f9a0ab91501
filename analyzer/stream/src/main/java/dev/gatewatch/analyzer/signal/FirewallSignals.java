package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.JournalEntry;
import dev.gatewatch.analyzer.grammar.JournalEntry.Field;
import dev.gatewatch.analyzer.grammar.Slice;
import java.util.List;

/// What the programs say that set a firewall's rules. They do so when the rules change.
///
/// ```
/// firewalld[731]: INFO: reload
/// ufw-init[512]: Firewall reloaded
/// iptables.init[498]: iptables: Applying firewall rules: [  OK  ]
/// ```
final class FirewallSignals {
    /// Programs that run only to change rules.
    private static final List<String> SETTERS = List.of(
            "iptables-restor", // as the kernel cuts it
            "iptables-restore",
            "ip6tables-resto",
            "ip6tables-restore",
            "iptables.init",
            "ip6tables.init",
            "iptables-nft-re",
            "netfilter-persi",
            "netfilter-persistent",
            "ufw",
            "ufw-init",
            "nft");

    private FirewallSignals() {}

    static boolean wrote(JournalEntry entry) {
        Slice comm = entry.value(Field._COMM);
        return isSetter(comm) || comm.is("firewalld");
    }

    static Reading read(long at, JournalEntry entry) {
        return read(
                at,
                entry.text(Field._SYSTEMD_UNIT),
                entry.number(Field._PID),
                entry.value(Field._COMM),
                entry.value(Field.MESSAGE));
    }

    /// Reads the text, of which somebody says that this program wrote it.
    static Reading read(long at, String unit, int pid, Slice program, Slice text) {
        boolean reloads = program.is("firewalld") && (text.contains("reload") || text.contains("Reload"));
        boolean changed = reloads || (isSetter(program) && !text.contains("Skip starting"));
        return changed
                ? new Reading.Says(new Signal.AppEvent(
                        "firewall_changed", at, unit, pid, text.before("\n").brief()))
                : Reading.Ordinary.UNNAMED;
    }

    private static boolean isSetter(Slice program) {
        return SETTERS.stream().anyMatch(program::is);
    }
}
