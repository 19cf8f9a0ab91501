package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.Cursor;
import dev.gatewatch.analyzer.grammar.Slice;
import dev.gatewatch.analyzer.grammar.SyslogPrefix;

/// What a line of the journal's text form says, on its own word.
///
/// ```
/// Mar 05 13:28:11 db23 systemd[1]: miniflux.service: Main process exited, code=exited, status=1/FAILURE
/// ```
/// See [journalctl](https://www.freedesktop.org/software/systemd/man/latest/journalctl.html).
final class JournalText {
    private final SignalReader reader;

    JournalText(SignalReader reader) {
        this.reader = reader;
    }

    Reading read(LineContext context, Cursor line) {
        SyslogPrefix prefix = SyslogPrefix.take(line);
        long at = prefix.when().millis(context.utcOffset(), context.readAt());
        Slice text = line.remaining();
        if (prefix.program().is("kernel")) {
            return KernelSignals.read(at, text);
        }
        if (prefix.program().is("haproxy")) {
            return reader.haproxy(context.at(at), line);
        }
        Reading systemd = systemd(at, prefix.program(), text);
        if (!systemd.equals(Reading.Ordinary.UNNAMED)) {
            return systemd;
        }
        Reading app = AppSignals.read(at, "", prefix.pid(), text);
        boolean plain = app.equals(Reading.Ordinary.UNNAMED) && prefix.program().is("systemd");
        return plain ? Reading.Ordinary.NOISE : app;
    }

    private static Reading systemd(long at, Slice program, Slice text) {
        Reading helper = SystemdHelperSignals.readText(at, program, text);
        return helper.equals(Reading.Ordinary.UNNAMED) ? UnitTextSignals.read(at, text.trimmed()) : helper;
    }
}
