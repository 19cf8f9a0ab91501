package dev.gatewatch.analyzer.grammar;

import dev.gatewatch.analyzer.grammar.HaproxyLine.ClientError;
import dev.gatewatch.analyzer.grammar.HaproxyLine.Exhausted;
import dev.gatewatch.analyzer.grammar.HaproxyLine.HealthCheck;
import dev.gatewatch.analyzer.grammar.HaproxyLine.Notice;
import dev.gatewatch.analyzer.grammar.HaproxyLine.ServerChange;
import dev.gatewatch.analyzer.grammar.HaproxyLine.Traffic;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A line of HAProxy, with or without syslog's prefix: a request in the format of one of its options or of
/// a `log-format`, or a message of the process.
///
/// ```
/// Nov 22 13:55:15 lb1 haproxy[27995]: 127.0.0.1:42020 [22/Nov/2026:13:55:15.981] fe ports/p1 0/0/-1/-1/0
/// 503 217 - -
/// SC-- 2/2/1/1/0 0/0 "GET /ports/2 HTTP/1.1"
/// 198.51.100.106:57874 [15/Apr/2022:22:33:24.192] tcp tcp/s1 1/0/709 620 -- 1/1/0/0/0 0/0
/// [WARNING]  (462) : Server app/a1 is DOWN, reason: Layer4 connection problem, info: "Connection refused",
/// check
/// duration: 0ms. …
/// ```
/// See [log formats](https://docs.haproxy.org/3.0/configuration.html#8.2).
public final class HaproxyGrammar {
    private static final List<String> BEGINNINGS = List.of(
            "Server ",
            "Backup Server ",
            "Health check for ",
            "backend ",
            "proxy ",
            "frontend ",
            "Proxy ",
            "Connect",
            "Current ",
            "Former ",
            "New ",
            "Reloading ",
            "Loading ",
            "Stopping ",
            "Stopped ",
            "Pausing ",
            "Paused ",
            "Started ",
            "Exiting ",
            "All workers ",
            "haproxy ",
            "path to ");

    /// Formats that are not read by hand, the last ones for a cookie that holds blanks.
    private static final List<HaproxyFormat> OPTIONS =
            List.of(HaproxyFormat.TCP_CLF, HaproxyFormat.HTTP_CLF, HaproxyFormat.HTTP, HaproxyFormat.HTTP_AND_MORE);

    /// Reads a line of a host whose formats are not known.
    public Parsed<HaproxyLine> parse(Cursor line) {
        return parse(List.of(), line);
    }

    /// Reads a line with whatever stands before its message.
    ///
    /// @param formats the host's own formats, as far as they are known
    public Parsed<HaproxyLine> parse(List<HaproxyFormat> formats, Cursor line) {
        if (line.atEnd()) {
            line.fail("a line of HAProxy");
            return line.complaint();
        }
        Slice whole = line.remaining();
        skipContainer(line);
        int begin = line.column();
        SyslogPrefix prefix = SyslogPrefix.take(line);
        takeStandardError(line);
        Slice message = line.remaining();
        HaproxyLine known = known(formats, whole, message, prefix.when());
        if (known != null) {
            return new Parsed.Ok<>(known);
        }
        boolean bare = line.column() == begin;
        Parsed<HaproxyLine> usual = usual(line, prefix.when(), bare);
        return usual instanceof Parsed.Ok ? usual : unusual(formats, message, prefix.when(), usual);
    }

    /// A request in one of the host's own formats, null if it is in none of them.
    private static @Nullable HaproxyLine known(List<HaproxyFormat> formats, Slice whole, Slice message, Stamp logged) {
        for (HaproxyFormat format : formats) {
            HaproxyLine request = format.tellsAnEnding() ? format.read(message, logged) : null;
            if (request == null && format.tellsAnEnding() && message.length() < whole.length()) {
                request = format.read(whole, Stamp.NONE);
            }
            if (request != null) {
                return request;
            }
        }
        return null;
    }

    /// A request of `option httplog` or `option tcplog`, or a message.
    private static Parsed<HaproxyLine> usual(Cursor line, Stamp logged, boolean bare) {
        boolean traffic = isTraffic(line);
        boolean tail = bare && isTail(line);
        boolean message = isBareMessage(line) || !(bare || looksLikeTraffic(line.remaining()));
        if (!traffic && !tail && !message) {
            line.fail("a message of HAProxy");
        }
        HaproxyLine record = tail ? tail(line, logged) : traffic ? traffic(line, logged) : message(logged, line);
        return line.malformed() ? line.complaint() : new Parsed.Ok<>(record);
    }

    /// Whether a line that no format reads is about a request rather than a message.
    private static boolean looksLikeTraffic(Slice message) {
        return message.startsWith("{") || message.contains(" HTTP/") || message.contains("<BADREQ>");
    }

    private static Parsed<HaproxyLine> unusual(
            List<HaproxyFormat> formats, Slice message, Stamp logged, Parsed<HaproxyLine> complaint) {
        for (HaproxyFormat format : OPTIONS) {
            HaproxyLine request = format.read(message, logged);
            if (request != null) {
                return new Parsed.Ok<>(request);
            }
        }
        for (HaproxyFormat format : formats) {
            if (!format.tellsAnEnding() && format.isDated() && format.fits(message)) {
                return new Parsed.Ok<>(new ClientError(logged, message));
            }
        }
        HaproxyLine guess = HaproxyGuess.read(message, logged);
        return guess == null ? complaint : new Parsed.Ok<>(guess);
    }

    /// `haproxy_1  | `
    private static void skipContainer(Cursor line) {
        Slice head = line.remaining().sub(0, 80);
        int bar = head.indexOf("| ", 0);
        if (bar > 0 && head.byteAt(bar - 1) == ' ' && head.indexOf('[', 0) > bar) {
            line.moveTo(line.column() + bar + 2);
        }
    }

    /// `[WARNING]  (301) : ` or, up to 2.3, `[WARNING] 271/091212 (3065) : `
    private static void takeStandardError(Cursor line) {
        if (line.at("[WARNING]")
                || line.at("[ALERT]")
                || line.at("[NOTICE]")
                || line.at("[INFO]")
                || line.at("[DIAG]")) {
            Slice ahead = line.remaining();
            int end = ahead.sub(0, 60).indexOf(") : ", 0);
            if (end > 0) {
                line.moveTo(line.column() + end + ") : ".length());
            }
        }
    }

    /// Whether the line begins with a client and a date in brackets.
    private static boolean isTraffic(Cursor line) {
        Slice ahead = line.remaining();
        int bracket = ahead.byteAt(0) == '[' ? 0 : ahead.indexOf(' ', 0) + 1;
        return ahead.byteAt(bracket) == '[' && ahead.digitsAt(bracket + 1) == 2 && ahead.byteAt(bracket + 3) == '/';
    }

    /// Whether a line without any prefix begins as a message of HAProxy does.
    private static boolean isBareMessage(Cursor line) {
        for (String beginning : BEGINNINGS) {
            if (line.at(beginning)) {
                return true;
            }
        }
        Slice ahead = line.remaining();
        Slice second = ahead.after(ahead.indexOf(' ', 0) + 1);
        return second.startsWith("changed its IP from ") || second.startsWith("IP changed from ");
    }

    /// Whether the line begins with the times of a request and its status, its head being cut off.
    private static boolean isTail(Cursor line) {
        if (!line.atDigit()) {
            return false;
        }
        Cursor ahead = line.remaining().cursor();
        int phases = takeTimes(ahead, new int[5]);
        ahead.skip(" ");
        return phases == 5 && !ahead.malformed() && ahead.remaining().digitsAt(0) == 3 && ahead.peek(3) == ' ';
    }

    /// A request that left the queue had a server, whichever it was; one that did not could have lacked a
    /// server or a backend.
    private static HaproxyLine tail(Cursor line, Stamp logged) {
        Traffic traffic = from(Stamp.NONE, logged, Slice.EMPTY, Slice.EMPTY, Slice.EMPTY, line);
        if (traffic.queueMillis() < 0) {
            line.fail("backend/server");
        }
        return traffic;
    }

    private static HaproxyLine traffic(Cursor line, Stamp logged) {
        Slice client = line.peek() == '[' ? Slice.EMPTY : line.word();
        line.skip("[");
        Stamp begun = Stamp.common(line);
        line.skip("] ");
        Slice frontend = line.word();
        if (frontend.endsWith(":")) {
            return new ClientError(begun, line.rest());
        }
        Slice pair = line.word();
        if (pair.isEmpty() || !(line.atDigit() || line.peek() == '-')) {
            line.fail("backend/server");
        }
        return from(begun, logged, client.sub(0, Math.max(0, client.lastIndexOf(":"))), frontend, pair, line);
    }

    /// From the times on.
    private static Traffic from(Stamp begun, Stamp logged, Slice client, Slice frontend, Slice pair, Cursor line) {
        int[] times = new int[5];
        int phases = takeTimes(line, times);
        line.skip(" ");
        boolean http = phases == 5;
        int status = http ? takeStatus(line) : -1;
        line.word(); // bytes
        if (http) {
            line.word(); // captured cookies
            line.word();
        }
        Slice termination = line.word();
        if (termination.length() != (http ? 4 : 2) || !HaproxyVariable.isState(termination)) {
            line.fail("a termination state");
        }
        skipCounts(line, 4);
        boolean redispatched = line.peek() == '+';
        int retries = line.number();
        if (line.take(' ')) {
            skipQueues(line);
        }
        if (!line.atEnd() && !(http && (line.peek() == '"' || line.peek() == '{'))) {
            line.fail(http ? "a request" : "the end of the line");
        }
        Slice request = http ? takeRequest(line) : Slice.EMPTY;
        return new Traffic(
                begun,
                logged,
                client,
                frontend.endsWith("~") ? frontend.sub(0, frontend.length() - 1) : frontend,
                pair.before("/"),
                pair.after(pair.before("/").length() + 1),
                http ? times[0] : -1,
                times[http ? 1 : 0],
                times[http ? 2 : 1],
                http ? times[3] : -1,
                Math.max(0, times[http ? 4 : 2]),
                status,
                termination,
                retries,
                redispatched,
                RequestLine.path(request),
                request.startsWith("<BADREQ>"));
    }

    /// `TR/Tw/Tc/Tr/Ta` or `Tw/Tc/Tt`
    private static int takeTimes(Cursor line, int[] times) {
        int count = 0;
        do {
            line.skipBlanks();
            times[count++] = line.number();
        } while (count < times.length && line.take('/'));
        if (count != 3 && count != 5) {
            line.fail("three or five times");
        }
        return count;
    }

    private static int takeStatus(Cursor line) {
        int status = line.number();
        line.skip(" ");
        return status;
    }

    /// `ac/fc/bc/sc/`
    private static void skipCounts(Cursor line, int count) {
        for (int i = 0; i < count; i++) {
            line.number();
            line.skip("/");
        }
    }

    /// `sq/bq`
    private static void skipQueues(Cursor line) {
        line.number();
        line.skip("/");
        line.number();
        line.take(' ');
    }

    /// Passes over captured headers, `{…}`, in which quotes and braces are escaped. The closing quote may
    /// be cut off.
    private static Slice takeRequest(Cursor line) {
        while (line.take('{')) {
            line.until('}');
            line.take(' ');
        }
        return line.take('"') ? line.rest().before("\"") : Slice.EMPTY;
    }

    private static HaproxyLine message(Stamp when, Cursor line) {
        Slice message = line.rest();
        Cursor words = message.cursor();
        if (words.take("Server ") || words.take("Backup Server ")) {
            return serverChange(when, message, words);
        }
        if (words.take("Health check for ")) {
            return healthCheck(when, message, words);
        }
        if (message.endsWith(" has no server available!")) {
            Slice kindAndName = message.before(" has no server available!");
            return new Exhausted(when, unquoted(kindAndName.after(kindAndName.indexOf(' ', 0) + 1)));
        }
        return new Notice(when, message);
    }

    private static HaproxyLine serverChange(Stamp when, Slice message, Cursor words) {
        Slice name = words.word();
        Slice change = words.rest();
        if (change.startsWith("('")) {
            change = change.after(change.indexOf(' ', 0) + 1);
        }
        boolean isChange = change.startsWith("is ")
                || change.startsWith("was ")
                || change.startsWith("enters ")
                || change.startsWith("administratively ")
                || change.startsWith("remains ");
        if (!isChange) {
            return new Notice(when, message);
        }
        return new ServerChange(when, backend(name), server(name), change, reason(change), info(change));
    }

    private static HaproxyLine healthCheck(Stamp when, Slice message, Cursor words) {
        words.take("backup ");
        if (!words.take("server ")) {
            return new Notice(when, message);
        }
        Slice name = words.word();
        Slice rest = words.rest();
        return new HealthCheck(when, backend(name), server(name), rest.startsWith("failed"), reason(rest), info(rest));
    }

    private static Slice reason(Slice text) {
        int at = text.indexOf(", reason: ", 0);
        if (at < 0) {
            return Slice.EMPTY;
        }
        Slice reason = text.after(at + ", reason: ".length());
        int end = reason.indexOf(", ", 0);
        return end < 0
                ? reason.before(".").before(" check duration")
                : reason.sub(0, end).before(" check duration");
    }

    private static Slice info(Slice text) {
        return text.between(", info: \"", "\"");
    }

    private static Slice backend(Slice name) {
        int slash = name.indexOf('/', 0);
        return slash < 0 ? Slice.EMPTY : name.sub(0, slash);
    }

    private static Slice server(Slice name) {
        return name.after(name.indexOf('/', 0) + 1);
    }

    private static Slice unquoted(Slice name) {
        return name.startsWith("'") && name.endsWith("'") ? name.sub(1, name.length() - 1) : name;
    }
}
