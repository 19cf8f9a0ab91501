package dev.gatewatch.analyzer.grammar;

import java.util.EnumMap;
import java.util.Map;

/// A line of Envoy's access log: the default format, the same with more fields as Istio has it, or a JSON
/// object with the usual keys.
///
/// ```
/// [2022-06-09T16:06:06.942Z] "GET /hello HTTP/1.1" 503 UF 0 145 0 - "-" "curl/7.68.0" "ffc1de9a" "shop"
/// "10.28.0.19:80"
/// [2022-06-09T16:06:06.942Z] "GET /hello HTTP/1.1" 503 UF
/// upstream_reset_before_response_started{connection_failure,delayed_connect_error:_111} -
/// "delayed_connect_error:_111" 0 145 0 -
/// "-" "curl/7.68.0" "ffc1de9a" "shop" "10.28.0.19:80" inbound|80|| - 10.28.0.19:80 10.28.0.1:9347 - default
/// ```
/// Envoy does not escape what clients send, so fields are taken from the left up to the times, and from
/// the right.
///
/// See [access
/// logging](https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage).
public final class EnvoyGrammar {
    /// How far the date may stand from the beginning of the line.
    private static final int LONGEST_HEAD = 120;

    private static final int LONGEST_KEY = 40;

    private enum Field {
        STARTED,
        STATUS,
        FLAGS,
        DETAILS,
        FAILURE,
        DURATION,
        SERVICE_TIME,
        UPSTREAM,
        CLUSTER,
        PATH,
        ATTEMPTS,
        OTHER
    }

    /// Reads a line in either form.
    public Parsed<EnvoyLine> parse(Cursor line) {
        line.skipBlanks();
        Map<Field, Slice> values = new EnumMap<>(Field.class);
        if (line.peek() == '{') {
            JsonMembers.read(line, (object, key, value) -> {
                if (object.isEmpty()) {
                    values.putIfAbsent(fieldOf(key), value);
                }
            });
            if (!values.containsKey(Field.STATUS) || !values.containsKey(Field.FLAGS)) {
                line.fail("response_code and response_flags");
            }
        } else {
            text(line, values);
        }
        Stamp started = started(values);
        return line.malformed() ? line.complaint() : new Parsed.Ok<>(record(started, values));
    }

    private static Field fieldOf(Slice key) {
        return switch (key.sub(0, LONGEST_KEY).text()) {
            case "start_time", "startTime", "@timestamp", "timestamp", "time" -> Field.STARTED;
            case "response_code", "responseCode", "status", "status_code" -> Field.STATUS;
            case "response_flags", "responseFlags", "response_flag" -> Field.FLAGS;
            case "response_code_details", "responseCodeDetails" -> Field.DETAILS;
            case "upstream_transport_failure_reason", "upstreamTransportFailureReason" -> Field.FAILURE;
            case "duration" -> Field.DURATION;
            case "upstream_service_time", "upstreamServiceTime", "x-envoy-upstream-service-time" -> Field.SERVICE_TIME;
            case "upstream_host", "upstreamHost" -> Field.UPSTREAM;
            case "upstream_cluster", "upstreamCluster" -> Field.CLUSTER;
            case "path", "x-envoy-original-path", "x-envoy-origin-path" -> Field.PATH;
            case "upstream_request_attempt_count", "upstreamRequestAttemptCount" -> Field.ATTEMPTS;
            default -> Field.OTHER;
        };
    }

    private static void text(Cursor line, Map<Field, Slice> values) {
        Slice head = line.remaining().sub(0, LONGEST_HEAD);
        int at = head.indexOf('[', 0);
        while (at > 0 && head.digitsAt(at + 1) != 4) {
            at = head.indexOf('[', at + 1);
        }
        line.moveTo(line.column() + Math.max(0, at));
        line.skip("[");
        values.put(Field.STARTED, line.until("] \""));
        Slice request = line.until("\" ");
        values.put(Field.PATH, request.after(request.indexOf(' ', 0) + 1).before(" "));
        values.put(Field.STATUS, line.word());
        values.put(Field.FLAGS, line.word());
        upToTimes(line, values);
        if (!line.malformed()) {
            fromTheRight(line.rest(), values);
        }
    }

    /// `DETAILS TERMINATION "FAILURE" 0 145 0 -`, of which the first three may be missing.
    private static void upToTimes(Cursor line, Map<Field, Slice> values) {
        boolean first = true;
        while (!isTimes(line.remaining()) && !line.malformed()) {
            if (line.take('"')) {
                values.put(Field.FAILURE, line.until('"'));
                line.skip(" ");
            } else {
                Slice word = line.word();
                if (first) {
                    values.put(Field.DETAILS, word);
                }
                first = false;
            }
            if (line.atEnd()) {
                line.fail("bytes and times");
            }
        }
        line.word(); // bytes received
        line.word(); // bytes sent
        values.put(Field.DURATION, line.word());
        values.put(Field.SERVICE_TIME, line.word());
    }

    /// Three numbers and a fourth that may be missing.
    private static boolean isTimes(Slice text) {
        int at = 0;
        for (int i = 0; i < 3; i++) {
            int digits = text.digitsAt(at);
            if (digits == 0 || text.byteAt(at + digits) != ' ') {
                return false;
            }
            at += digits + 1;
        }
        return text.byteAt(at) == '-' || text.digitsAt(at) > 0;
    }

    /// The last quoted text is the upstream host; a cluster may follow it.
    private static void fromTheRight(Slice text, Map<Field, Slice> values) {
        int end = text.lastIndexOf("\"");
        int begin = text.sub(0, Math.max(0, end)).lastIndexOf("\"");
        Slice host = text.sub(begin + 1, Math.max(0, end));
        if (begin >= 0 && (isHost(host) || host.is("-"))) {
            values.put(Field.UPSTREAM, host);
            values.put(Field.CLUSTER, text.after(end + 1).trimmed().before(" "));
        }
    }

    private static boolean isHost(Slice host) {
        int colon = host.lastIndexOf(":");
        boolean port = colon > 0 && host.digitsAt(colon + 1) == host.length() - colon - 1;
        return (port && host.indexOf(' ', 0) < 0) || host.startsWith("/");
    }

    private static Stamp started(Map<Field, Slice> values) {
        Slice text = value(values, Field.STARTED);
        Cursor stamp = text.cursor();
        Stamp read = text.byteAt(4) == '-' ? Stamp.iso(stamp) : Stamp.NONE;
        return stamp.malformed() ? Stamp.NONE : read;
    }

    private static EnvoyLine record(Stamp started, Map<Field, Slice> values) {
        int status = value(values, Field.STATUS).number();
        Slice path = JsonText.unescaped(value(values, Field.PATH));
        return new EnvoyLine(
                started,
                status <= 0 ? -1 : status,
                value(values, Field.FLAGS),
                value(values, Field.DETAILS),
                value(values, Field.FAILURE),
                Math.max(0, value(values, Field.DURATION).number()),
                value(values, Field.SERVICE_TIME).number() >= 0,
                withoutScheme(value(values, Field.UPSTREAM)),
                value(values, Field.CLUSTER),
                RequestLine.pathOf(path),
                Math.max(1, value(values, Field.ATTEMPTS).number()));
    }

    /// Old versions write `tcp://10.0.2.1:80`.
    private static Slice withoutScheme(Slice host) {
        int scheme = host.indexOf("://", 0);
        return scheme < 0 ? host : host.after(scheme + 3);
    }

    private static Slice value(Map<Field, Slice> values, Field field) {
        Slice value = values.getOrDefault(field, Slice.EMPTY);
        return value.is("-") ? Slice.EMPTY : value;
    }
}
