package dev.gatewatch.analyzer.grammar;

import dev.gatewatch.analyzer.grammar.TraefikLine.Access;
import dev.gatewatch.analyzer.grammar.TraefikLine.Message;
import java.util.EnumMap;
import java.util.Map;

/// A line of Traefik: its access log in the common format or as JSON, or its own log, which tells at level
/// `debug` what failed at a server.
///
/// ```
/// 10.0.0.9 - - [11/Aug/2026:12:00:00 +0000] "GET /api HTTP/2.0" 502 11 "-" "curl/8.5.0" 42 "web@docker"
/// "http://172.18.0.5:3000" 87ms
/// {"DownstreamStatus":502,"OriginStatus":502,"OriginContentSize":11,"ServiceAddr":"172.18.0.5:3000",…}
/// 2026-08-11T12:00:00Z DBG github.com/traefik/traefik/v3/pkg/proxy/httputil/proxy.go:122 > 502 Bad Gateway
/// error="dial tcp 172.18.0.5:3000: connect: connection refused"
/// time="2026-08-11T12:00:00Z" level=debug msg="'502 Bad Gateway' caused by: EOF"
/// ```
/// See [access logs](https://doc.traefik.io/traefik/observability/access-logs/).
public final class TraefikGrammar {
    private static final String CAUSED_BY = "caused by: ";

    private enum Field {
        STARTED,
        TIME,
        STATUS,
        ORIGIN_STATUS,
        ORIGIN_BYTES,
        DURATION,
        RETRIES,
        CLIENT,
        ROUTER,
        SERVICE,
        ADDRESS,
        URL,
        ERROR,
        PATH,
        LEVEL,
        MESSAGE,
        OTHER
    }

    /// Reads a line in any of the forms.
    public Parsed<TraefikLine> parse(Cursor line) {
        line.skipBlanks();
        TraefikLine record = line.peek() == '{' ? object(line) : isMessage(line) ? message(line) : common(line);
        return line.malformed() ? line.complaint() : new Parsed.Ok<>(record);
    }

    private static TraefikLine object(Cursor line) {
        Map<Field, Slice> values = new EnumMap<>(Field.class);
        JsonMembers.read(line, (object, key, value) -> {
            boolean url = object.is("ServiceURL") && key.is("Host"); // up to 2.10 the address was taken apart
            if (object.isEmpty() || url) {
                values.putIfAbsent(url ? Field.ADDRESS : fieldOf(key), value);
            }
        });
        if (values.containsKey(Field.STATUS)) {
            return access(values);
        }
        if (!values.containsKey(Field.LEVEL) || !values.containsKey(Field.MESSAGE) || !values.containsKey(Field.TIME)) {
            line.fail("DownstreamStatus, or level, time and message");
        }
        Slice text = JsonText.unescaped(value(values, Field.MESSAGE));
        Slice error = JsonText.unescaped(value(values, Field.ERROR));
        return new Message(stamp(value(values, Field.TIME)), isGateway(text) ? error : causedBy(text));
    }

    private static Field fieldOf(Slice key) {
        return switch (key.sub(0, 24).text()) {
            case "StartUTC" -> Field.STARTED;
            case "time" -> Field.TIME;
            case "DownstreamStatus" -> Field.STATUS;
            case "OriginStatus" -> Field.ORIGIN_STATUS;
            case "OriginContentSize" -> Field.ORIGIN_BYTES;
            case "Duration" -> Field.DURATION;
            case "RetryAttempts" -> Field.RETRIES;
            case "ClientHost" -> Field.CLIENT;
            case "RouterName", "FrontendName" -> Field.ROUTER;
            case "ServiceName", "BackendName" -> Field.SERVICE;
            case "ServiceAddr", "BackendAddr" -> Field.ADDRESS;
            case "ServiceURL", "BackendURL" -> Field.URL;
            case "OriginError", "error" -> Field.ERROR;
            case "RequestPath" -> Field.PATH;
            case "level" -> Field.LEVEL;
            case "msg", "message" -> Field.MESSAGE;
            default -> Field.OTHER;
        };
    }

    private static Access access(Map<Field, Slice> values) {
        boolean started = values.containsKey(Field.STARTED);
        Slice address = value(values, Field.ADDRESS);
        return new Access(
                stamp(value(values, started ? Field.STARTED : Field.TIME)),
                started,
                status(value(values, Field.STATUS)),
                values.containsKey(Field.ORIGIN_STATUS)
                        ? Math.max(0, value(values, Field.ORIGIN_STATUS).number())
                        : 0,
                value(values, Field.ORIGIN_BYTES).bigNumber(),
                Math.max(0, value(values, Field.DURATION).bigNumber()) / 1_000_000,
                Math.max(0, value(values, Field.RETRIES).number()),
                value(values, Field.CLIENT),
                value(values, Field.ROUTER),
                value(values, Field.SERVICE),
                address.isEmpty() ? address(value(values, Field.URL)) : address,
                JsonText.unescaped(value(values, Field.ERROR)),
                RequestLine.pathOf(JsonText.unescaped(value(values, Field.PATH))));
    }

    private static Access common(Cursor line) {
        Slice client = line.word();
        line.skip("- ");
        line.until(" [");
        Stamp started = Stamp.common(line);
        line.skip("] \"");
        Slice request = line.until("\" ");
        int status = status(line.word());
        line.word(); // bytes
        quoted(line); // referrer
        quoted(line); // user agent
        if (!line.atDigit()) {
            line.fail("a number of requests");
        }
        line.word();
        Slice router = quoted(line);
        Slice url = quoted(line);
        long millis = line.digits();
        line.skip("ms");
        return new Access(
                started,
                true,
                status,
                -1,
                -1,
                Math.max(0, millis),
                0,
                client,
                router,
                Slice.EMPTY,
                address(url),
                Slice.EMPTY,
                RequestLine.path(request));
    }

    /// A quoted text, in which Traefik escapes quotes; `-` stands for none.
    private static Slice quoted(Cursor line) {
        if (line.take("- ")) {
            return Slice.EMPTY;
        }
        line.skip("\"");
        Slice text = AccessFormat.untilQuote(line);
        line.skip("\" ");
        return text.is("-") ? Slice.EMPTY : text;
    }

    private static boolean isMessage(Cursor line) {
        Slice text = line.remaining();
        boolean v3 = text.digitsAt(0) == 4 && text.byteAt(4) == '-' && text.byteAt(10) == 'T';
        return v3 || text.startsWith("time=\"");
    }

    private static Message message(Cursor line) {
        boolean v2 = line.take("time=\"");
        Stamp when = Stamp.iso(line);
        line.skip(v2 ? "\" level=" : " ");
        Slice level = line.word();
        if (!v2 && level.length() != 3) {
            line.fail("DBG, INF, WRN, ERR or FTL");
        }
        Slice text = line.rest();
        if (v2) {
            return new Message(when, causedBy(unquoted(text.after(text.indexOf("msg=\"", 0) + "msg=\"".length()))));
        }
        int arrow = text.indexOf("> ", 0);
        Slice said = arrow < 0 ? text : text.after(arrow + 2);
        int error = said.indexOf("error=\"", 0);
        return new Message(
                when, isGateway(said) && error > 0 ? unquoted(said.after(error + "error=\"".length())) : Slice.EMPTY);
    }

    /// Up to the closing quote, without escapes.
    private static Slice unquoted(Slice text) {
        return JsonText.unescaped(AccessFormat.untilQuote(text.cursor()));
    }

    private static boolean isGateway(Slice message) {
        return message.startsWith("502 Bad Gateway") || message.startsWith("504 Gateway Timeout");
    }

    /// `'502 Bad Gateway' caused by: …`
    private static Slice causedBy(Slice message) {
        boolean gateway = message.startsWith("'502 ") || message.startsWith("'504 ");
        int at = message.indexOf(CAUSED_BY, 0);
        return gateway && at > 0 ? message.after(at + CAUSED_BY.length()) : Slice.EMPTY;
    }

    /// `host:port` of a URL, with the scheme's port if it names none.
    private static Slice address(Slice url) {
        int scheme = url.indexOf("://", 0);
        if (scheme < 0) {
            return Slice.EMPTY;
        }
        Slice host = url.after(scheme + 3).before("/");
        int colon = host.lastIndexOf(":");
        boolean port = colon > 0 && host.digitsAt(colon + 1) == host.length() - colon - 1;
        return port || host.isEmpty() ? host : Slice.of(host.brief() + (url.startsWith("https") ? ":443" : ":80"));
    }

    private static int status(Slice text) {
        return text.length() == 3 ? text.number() : -1;
    }

    private static Stamp stamp(Slice text) {
        Cursor stamp = text.cursor();
        Stamp read = text.byteAt(4) == '-' ? Stamp.iso(stamp) : Stamp.NONE;
        return stamp.malformed() ? Stamp.NONE : read;
    }

    private static Slice value(Map<Field, Slice> values, Field field) {
        return values.getOrDefault(field, Slice.EMPTY);
    }
}
