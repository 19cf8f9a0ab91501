package dev.gatewatch.analyzer.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewatch.analyzer.grammar.Cursor;
import dev.gatewatch.analyzer.grammar.JournalEntry;
import dev.gatewatch.analyzer.grammar.JournalEntry.Field;
import dev.gatewatch.analyzer.grammar.JournalGrammar;
import dev.gatewatch.analyzer.grammar.Parsed;

/// A journal entry as a person knows it from `journalctl`: `systemd[1]: orders.service: Main process exited,
/// …`. The entry itself is a screen of fields in any order.
final class JournalText {
    private JournalText() {}

    /// The text, or the entry as it is if it cannot be read.
    ///
    /// @param limit how many characters or bytes at most
    static String of(byte[] lines, int from, int to, int limit) {
        return switch (new JournalGrammar().parse(new Cursor(lines, from, to))) {
            case Parsed.Ok<JournalEntry> entry -> text(entry.record(), limit);
            case Parsed.Malformed<JournalEntry> no -> new String(lines, from, Math.min(to - from, limit), UTF_8);
        };
    }

    private static String text(JournalEntry entry, int limit) {
        String writer = entry.text(Field.SYSLOG_IDENTIFIER);
        String pid = entry.text(Field._PID);
        String message = entry.value(Field.MESSAGE).text();
        String text = (writer.isEmpty() ? "" : writer + (pid.isEmpty() ? "" : "[" + pid + "]") + ": ") + message;
        return text.length() <= limit ? text : text.substring(0, limit);
    }
}
