package dev.gatewatch.analyzer.grammar;

import java.util.EnumMap;
import java.util.Map;

/// A line of Caddy's log, a JSON object: a finished request (`http.log.access`), what went wrong with one
/// (`http.log.error`), or anything else.
///
/// ```
/// {"level":"error","ts":1795376542.2020211,"logger":"http.log.error.log0","msg":"dial tcp
/// 127.0.0.1:19099: connect: connection
/// refused","request":{"method":"GET","uri":"/x",…},"duration":0.001103662,"status":502,"err_id":"k49ph1my3",…}
/// {"level":"error","ts":1795376542.2020833,"logger":"http.log.access.log0","msg":"handled
/// request","request":{…},"duration":0.001103662,"size":0,"status":502,"resp_headers":{"Server":["Caddy"]}}
/// ```
/// See [how logging works](https://caddyserver.com/docs/logging).
public final class CaddyGrammar {
    private enum Field {
        TIME,
        LEVEL,
        LOGGER,
        MESSAGE,
        ERROR,
        STATUS,
        DURATION,
        SIZE,
        URI,
        OTHER
    }

    /// Reads a line.
    public Parsed<CaddyLine> parse(Cursor line) {
        line.skipBlanks();
        Map<Field, Slice> values = new EnumMap<>(Field.class);
        boolean[] ofServer = new boolean[1];
        JsonMembers.read(line, (object, key, value) -> {
            boolean ofRequest = object.is("request") && key.is("uri");
            if (object.isEmpty() || ofRequest) {
                values.putIfAbsent(ofRequest ? Field.URI : fieldOf(key), value);
            }
            ofServer[0] |= object.is("resp_headers") && !(key.is("Server") || key.is("Alt-Svc") || key.is("Via"));
        });
        if (!values.containsKey(Field.LEVEL) || !values.containsKey(Field.MESSAGE) || !values.containsKey(Field.TIME)) {
            line.fail("level, ts and msg");
        }
        return line.malformed() ? line.complaint() : new Parsed.Ok<>(record(values, ofServer[0]));
    }

    private static Field fieldOf(Slice key) {
        return switch (key.sub(0, 12).text()) {
            case "ts" -> Field.TIME;
            case "level" -> Field.LEVEL;
            case "logger" -> Field.LOGGER;
            case "msg" -> Field.MESSAGE;
            case "error" -> Field.ERROR;
            case "status" -> Field.STATUS;
            case "duration" -> Field.DURATION;
            case "size" -> Field.SIZE;
            default -> Field.OTHER;
        };
    }

    private static CaddyLine record(Map<Field, Slice> values, boolean headersOfServer) {
        Slice time = value(values, Field.TIME);
        int status = value(values, Field.STATUS).number();
        CaddyLine.Kind kind = kind(values);
        return new CaddyLine(
                kind,
                time.byteAt(4) == '-' ? stamp(time) : Stamp.NONE,
                time.byteAt(4) == '-' ? -1 : millis(time),
                status <= 0 ? -1 : status,
                Math.max(0, Seconds.millis(value(values, Field.DURATION))),
                headersOfServer || value(values, Field.SIZE).bigNumber() > 0,
                JsonText.unescaped(value(values, kind == CaddyLine.Kind.BROKEN_OFF ? Field.ERROR : Field.MESSAGE)),
                RequestLine.pathOf(JsonText.unescaped(value(values, Field.URI))));
    }

    private static CaddyLine.Kind kind(Map<Field, Slice> values) {
        Slice logger = value(values, Field.LOGGER);
        Slice message = value(values, Field.MESSAGE);
        if (logger.startsWith("http.log.access") && message.is("handled request")) {
            return CaddyLine.Kind.ACCESS;
        }
        if (logger.startsWith("http.log.error")) {
            return CaddyLine.Kind.ERROR;
        }
        boolean broken = logger.is("http.handlers.reverse_proxy") && message.is("aborting with incomplete response");
        return broken ? CaddyLine.Kind.BROKEN_OFF : CaddyLine.Kind.OTHER;
    }

    /// Seconds since 1970, or milliseconds if the logger is told so.
    private static long millis(Slice time) {
        boolean millis = time.digitsAt(0) == 13;
        return millis ? time.bigNumber() : Seconds.millis(time);
    }

    private static Stamp stamp(Slice text) {
        Cursor stamp = text.cursor();
        Stamp read = Stamp.iso(stamp);
        return stamp.malformed() ? Stamp.NONE : read;
    }

    private static Slice value(Map<Field, Slice> values, Field field) {
        return values.getOrDefault(field, Slice.EMPTY);
    }
}
