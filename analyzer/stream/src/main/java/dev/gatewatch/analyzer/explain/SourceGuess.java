package dev.gatewatch.analyzer.explain;

import dev.gatewatch.analyzer.grammar.Cursor;
import dev.gatewatch.analyzer.grammar.HaproxyGrammar;
import dev.gatewatch.analyzer.grammar.HaproxyLine;
import dev.gatewatch.analyzer.grammar.NginxError;
import dev.gatewatch.analyzer.grammar.NginxErrorGrammar;
import dev.gatewatch.analyzer.grammar.Parsed;
import dev.gatewatch.analyzer.grammar.Slice;
import dev.gatewatch.analyzer.grammar.Stamp;
import dev.gatewatch.analyzer.grammar.SyslogPrefix;
import dev.gatewatch.analyzer.signal.Reading;
import dev.gatewatch.wire.SourceKind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// Where a line seems to come from. What only one program writes is looked for first; what many write,
/// last.
final class SourceGuess {
    /// How far an uptime or a priority may reach.
    private static final int LONGEST_HEAD = 40;

    /// Kinds with marks of their own. A kind that is not among them is tried by its grammar.
    private static final Set<SourceKind> MARKED = EnumSet.of(
            SourceKind.NGINX_ERROR,
            SourceKind.NGINX_ACCESS,
            SourceKind.HAPROXY,
            SourceKind.JOURNALD,
            SourceKind.KERNEL);

    private static final List<SourceKind> OTHERS = Arrays.stream(SourceKind.values())
            .filter(kind -> !MARKED.contains(kind))
            .toList();

    private final NginxErrorGrammar nginxError = new NginxErrorGrammar();
    private final HaproxyGrammar haproxy = new HaproxyGrammar();
    private final BiFunction<LineSource, Slice, Reading> reader;

    /// @param reader reads a line as one of the source
    SourceGuess(BiFunction<LineSource, Slice, Reading> reader) {
        this.reader = reader;
    }

    /// The source, null if nothing reads the line.
    @Nullable
    LineSource of(Slice line) {
        if (line.trimmed().startsWith("{")) {
            return ofObject(line);
        }
        if (isNginxError(line)) {
            return LineSource.of(SourceKind.NGINX_ERROR);
        }
        if (isKernel(line)) {
            return LineSource.of(SourceKind.KERNEL);
        }
        if (isHaproxy(line)) {
            return LineSource.of(SourceKind.HAPROXY);
        }
        LineSource access = ofAccess(line);
        return access == null ? ofText(line) : access;
    }

    private @Nullable LineSource ofText(Slice line) {
        boolean untagged = SyslogPrefix.take(line.cursor()).when().equals(Stamp.NONE);
        if (untagged && says(LineSource.of(SourceKind.KERNEL), line)) {
            return LineSource.of(SourceKind.KERNEL);
        }
        return isJournalText(line) ? LineSource.JOURNAL_TEXT : null;
    }

    private @Nullable LineSource ofObject(Slice line) {
        boolean entry = line.contains("\"MESSAGE\"") || line.contains("\"__REALTIME_TIMESTAMP\"");
        return entry && reads(SourceKind.JOURNALD, line) ? LineSource.of(SourceKind.JOURNALD) : ofAccess(line);
    }

    private @Nullable LineSource ofAccess(Slice line) {
        for (SourceKind kind : OTHERS) {
            if (reads(kind, line)) {
                return LineSource.of(kind);
            }
        }
        return reads(SourceKind.NGINX_ACCESS, line) ? LineSource.of(SourceKind.NGINX_ACCESS) : null;
    }

    private boolean reads(SourceKind kind, Slice line) {
        return !(reader.apply(LineSource.of(kind), line) instanceof Reading.NotUnderstood);
    }

    private boolean says(LineSource source, Slice line) {
        return reader.apply(source, line) instanceof Reading.Says;
    }

    /// By its stamp and level; a line whose head is cut off, by an action that only NGINX writes.
    private boolean isNginxError(Slice line) {
        if (!(nginxError.parse(line.cursor()) instanceof Parsed.Ok<NginxError> ok)) {
            return false;
        }
        NginxError record = ok.record();
        boolean stamped = !record.when().equals(Stamp.NONE);
        if (!record.level().isEmpty()) {
            return stamped
                    || line.startsWith("nginx: ")
                    || line.sub(0, LONGEST_HEAD).contains("#");
        }
        Slice action = record.action();
        boolean ofProxy = action.startsWith("connecting to upstream")
                || action.startsWith("SSL handshaking")
                || action.startsWith("sending request to upstream")
                || action.startsWith("reading response header from upstream")
                || action.startsWith("reading upstream");
        return ofProxy || (action.startsWith("resolving") && line.contains("resolver: "));
    }

    /// By a record's head, by the time since boot, by its tag, or by how dmesg prints a time of day.
    private boolean isKernel(Slice line) {
        if (isRecord(line) || isUptime(line)) {
            return true;
        }
        boolean dmesg = line.byteAt(10) == 'T' && line.byteAt(19) == ',';
        return dmesg || SyslogPrefix.take(line.cursor()).program().is("kernel");
    }

    /// `4,891,2150307854,-;`
    private static boolean isRecord(Slice line) {
        Cursor ahead = line.sub(0, LONGEST_HEAD + LONGEST_HEAD).cursor();
        for (int number = 0; number < 3; number++) {
            ahead.digits();
            ahead.skip(",");
        }
        ahead.until(';');
        return !ahead.malformed();
    }

    /// `[44178.537897] `
    private static boolean isUptime(Slice line) {
        Slice inside = line.startsWith("[") ? line.sub(1, LONGEST_HEAD).trimmed() : Slice.EMPTY;
        int seconds = inside.digitsAt(0);
        return seconds > 0
                && inside.byteAt(seconds) == '.'
                && inside.digitsAt(seconds + 1) == 6
                && inside.hasAt(seconds + 7, "]");
    }

    /// By its tag or what it writes to standard error; without either it must say something.
    private boolean isHaproxy(Slice line) {
        if (!(haproxy.parse(List.of(), line.cursor()) instanceof Parsed.Ok<HaproxyLine> ok)) {
            return false;
        }
        Slice tag = SyslogPrefix.take(line.cursor()).program();
        if (!tag.isEmpty()) {
            return tag.startsWith("haproxy");
        }
        boolean standardError = (line.startsWith("[") || line.contains("| [")) && line.contains(") : ");
        return standardError
                || ok.record() instanceof HaproxyLine.ClientError
                || says(LineSource.of(SourceKind.HAPROXY), line);
    }

    /// By its tag; without one it must say something.
    private boolean isJournalText(Slice line) {
        SyslogPrefix prefix = SyslogPrefix.take(line.cursor());
        boolean tagged = !prefix.when().equals(Stamp.NONE) && !prefix.tag().isEmpty();
        return tagged
                || switch (reader.apply(LineSource.JOURNAL_TEXT, line)) {
                    case Reading.Says ignored -> true;
                    case Reading.Ordinary ordinary -> !ordinary.id().isEmpty();
                    case Reading.NotUnderstood ignored -> false;
                };
    }
}
