package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.JournalEntry;
import dev.gatewatch.analyzer.grammar.JournalEntry.Field;
import dev.gatewatch.analyzer.grammar.Slice;

/// What an operator did by way of sudo.
///
/// ```
///    ada : TTY=pts/0 ; PWD=/home/ada ; USER=root ; COMMAND=/usr/bin/systemctl stop orders.service
/// ```
/// See [sudoers](https://www.sudo.ws/docs/man/sudoers.man/#Event_logging).
final class OperatorSignals {
    private OperatorSignals() {}

    static Reading read(long at, JournalEntry entry) {
        Slice command = entry.value(Field.MESSAGE).between(" ; COMMAND=", "\n");
        if (command.isEmpty()) {
            return Reading.Ordinary.UNNAMED;
        }
        Slice program = command.before(" ");
        Slice name = program.after(program.lastIndexOf("/") + 1);
        boolean firewall = name.is("ufw")
                || name.is("nft")
                || name.is("firewall-cmd")
                || name.startsWith("iptables")
                || name.startsWith("ip6tables");
        boolean services = name.is("systemctl") || name.is("service") || name.is("kill") || name.is("pkill");
        if (!firewall && !services) {
            return Reading.Ordinary.UNNAMED;
        }
        String id = firewall ? "firewall_changed" : "operator_command";
        return new Reading.Says(new Signal.AppEvent(
                id, at, entry.text(Field._SYSTEMD_UNIT), entry.number(Field._PID), command.brief()));
    }
}
