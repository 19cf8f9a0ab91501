package dev.gatewatch.standalone.site;

import dev.gatewatch.incident.Incident;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// An incident as a person reads it on a terminal.
public final class IncidentLines {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final Pattern JOURNAL_MESSAGE = Pattern.compile("\"MESSAGE\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final int SHOWN_EVIDENCE = 4;
    private static final int WIDTH = 160;
    private static final String INDENT = "          ";

    private IncidentLines() {}

    /// What a new revision says: all of it when the incident opens or gets another cause, one line otherwise.
    ///
    /// @param before the revision before, null if there is none
    public static List<String> of(Incident incident, @Nullable Incident before) {
        if (incident.state() == Incident.State.RESOLVED) {
            return List.of("RESOLVED  %s after %s: %s, %d requests failed"
                    .formatted(incident.service(), lasted(incident), cause(incident), failed(incident)));
        }
        if (before != null && cause(incident).equals(cause(before))) {
            return List.of("REVISED   %s: %s, %s, %d requests failed so far"
                    .formatted(incident.service(), cause(incident), certainty(incident), failed(incident)));
        }
        String word = before == null ? "OPEN      " : "REVISED   ";
        return Stream.concat(Stream.of(word + heading(incident)), details(incident))
                .toList();
    }

    private static String heading(Incident incident) {
        return "%s: %s, %s".formatted(incident.service(), cause(incident), certainty(incident));
    }

    private static Stream<String> details(Incident incident) {
        return Stream.of(
                        Stream.of(INDENT + printable(incident.summary())),
                        incident.chain().stream().map(IncidentLines::link),
                        incident.evidence().stream().limit(SHOWN_EVIDENCE).map(IncidentLines::evidence))
                .flatMap(lines -> lines);
    }

    /// `-3.1 s app1.lab: the kernel killed …`.
    private static String link(Incident.Link link) {
        return cut(INDENT
                + String.format(Locale.ROOT, "%+7.1f s  %s: ", link.offsetMillis() / 1_000.0, printable(link.host()))
                + printable(link.text()));
    }

    private static String cut(String line) {
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH) + "…";
    }

    private static String evidence(Incident.Evidence evidence) {
        return cut(INDENT
                + "%s %s %s | %s"
                        .formatted(
                                time(evidence.at()), evidence.host(), evidence.source(), printable(message(evidence))));
    }

    /// Of a journal entry what was said, of other lines all.
    private static String message(Incident.Evidence evidence) {
        Matcher said = JOURNAL_MESSAGE.matcher(evidence.line());
        return evidence.source().equals("journald") && said.find() ? said.group(1) : evidence.line();
    }

    /// Log lines are written by strangers: nothing in them may steer the terminal.
    private static String printable(String line) {
        StringBuilder text = new StringBuilder(line.length());
        line.codePoints().forEach(c -> text.appendCodePoint(Character.isISOControl(c) ? '·' : c));
        return text.toString();
    }

    private static String cause(Incident incident) {
        return incident.subCause() == null ? incident.cause() : incident.cause() + "/" + incident.subCause();
    }

    private static String certainty(Incident incident) {
        return "%s (%.2f)".formatted(incident.verdict().name().toLowerCase(Locale.ROOT), incident.confidence());
    }

    private static long failed(Incident incident) {
        return incident.requests().failed().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static String lasted(Incident incident) {
        return Duration.between(incident.startedAt(), incident.lastFailureAt()).toSeconds() + " s";
    }

    private static String time(Instant at) {
        return TIME.format(at);
    }
}
