package dev.gatewatch.analyzer.grammar;

import java.util.Arrays;

/// An entry of the journal, a flat JSON object a line. A value is a string, an array of byte values if it
/// is not text, an array of
/// either if the entry has the field more than once, or null if it was too long to print.
///
/// ```
/// {"MESSAGE":"Stopped orders.service - Orders
/// API.","MESSAGE_ID":"9d1aaa27d60140bd96365438aad20286","_PID":"1","UNIT":"orders.service",…}
/// ```
/// See [Journal JSON format](https://systemd.io/JOURNAL_EXPORT_FORMATS/#journal-json-format).
public final class JournalGrammar {
    /// Nothing in an entry is nested deeper: an array of arrays of numbers.
    private static final int DEEPEST = 2;

    /// Reads an entry as `journalctl -o json --all` prints it.
    public Parsed<JournalEntry> parse(Cursor line) {
        JournalEntry entry = new JournalEntry();
        line.skipBlanks();
        line.skip("{");
        line.skipBlanks();
        if (!line.take('}')) {
            do {
                member(line, entry);
                line.skipBlanks();
            } while (line.take(','));
            line.skip("}");
        }
        line.skipBlanks();
        if (!line.atEnd()) {
            line.fail("the end of the line");
        }
        return line.malformed() ? line.complaint() : new Parsed.Ok<>(entry);
    }

    private static void member(Cursor line, JournalEntry entry) {
        line.skipBlanks();
        line.skip("\"");
        Slice name = AccessFormat.untilQuote(line);
        line.skip("\"");
        line.skipBlanks();
        line.skip(":");
        JournalEntry.Field field = JournalEntry.Field.of(name);
        Slice value = value(line, field != null, 0);
        if (field != null) {
            entry.put(field, value);
        }
    }

    /// Takes a value; gives it, or of several the first, if it is wanted.
    private static Slice value(Cursor line, boolean wanted, int depth) {
        line.skipBlanks();
        if (line.take('"')) {
            Slice raw = AccessFormat.untilQuote(line);
            line.skip("\"");
            return wanted ? JsonText.unescaped(raw) : Slice.EMPTY;
        }
        if (line.take('[')) {
            return array(line, wanted, depth + 1);
        }
        if (line.take("null") || line.take("true") || line.take("false")) {
            return Slice.EMPTY;
        }
        Slice number = line.remaining();
        line.number();
        return number.sub(0, Math.max(1, number.digitsAt(0)));
    }

    private static Slice array(Cursor line, boolean wanted, int depth) {
        line.skipBlanks();
        if (line.take(']')) {
            return Slice.EMPTY;
        }
        if (line.atDigit()) {
            return bytes(line, wanted);
        }
        if (depth > DEEPEST) {
            line.fail("a number");
        }
        Slice first = value(line, wanted, depth);
        while (comma(line)) {
            value(line, false, depth);
        }
        line.skip("]");
        return first;
    }

    private static Slice bytes(Cursor line, boolean wanted) {
        byte[] taken = new byte[wanted ? 64 : 0];
        int count = 0;
        do {
            line.skipBlanks();
            long value = line.digits();
            if (value > 255) {
                line.fail("a byte");
            }
            if (wanted) {
                taken = count == taken.length ? Arrays.copyOf(taken, 2 * count) : taken;
                taken[count++] = (byte) value;
            }
        } while (comma(line));
        line.skip("]");
        return new Slice(taken, 0, count);
    }

    private static boolean comma(Cursor line) {
        line.skipBlanks();
        return line.take(',');
    }
}
