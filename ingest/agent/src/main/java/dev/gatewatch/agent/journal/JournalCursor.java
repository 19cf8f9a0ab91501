package dev.gatewatch.agent.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Where an entry stands: `s=943c…;i=5a4;b=fbac…;m=784c4a4e;t=660dde866dfa8;x=5aa3…`.
///
/// @param text the cursor as journalctl wrote it
/// @param journal its `s=`: which row of sequence numbers
/// @param sequence its `i=`
/// @param at its `t=`: when the journal got the entry
record JournalCursor(String text, String journal, long sequence, Instant at) {
    /// A quote inside of a JSON text is escaped, so these bytes stand nowhere but where the field does.
    private static final byte[] KEY = "\"__CURSOR\":\"".getBytes(US_ASCII);

    /// Journals keep cursors below 200 characters.
    private static final int MAX_LENGTH = 512;

    /// The cursor of an entry in journalctl's JSON, empty if it has none.
    static Optional<JournalCursor> ofEntry(byte[] bytes, int from, int to) {
        int start = indexOfKey(bytes, from, to);
        if (start < 0) {
            return Optional.empty();
        }
        int end = start;
        while (end < to && bytes[end] != '"' && end - start <= MAX_LENGTH) {
            end++;
        }
        return end < to && bytes[end] == '"'
                ? parse(new String(bytes, start, end - start, US_ASCII))
                : Optional.empty();
    }

    /// The cursor that a text is, empty if it is none.
    static Optional<JournalCursor> parse(String text) {
        Map<String, String> parts = new HashMap<>();
        for (String part : text.split(";", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        String journal = parts.getOrDefault("s", "");
        try {
            long sequence = Long.parseLong(parts.getOrDefault("i", ""), 16);
            long micros = Long.parseLong(parts.getOrDefault("t", ""), 16);
            if (journal.isEmpty() || !journal.chars().allMatch(c -> Character.digit(c, 16) >= 0) || sequence < 0) {
                return Optional.empty();
            }
            Instant at = Instant.ofEpochSecond(
                    Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
            return Optional.of(new JournalCursor(text, journal, sequence, at));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static int indexOfKey(byte[] bytes, int from, int to) {
        for (int i = from; i + KEY.length <= to; i++) {
            int k = 0;
            while (k < KEY.length && bytes[i + k] == KEY[k]) {
                k++;
            }
            if (k == KEY.length) {
                return i + KEY.length;
            }
        }
        return -1;
    }
}
