package dev.gatewatch.analyzer.grammar;

/// A line of NGINX's error log.
///
/// ```
/// 2026/11/22 13:52:29 [error] 19217#19217: *1 connect() failed (111: Connection refused) while connecting
/// to upstream,
/// client: 127.0.0.1, server: lab.example.test, request: "GET /refused HTTP/1.1", upstream:
/// "http://127.0.0.1:18199/refused", host: "127.0.0.1:18001"
/// ```
/// There is no official grammar but the code: `ngx_log_error_core()` and `ngx_http_log_error_handler()`; see
/// [error_log](https://nginx.org/en/docs/ngx_core_module.html#error_log). Nothing is escaped, so whoever
/// writes the request or the
/// referrer can write fields. The order of fields is fixed: they are taken from left to right and the
/// first hit wins.
public final class NginxErrorGrammar {
    /// How far a container runtime's prefix may reach.
    private static final int LONGEST_PREFIX = 120;

    private static final String CLIENT = ", client:";
    private static final String SERVER = ", server: ";
    private static final String REQUEST = ", request: \"";
    private static final String UPSTREAM = ", upstream: \"";

    /// Reads a line that perhaps lacks its head, or has the prefix of a container runtime before it.
    public Parsed<NginxError> parse(Cursor line) {
        if (line.atEnd()) {
            line.fail("a line of NGINX's error log");
            return line.complaint();
        }
        Stamp when = takeStamp(line);
        Slice level = takeLevel(line);
        takeProcess(line);
        boolean ofConnection = takeConnection(line);
        if (when.equals(Stamp.NONE)
                && level.isEmpty()
                && !ofConnection
                && !line.remaining().contains(" while ")
                && !continues(line)) {
            line.fail("YYYY/MM/DD HH:MM:SS [level]");
            return line.complaint();
        }
        return new Parsed.Ok<>(body(when, level, line));
    }

    private static Stamp takeStamp(Cursor line) {
        int at = stampIn(line.remaining());
        if (at < 0) {
            return Stamp.NONE;
        }
        Cursor ahead = line.remaining().after(at).cursor();
        Stamp when = Stamp.slashed(ahead);
        if (ahead.malformed()) {
            return Stamp.NONE;
        }
        line.moveTo(line.column() + at + ahead.column());
        line.skipBlanks();
        return when;
    }

    /// Where `dddd/dd/dd dd:dd:dd` begins, -1 if nowhere near the beginning.
    private static int stampIn(Slice line) {
        int last = Math.min(line.length(), LONGEST_PREFIX);
        for (int slash = line.indexOf('/', 4); slash >= 0 && slash < last; slash = line.indexOf('/', slash + 1)) {
            if (line.digitsAt(slash - 4) == 4 && line.byteAt(slash + 3) == '/' && line.byteAt(slash + 9) == ':') {
                return slash - 4;
            }
        }
        return -1;
    }

    private static Slice takeLevel(Cursor line) {
        line.take("date "); // a redacted stamp
        line.take("nginx: ");
        if (line.take('[')) {
            Slice level = line.remaining().before("]");
            if (isLevel(level)) {
                line.moveTo(line.column() + level.length() + 1);
                line.skipBlanks();
                return level;
            }
            line.moveTo(line.column() - 1);
        } else if (line.take("error] ")) {
            return Slice.of("error");
        }
        return Slice.EMPTY;
    }

    private static boolean isLevel(Slice word) {
        return word.is("error")
                || word.is("warn")
                || word.is("info")
                || word.is("notice")
                || word.is("crit")
                || word.is("alert")
                || word.is("emerg")
                || word.is("debug");
    }

    /// `19217#19217: `
    private static void takeProcess(Cursor line) {
        Slice ahead = line.remaining();
        int digits = ahead.digitsAt(0);
        if (digits > 0 && ahead.byteAt(digits) == '#') {
            int end = digits + 1 + ahead.digitsAt(digits + 1);
            line.moveTo(line.column() + end + (ahead.byteAt(end) == ':' ? 1 : 0));
            line.skipBlanks();
        }
    }

    /// `*1 `
    private static boolean takeConnection(Cursor line) {
        boolean starred = line.peek() == '*' || line.peek() == '_';
        int digits = starred ? line.remaining().digitsAt(1) : 0;
        if (digits == 0) {
            return false;
        }
        line.moveTo(line.column() + 1 + digits);
        line.skipBlanks();
        return true;
    }

    /// Whether the line is of the middle of what PHP writes over several lines to `FastCGI sent in stderr`.
    private static boolean continues(Cursor line) {
        return line.at("PHP message: ")
                || line.at("Stack trace:")
                || line.at("  thrown in ")
                || (line.peek() == '#' && Slice.isDigit(line.peek(1)));
    }

    private static NginxError body(Stamp when, Slice level, Cursor line) {
        Slice text = line.remaining();
        int fields = endOfText(text);
        Slice said = text.sub(0, fields);
        int action = said.lastIndexOf(" while ");
        Slice message = action < 0 ? said : said.sub(0, action);
        int code = codeIn(message);
        line.moveTo(line.column() + fields);

        Slice client = line.take(CLIENT) ? upTo(line, SERVER, REQUEST, UPSTREAM).trimmed() : Slice.EMPTY;
        Slice server = line.take(SERVER) ? upTo(line, REQUEST, UPSTREAM, ", bytes from/to") : Slice.EMPTY;
        Slice request = line.take(REQUEST) ? takeRequest(line) : Slice.EMPTY;
        if (line.take(", subrequest: \"")) {
            upTo(line, UPSTREAM, ", host: \"", ", referrer: \"");
        }
        Slice upstream = line.take(UPSTREAM) ? takeUpstream(line) : Slice.EMPTY;
        return new NginxError(
                when,
                level,
                message,
                code < 0 ? -1 : message.after(code).number(),
                code < 0 ? Slice.EMPTY : textOfCode(message.after(code)),
                action < 0 ? Slice.EMPTY : said.after(action + " while ".length()),
                client,
                server,
                request,
                upstream);
    }

    /// Where the first field begins. A FastCGI application's own text ends with a quote and `while` first.
    private static int endOfText(Slice text) {
        int from = text.startsWith("FastCGI sent in stderr: ") ? Math.max(0, text.indexOf("\" while ", 0)) : 0;
        int client = text.indexOf(CLIENT, from);
        if (client >= 0) {
            return client;
        }
        int resolver = text.indexOf(", resolver: ", from);
        return resolver >= 0 ? resolver : text.length();
    }

    /// Where the digits of the last `(111: ` begin, -1 if there is none.
    private static int codeIn(Slice message) {
        int last = Math.max(0, message.length() - 400);
        for (int i = message.length() - 1; i >= last; i--) {
            if (message.byteAt(i) == '(') {
                int digits = message.digitsAt(i + 1);
                if (digits > 0 && message.byteAt(i + 1 + digits) == ':') {
                    return i + 1;
                }
            }
        }
        return -1;
    }

    private static Slice textOfCode(Slice code) {
        return code.between(":", ")").trimmed();
    }

    /// A request line ends at the first quote after ` HTTP/x.y`; one without version at the next field.
    private static Slice takeRequest(Cursor line) {
        Slice ahead = line.remaining();
        for (int at = ahead.indexOf(" HTTP/", 0); at >= 0; at = ahead.indexOf(" HTTP/", at + 1)) {
            int end = at + " HTTP/".length();
            while (Slice.isDigit(ahead.byteAt(end)) || ahead.byteAt(end) == '.') {
                end++;
            }
            if (ahead.byteAt(end) == '"') {
                line.moveTo(line.column() + end + 1);
                return ahead.sub(0, end);
            }
        }
        return upTo(line, UPSTREAM, ", host: \"", ", referrer: \"");
    }

    private static Slice takeUpstream(Cursor line) {
        Slice taken = upTo(line, ", host: \"", ", referrer: \"", ", bytes from/to");
        return taken.endsWith("\"") ? taken.sub(0, taken.length() - 1) : taken;
    }

    /// Up to the first of the three fields that the rest of the line has, else all of it. Stays before the
    /// field.
    private static Slice upTo(Cursor line, String first, String second, String third) {
        Slice ahead = line.remaining();
        int end = ahead.indexOf(first, 0);
        if (end < 0) {
            end = ahead.indexOf(second, 0);
        }
        if (end < 0) {
            end = ahead.indexOf(third, 0);
        }
        if (end < 0) {
            end = ahead.length();
        }
        line.moveTo(line.column() + end);
        return ahead.sub(0, end);
    }
}
