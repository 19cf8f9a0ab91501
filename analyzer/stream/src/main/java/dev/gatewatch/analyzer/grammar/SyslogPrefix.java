package dev.gatewatch.analyzer.grammar;

/// What a syslog daemon, a container runtime or a logger puts before a message.
///
/// ```
/// Nov 22 13:55:15 lb1 haproxy[27995]: …                                      RFC 3164, as rsyslog files it
/// 2024-11-18T12:48:56.327006+01:00 hermes haproxy[2275324]: …                ISO, as rsyslog files it
/// <134>1 2026-11-22T13:55:15.981689+00:00 lb1 haproxy 27995 - - …            RFC 5424
/// <142>Nov 22 13:55:15 lb1 haproxy[27995]: … · <6>… · 2026-…+00:00 … · …     as it goes over the wire
/// ```
/// See [RFC 3164](https://www.rfc-editor.org/rfc/rfc3164) and [RFC
/// 5424](https://www.rfc-editor.org/rfc/rfc5424).
///
/// @param when [Stamp#NONE] if there is none
/// @param tag name of the program, with its process number if it has one, empty if not told
public record SyslogPrefix(Stamp when, Slice tag) {

    /// Takes the prefix and leaves the cursor at the message. Takes nothing if there is no prefix.
    public static SyslogPrefix take(Cursor line) {
        takePriority(line);
        if (line.at("1 ") && Slice.isDigit(line.peek(2))) {
            return takeRfc5424(line);
        }
        Stamp when = Stamp.NONE;
        if (Stamp.atMonth(line)) {
            when = attempt(line, true);
        } else if (line.atDigit() && line.peek(4) == '-' && line.peek(7) == '-') {
            when = attempt(line, false);
        }
        return new SyslogPrefix(when, takeTag(line, !when.equals(Stamp.NONE)));
    }

    /// The program's name without its process number.
    public Slice program() {
        int bracket = tag.indexOf('[', 0);
        return bracket < 0 ? tag : tag.sub(0, bracket);
    }

    /// The process number, -1 if not told.
    public int pid() {
        return tag.between("[", "]").number();
    }

    private static void takePriority(Cursor line) {
        int column = line.column();
        if (line.take('<')) {
            int digits = line.remaining().digitsAt(0);
            line.moveTo(line.column() + digits);
            if (digits == 0 || digits > 3 || !line.take('>')) {
                line.moveTo(column);
            }
        }
    }

    /// Reads the stamp on a cursor of its own, so that a line which only looks like one is not malformed by
    /// that.
    private static Stamp attempt(Cursor line, boolean traditional) {
        Cursor ahead = line.remaining().cursor();
        Stamp when = traditional ? Stamp.syslog(ahead) : Stamp.iso(ahead);
        if (ahead.malformed() || !(ahead.atEnd() || ahead.peek() == ' ')) {
            return Stamp.NONE;
        }
        line.moveTo(line.column() + ahead.column());
        line.skipBlanks();
        return when;
    }

    private static SyslogPrefix takeRfc5424(Cursor line) {
        line.skip("1 ");
        Stamp when = Stamp.iso(line);
        line.skip(" ");
        line.word(); // host
        Slice program = line.word();
        line.word(); // process
        line.word(); // message id
        if (!line.take("- ")) {
            line.until("] ");
        }
        return new SyslogPrefix(when, program);
    }

    /// The tag is the first or second word after a stamp, and the first one of a line that has none.
    private static Slice takeTag(Cursor line, boolean stamped) {
        int column = line.column();
        Slice first = line.word();
        if (isTag(first, stamped)) {
            line.skipBlanks();
            return withoutColon(first);
        }
        line.skipBlanks();
        Slice second = stamped ? line.word() : Slice.EMPTY;
        if (isTag(second, stamped)) {
            line.skipBlanks();
            return withoutColon(second);
        }
        line.moveTo(column);
        return Slice.EMPTY;
    }

    private static boolean isTag(Slice word, boolean stamped) {
        Slice name = withoutColon(word);
        int bracket = name.indexOf('[', 0);
        boolean numbered =
                bracket > 0 && name.endsWith("]") && name.digitsAt(bracket + 1) == name.length() - bracket - 2;
        if (numbered && name.length() > bracket + 2) {
            return true;
        }
        boolean named = word.endsWith(":") && name.indexOf('/', 0) < 0 && name.indexOf('[', 0) < 0;
        return stamped ? (word.length() > 1 && named) || word.is("haproxy") : word.is("haproxy");
    }

    private static Slice withoutColon(Slice word) {
        return word.endsWith(":") ? word.sub(0, word.length() - 1) : word;
    }
}
