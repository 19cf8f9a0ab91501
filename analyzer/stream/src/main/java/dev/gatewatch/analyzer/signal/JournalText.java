package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.Cursor;
import dev.gatewatch.analyzer.grammar.Slice;
import dev.gatewatch.analyzer.grammar.Stamp;
import dev.gatewatch.analyzer.grammar.SyslogPrefix;

/// What a line of the journal's text form says, on its own word.
///
/// ```
/// Mar 05 13:28:11 db23 systemd[1]: miniflux.service: Main process exited, code=exited, status=1/FAILURE
/// ```
/// See [journalctl](https://www.freedesktop.org/software/systemd/man/latest/journalctl.html).
final class JournalText {
    private static final int LONGEST_HEAD = 120;

    private final SignalReader reader;

    JournalText(SignalReader reader) {
        this.reader = reader;
    }

    Reading read(LineContext context, Cursor line) {
        SyslogPrefix prefix = prefix(line);
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
        Reading other = FirewallSignals.read(at, "", prefix.pid(), prefix.program(), text);
        if (other.equals(Reading.Ordinary.UNNAMED)) {
            other = ContainerSignals.read(at, "", prefix.pid(), text);
        }
        if (!other.equals(Reading.Ordinary.UNNAMED)) {
            return other;
        }
        Reading app = AppSignals.read(at, "", prefix.pid(), text);
        boolean plain = app.equals(Reading.Ordinary.UNNAMED) && prefix.program().is("systemd");
        return plain ? Reading.Ordinary.NOISE : app;
    }

    /// A date in another language than English is passed over, up to the first `program[7]: `.
    private static SyslogPrefix prefix(Cursor line) {
        SyslogPrefix prefix = SyslogPrefix.take(line);
        Slice head = line.remaining().sub(0, LONGEST_HEAD);
        int end = head.indexOf("]: ", 0);
        int open = head.sub(0, Math.max(0, end)).lastIndexOf("[");
        boolean known = !prefix.tag().isEmpty() || !prefix.when().equals(Stamp.NONE);
        if (known || open <= 0 || head.digitsAt(open + 1) != end - open - 1) {
            return prefix;
        }
        line.moveTo(line.column() + end + "]: ".length());
        return new SyslogPrefix(Stamp.NONE, head.sub(head.sub(0, open).lastIndexOf(" ") + 1, end + 1));
    }

    private static Reading systemd(long at, Slice program, Slice text) {
        Reading helper = SystemdHelperSignals.readText(at, program, text);
        return helper.equals(Reading.Ordinary.UNNAMED) ? UnitTextSignals.read(at, text.trimmed()) : helper;
    }
}
