package dev.gatewatch.analyzer.grammar;

import dev.gatewatch.analyzer.grammar.AccessFormat.Field;
import java.util.EnumMap;
import java.util.Map;

/// A line of NGINX's access log, by its format where that is known, else by what such lines have in common:
/// a date in brackets, the request in quotes and the status, or a JSON object with telling keys.
///
/// ```
/// 127.0.0.1 - - [22/Nov/2026:13:52:29 +0000] "GET /refused HTTP/1.1" 502 157 "-" "curl/7.88.1" rt=0.000
/// uct="-" uht="-" urt="0.000" ua="127.0.0.1:18199" us="502"
/// ```
/// See [ngx_http_log_module](https://nginx.org/en/docs/http/ngx_http_log_module.html).
public final class NginxAccessGrammar {
    /// How far the date may stand from the beginning of a line whose format is not known.
    private static final int LONGEST_HEAD = 600;

    /// Reads a line of a known format; one that does not fit is read as one of unknown format.
    public Parsed<NginxAccess> parse(AccessFormat format, Cursor line) {
        Cursor strict = line.remaining().cursor();
        Map<Field, Slice> values = format.values(strict);
        if (!strict.malformed()) {
            NginxAccess record =
                    record(values, format.tells(Field.UPSTREAM_ADDR) || format.tells(Field.UPSTREAM_STATUS));
            if (record.status() >= 0) {
                return new Parsed.Ok<>(record);
            }
        }
        Parsed<NginxAccess> guessed = parse(line);
        return guessed instanceof Parsed.Malformed && strict.malformed() ? strict.complaint() : guessed;
    }

    /// Reads a line of unknown format.
    public Parsed<NginxAccess> parse(Cursor line) {
        Map<Field, Slice> values = new EnumMap<>(Field.class);
        line.skipBlanks();
        boolean whole = line.peek() == '{' ? readObject(line, values) : readText(line, values);
        if (line.malformed()) {
            return line.complaint();
        }
        boolean tells = values.containsKey(Field.UPSTREAM_ADDR) || values.containsKey(Field.UPSTREAM_STATUS);
        NginxAccess record = record(values, tells);
        boolean failed = record.status() >= 502 && record.status() <= 504;
        if (record.status() < 0 || (failed && !whole)) { // who failed may stand where the line is cut off
            line.moveTo(0);
            line.fail(record.status() < 0 ? "a status" : "the end of the line");
            return line.complaint();
        }
        return new Parsed.Ok<>(record);
    }

    /// Reads a line of text.
    ///
    /// @return whether it is whole, as far as can be seen
    private static boolean readText(Cursor line, Map<Field, Slice> values) {
        Slice ahead = line.remaining();
        int last = Math.min(ahead.length(), LONGEST_HEAD);
        int at = ahead.indexOf('[', 0);
        while (at >= 0 && at < last && !(ahead.digitsAt(at + 1) == 2 && ahead.byteAt(at + 3) == '/')) {
            at = ahead.indexOf('[', at + 1);
        }
        values.put(Field.REMOTE_ADDR, address(ahead.sub(0, Math.max(0, at)).before(" ")));
        line.moveTo(line.column() + (at < 0 || at >= last ? 0 : at));
        line.skip("[");
        values.put(Field.TIME_LOCAL, line.until("] \""));
        values.put(Field.REQUEST, AccessFormat.untilQuote(line));
        line.skip("\" ");
        values.put(Field.STATUS, line.word());
        line.word(); // bytes
        boolean whole = true;
        for (int words = 0; !line.atEnd() && !line.malformed(); words++) {
            boolean behindAgent = words == 2;
            if (!(behindAgent && IngressTail.take(line, values))) {
                whole = readPair(line, values);
            }
        }
        return whole;
    }

    /// The word if it is an address: other formats begin with a virtual host.
    private static Slice address(Slice word) {
        for (int i = 0; i < word.length(); i++) {
            byte b = word.byteAt(i);
            if (!Slice.isDigit(b) && b != '.' && b != ':' && !(b >= 'a' && b <= 'f')) {
                return Slice.EMPTY;
            }
        }
        return word;
    }

    /// `rt=0.004`, `ua="10.85.0.21:8081"`, or something else that is passed over.
    ///
    /// @return whether its value is whole
    private static boolean readPair(Cursor line, Map<Field, Slice> values) {
        if (line.take('"')) {
            AccessFormat.untilQuote(line);
            line.take('"');
            line.skipBlanks();
            return true;
        }
        Slice ahead = line.remaining();
        int end = 0;
        while (end < ahead.length() && ahead.byteAt(end) != ' ' && ahead.byteAt(end) != '=') {
            end++;
        }
        Slice key = ahead.sub(0, end);
        line.moveTo(line.column() + Math.min(end + 1, ahead.length()));
        if (ahead.byteAt(end) != '=') {
            return true;
        }
        boolean quoted = line.take('"');
        Slice value = quoted ? AccessFormat.untilQuote(line) : TryList.take(line);
        boolean whole = !quoted || line.take('"');
        line.skipBlanks();
        if (whole) {
            values.put(fieldOf(key, value), value);
        }
        return whole;
    }

    /// Reads a flat object, also where NGINX writes what JSON does not allow, such as `"status":009` and
    /// `"urt":,`. Where nothing is escaped a client can add members of its own; then it is not known which
    /// are NGINX's.
    ///
    /// @return whether it is whole
    private static boolean readObject(Cursor line, Map<Field, Slice> values) {
        Cursor members = line.remaining().cursor();
        boolean[] contradicts = new boolean[1];
        JsonMembers.read(members, (object, key, value) -> {
            Field field = object.isEmpty() ? fieldOf(key, value) : Field.OTHER;
            Slice before = values.put(field, value);
            boolean once = field == Field.STATUS || field.isList();
            contradicts[0] |= once && before != null && !before.sameBytes(value);
        });
        if (contradicts[0] || values.isEmpty()) {
            line.fail("a flat JSON object");
        }
        return !members.malformed();
    }

    /// The field that such a key usually names.
    private static Field fieldOf(Slice key, Slice value) {
        if (key.length() > 24) {
            return Field.OTHER;
        }
        return switch (key.text()) {
            case "status", "http_status", "response_status" -> Field.STATUS;
            case "remote_addr" -> Field.REMOTE_ADDR;
            case "request" -> Field.REQUEST;
            case "uri", "path" -> Field.URI;
            case "request_uri", "url" -> value.startsWith("/") ? Field.REQUEST_URI : Field.OTHER;
            case "time", "@timestamp", "timestamp", "time_iso8601" -> Field.TIME_ISO8601;
            case "time_local" -> Field.TIME_LOCAL;
            case "msec" -> Field.MSEC;
            case "request_time", "rt", "responsetime" -> Field.REQUEST_TIME;
            case "upstream_addr", "upstream", "upstreamaddr" -> Field.UPSTREAM_ADDR;
            case "ua" -> looksLikePeer(value) ? Field.UPSTREAM_ADDR : Field.OTHER;
            case "upstream_status", "us" -> Field.UPSTREAM_STATUS;
            case "upstream_connect_time", "uct" -> Field.UPSTREAM_CONNECT_TIME;
            case "upstream_header_time", "uht" -> Field.UPSTREAM_HEADER_TIME;
            case "upstream_response_length" -> Field.UPSTREAM_RESPONSE_LENGTH;
            default -> Field.OTHER;
        };
    }

    /// `ua` often is the user agent.
    private static boolean looksLikePeer(Slice value) {
        return (!value.isEmpty() && !value.contains("/")) || value.startsWith("unix:");
    }

    private static NginxAccess record(Map<Field, Slice> values, boolean tellsUpstream) {
        Slice status = value(values, Field.STATUS);
        return new NginxAccess(
                stamp(values),
                millis(value(values, Field.MSEC)),
                status.length() == 3 ? status.number() : -1,
                path(values),
                value(values, Field.REMOTE_ADDR),
                millis(value(values, Field.REQUEST_TIME)),
                tellsUpstream,
                value(values, Field.PROXY_UPSTREAM_NAME),
                TryList.of(value(values, Field.UPSTREAM_ADDR)),
                TryList.of(value(values, Field.UPSTREAM_STATUS)),
                TryList.of(value(values, Field.UPSTREAM_CONNECT_TIME)),
                TryList.of(value(values, Field.UPSTREAM_HEADER_TIME)),
                TryList.of(value(values, Field.UPSTREAM_RESPONSE_LENGTH)));
    }

    private static Stamp stamp(Map<Field, Slice> values) {
        Slice iso = value(values, Field.TIME_ISO8601);
        if (iso.byteAt(4) == '-') {
            return Stamp.iso(iso.cursor());
        }
        Slice local = value(values, Field.TIME_LOCAL);
        return Stamp.common((local.isEmpty() ? iso : local).cursor());
    }

    private static Slice path(Map<Field, Slice> values) {
        Slice uri = value(values, Field.REQUEST_URI);
        if (uri.isEmpty()) {
            uri = value(values, Field.URI);
        }
        return uri.isEmpty() ? RequestLine.path(value(values, Field.REQUEST)) : uri.before("?");
    }

    /// Seconds with three decimals, as milliseconds; -1 if there are none.
    public static long millis(Slice seconds) {
        int digits = seconds.digitsAt(0);
        if (digits == 0 || digits > 12) {
            return -1;
        }
        long whole = seconds.bigNumber() * 1000;
        boolean fractional = seconds.byteAt(digits) == '.' && seconds.digitsAt(digits + 1) >= 3;
        return fractional ? whole + seconds.sub(digits + 1, digits + 4).number() : whole;
    }

    private static Slice value(Map<Field, Slice> values, Field field) {
        return values.getOrDefault(field, Slice.EMPTY);
    }
}
