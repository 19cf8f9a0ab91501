package dev.gatewatch.analyzer.grammar;

/// The members of a JSON object on one line, also where a program writes what JSON does not allow, such as
/// `"status":009`, `"time":,` and `"time":0.001, 0.002`. What is nested twice is passed over.
///
/// See [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259).
final class JsonMembers {
    private static final int DEEPEST = 64;

    private final Cursor line;
    private final Taker taker;

    /// Gets the members one by one.
    interface Taker {
        /// Takes a member.
        ///
        /// @param object key of the object within the object that has the member, empty for the outer one
        /// @param value text without its quotes, still escaped; a number or word; empty for null and what
        ///     is nested
        void take(Slice object, Slice key, Slice value);
    }

    private JsonMembers(Cursor line, Taker taker) {
        this.line = line;
        this.taker = taker;
    }

    /// Reads the object that begins here. Malformed on the cursor if it is none, or is not whole: then the
    /// members up to there are taken, but not the one in which the line ends.
    static void read(Cursor line, Taker taker) {
        new JsonMembers(line, taker).object(Slice.EMPTY, 1);
    }

    private void object(Slice name, int depth) {
        line.skip("{");
        line.skipBlanks();
        if (line.take('}')) {
            return;
        }
        do {
            line.skipBlanks();
            line.skip("\"");
            Slice key = text();
            line.skipBlanks();
            line.skip(":");
            line.skipBlanks();
            value(name, key, depth);
            line.skipBlanks();
        } while (line.take(','));
        line.skip("}");
    }

    private void value(Slice object, Slice key, int depth) {
        if (line.peek() == '{' && depth == 1) {
            object(key, 2);
        } else {
            boolean nested = line.peek() == '{' || line.peek() == '[';
            Slice value = nested ? nested() : line.take('"') ? text() : bare();
            if (!line.malformed()) {
                taker.take(object, key, value.is("null") ? Slice.EMPTY : value);
            }
        }
    }

    /// Up to the closing quote, which is taken too.
    private Slice text() {
        Slice text = AccessFormat.untilQuote(line);
        line.skip("\"");
        return text;
    }

    /// A value without quotes ends where the next member begins or the object ends.
    private Slice bare() {
        Slice ahead = line.remaining();
        int end = 0;
        while (end < ahead.length() && ahead.byteAt(end) != '}' && !isNextMember(ahead, end)) {
            end++;
        }
        if (end == ahead.length()) {
            line.moveTo(line.column() + end);
            line.fail("}");
        } else {
            line.moveTo(line.column() + end);
        }
        return ahead.sub(0, end).trimmed();
    }

    private static boolean isNextMember(Slice text, int at) {
        if (text.byteAt(at) != ',') {
            return false;
        }
        int next = at + 1;
        while (text.byteAt(next) == ' ') {
            next++;
        }
        return text.byteAt(next) == '"';
    }

    /// Passes over it.
    private Slice nested() {
        int depth = 0;
        do {
            byte next = line.peek();
            if (line.take('"')) {
                text();
            } else {
                depth += next == '{' || next == '[' ? 1 : next == '}' || next == ']' ? -1 : 0;
                line.moveTo(line.column() + 1);
            }
            if ((line.atEnd() && depth > 0) || depth > DEEPEST) {
                line.fail("the end of what is nested");
            }
        } while (depth > 0 && !line.malformed());
        return Slice.EMPTY;
    }
}
