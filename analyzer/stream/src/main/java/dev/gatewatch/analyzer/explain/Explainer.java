package dev.gatewatch.analyzer.explain;

import dev.gatewatch.analyzer.explain.Explanation.Outcome;
import dev.gatewatch.analyzer.grammar.JournalEntry;
import dev.gatewatch.analyzer.grammar.JournalGrammar;
import dev.gatewatch.analyzer.grammar.NginxError;
import dev.gatewatch.analyzer.grammar.NginxErrorGrammar;
import dev.gatewatch.analyzer.grammar.Parsed;
import dev.gatewatch.analyzer.grammar.Slice;
import dev.gatewatch.analyzer.grammar.Stamp;
import dev.gatewatch.analyzer.signal.LineContext;
import dev.gatewatch.analyzer.signal.Reading;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.analyzer.signal.SignalReader;
import dev.gatewatch.wire.SourceKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Explains lines, one after the other: reads each as the analyzer does and says what it means. Lines of
/// one file belong together only where a FastCGI application's message has several lines.
///
/// Not safe for several threads at once.
public final class Explainer {
    private final SignalReader reader = new SignalReader();
    private final NginxErrorGrammar nginxError = new NginxErrorGrammar();
    private final JournalGrammar journal = new JournalGrammar();
    private final AccessFormats formats = new AccessFormats();
    private final SourceGuess guess = new SourceGuess(this::read);
    private final SignalCatalogue catalogue;
    private final AsWritten.Finder finder;
    private final ZoneOffset utcOffset;
    private final Instant readAt;
    private boolean insideStderr;

    /// @param utcOffset for lines whose time has no zone
    /// @param readAt for lines whose time has no year
    public Explainer(SignalCatalogue catalogue, ZoneOffset utcOffset, Instant readAt) {
        this.catalogue = catalogue;
        this.finder = new AsWritten.Finder(formats, catalogue);
        this.utcOffset = utcOffset;
        this.readAt = readAt;
    }

    /// The lines that come now are of another file.
    public void startOver() {
        insideStderr = false;
    }

    /// Explains the bytes of a line without its newline.
    ///
    /// @param given where the line is said to come from, null to guess
    public Explanation explain(@Nullable LineSource given, byte[] bytes, int from, int to) {
        Slice line = new Slice(bytes, from, to > from && bytes[to - 1] == '\r' ? to - 1 : to);
        if (line.trimmed().isEmpty()) {
            return Explanation.without(Outcome.ORDINARY, given);
        }
        LineSource source = given == null ? guess.of(line) : refined(given, line);
        if (insideStderr && continues(source, line)) {
            LineSource nginx = LineSource.of(SourceKind.NGINX_ERROR);
            insideStderr = !isEndOfStderr(line);
            return insideStderr ? Explanation.without(Outcome.ORDINARY, nginx) : explain(nginx, line);
        }
        insideStderr = isBeginOfStderr(source, line);
        return source == null ? Explanation.without(Outcome.NOT_UNDERSTOOD, null) : explain(source, line);
    }

    /// The journal is known by its JSON form; what is none is its text form.
    private static LineSource refined(LineSource given, Slice line) {
        boolean text = given.kind() == SourceKind.JOURNALD && !line.trimmed().startsWith("{");
        return text ? LineSource.JOURNAL_TEXT : given;
    }

    private Explanation explain(LineSource source, Slice line) {
        Reading reading = read(source, line);
        AsWritten written = finder.find(source, message(source, line), format(source, line), reading);
        return switch (reading) {
            case Reading.Says says ->
                explanation(
                        isServed(says.signal()) ? Outcome.ORDINARY : Outcome.SAYS,
                        source,
                        says.signal().id(),
                        written,
                        time(says.signal()),
                        SignalDetails.of(says.signal()));
            case Reading.Ordinary ordinary ->
                explanation(Outcome.ORDINARY, source, ordinary.id(), written, null, Map.of());
            case Reading.NotUnderstood ignored -> Explanation.without(Outcome.NOT_UNDERSTOOD, source);
        };
    }

    private Explanation explanation(
            Outcome outcome,
            LineSource source,
            String id,
            AsWritten written,
            @Nullable String time,
            Map<String, String> details) {
        Optional<SignalCatalogue.Entry> entry = catalogue.entry(id);
        return new Explanation(
                outcome,
                source,
                id.isEmpty() ? null : id,
                written.upstream(),
                written.errno(),
                written.status(),
                written.termination(),
                time,
                details,
                entry.map(SignalCatalogue.Entry::means).orElse(null),
                entry.map(SignalCatalogue.Entry::causes).orElse(List.of()));
    }

    /// A request that went well says something to those who count only.
    private static boolean isServed(Signal signal) {
        return signal.id().equals("ok") || signal.id().equals("status_ok");
    }

    private Reading read(LineSource source, Slice line) {
        LineContext context = new LineContext(source.kind(), utcOffset, readAt, null, format(source, line), "default");
        return source.text() ? reader.readText(context, line.cursor()) : reader.read(context, line.cursor());
    }

    private String format(LineSource source, Slice line) {
        return source.is(SourceKind.NGINX_ACCESS) ? formats.of(line) : "";
    }

    /// What the program wrote, without what the journal puts around it.
    private Slice message(LineSource source, Slice line) {
        return source.is(SourceKind.JOURNALD) && journal.parse(line.cursor()) instanceof Parsed.Ok<JournalEntry> ok
                ? ok.record().value(JournalEntry.Field.MESSAGE)
                : line;
    }

    /// A line that tells no time has the reader's.
    private @Nullable String time(Signal signal) {
        return signal.at() == readAt.toEpochMilli()
                ? null
                : Instant.ofEpochMilli(signal.at()).atOffset(utcOffset).toString();
    }

    /// A FastCGI application's message with newlines: `FastCGI sent in stderr: "PHP message: …` without
    /// its end.
    private boolean isBeginOfStderr(@Nullable LineSource source, Slice line) {
        return source != null
                && source.is(SourceKind.NGINX_ERROR)
                && nginxError.parse(line.cursor()) instanceof Parsed.Ok<NginxError> ok
                && ok.record().message().startsWith("FastCGI sent in stderr: ")
                && ok.record().action().isEmpty();
    }

    /// Whether the line can be a part of an application's message: no proxy or kernel has written it.
    private boolean continues(@Nullable LineSource source, Slice line) {
        if (source == null || source.text()) {
            return true;
        }
        return source.is(SourceKind.NGINX_ERROR)
                && !(nginxError.parse(line.cursor()) instanceof Parsed.Ok<NginxError> ok
                        && !ok.record().when().equals(Stamp.NONE));
    }

    private static boolean isEndOfStderr(Slice line) {
        return line.contains("\" while ") && line.contains(", client:");
    }
}
