package dev.gatewatch.analyzer.read;

import dev.gatewatch.wire.SourceKind;
import java.util.List;

/// Kinds of ordinary traffic: a format and some real lines of it, ordinary ones and others.
@SuppressWarnings("ImmutableEnumChecker") // its lists cannot be changed
public enum Traffic {
    HTTPLOG(
            SourceKind.HAPROXY,
            "",
            List.of(
                    "Nov 22 13:55:15 lb1 haproxy[27995]: 10.85.0.7:42020 [22/Nov/2026:13:55:15.981] fe ports/p1 0/0/1/7/9"
                            + " 200 217 - - ---- 2/2/1/1/0 0/0 \"GET /ports/2 HTTP/1.1\"",
                    "2024-11-18T12:48:56.327006+01:00 hermes haproxy[2275324]: 10.85.0.7:42020 [18/Nov/2024:12:48:56.001]"
                            + " fe~ be/s2 0/0/0/3/3 304 217 - - --VN 2/2/1/1/0 0/0 {host|ua} {} \"GET / HTTP/1.1\"",
                    "10.85.0.100:42561 [22/Nov/2026:14:01:17.554] fe be/app2 0/0/-1/-1/3003 503 216 - - SC-- 7/7/6/0/3"
                            + " 0/0 \"GET /a HTTP/1.1\"",
                    "10.85.0.7:42561 [22/Nov/2026:14:01:17.554] fe be/app2 0/0/1/2/3 200 216 - - ---- 7/7/6/0/+1 0/0 \"G",
                    "2001:db8::1:43608 [22/Nov/2026:14:01:59.999] fe fe/<STATS> 0/-1/-1/-1/3 200 9 c=1 - LR-- 7/7/6/0/0"
                            + " 0/0 \"GET /a HTTP/1.1\"")),
    HTTPLOG_OF_ONE_HOST(
            SourceKind.HAPROXY,
            "",
            List.of(
                    "Nov 22 13:55:15 lb1 haproxy[27995]: 10.85.0.7:42020 [22/Nov/2026:13:55:15.981] fe ports/p1 0/0/1/7/9"
                            + " 200 217 - - ---- 2/2/1/1/0 0/0 \"GET /ports/2 HTTP/1.1\"",
                    "Nov 22 13:55:16 lb1 haproxy[27995]: [2001:db8::1]:4 [22/Nov/2026:13:55:16.001] public~ shop/app-1 10/0/1/75/86"
                            + " 404 12017 - - ---- 212/98/71/12/0 0/0 \"POST /cart HTTP/1.1\"",
                    "Nov 22 13:55:16 lb1 haproxy[27995]: 10.85.0.7:42021 [22/Nov/2026:13:55:16.002] https-in.example.org~"
                            + " orders-of-the-north/app-server-12.example.org 0/0/1/1234567/1234568 200 98765432 - - ----"
                            + " 1/1/1/1/0 0/0 \"GET / HTTP/1.1\"",
                    "Nov 22 13:55:59 lb1 haproxy[27995]: 10.85.0.7:42022 [22/Nov/2026:13:55:59.999] fe be/app2"
                            + " 0/0/-1/-1/3003 503 216 - - SC-- 7/7/6/0/3 0/0 \"GET /a HTTP/1.1\"",
                    "Nov 22 13:56:00 lb1 haproxy[27995]: 10.85.0.7:42022 [22/Nov/2026:13:55:59.999] fe be/app2 0/0/0/3/3"
                            + " 304 217 s=1 - --NI 7/7/6/0/0 0/0 {a b|c} \"GET /a HTTP/1.1\"")),
    COMBINED(
            SourceKind.NGINX_ACCESS,
            "combined",
            List.of(
                    "10.85.0.7 - - [22/Nov/2026:13:52:29 +0000] \"GET /orders/7?x=1 HTTP/1.1\" 200 157 \"-\" \"curl/7\"",
                    "10.85.0.8 - bob [22/Nov/2026:13:52:31 +0000] \"POST /cart HTTP/1.1\" 404 0 \"http://a/b\" \"M (X)\"",
                    "::1 - - [22/Nov/2026:13:53:00 +0100] \"GET /refused HTTP/1.1\" 502 157 \"-\" \"curl/7.88.1\"",
                    "::1 - - [22/Nov/2026:13:53:00 +0100] \"\\x16\\x03\\x01\" 400 157 \"-\" \"-\"")),
    UNKNOWN(SourceKind.NGINX_ACCESS, "", COMBINED.lines),
    WITH_UPSTREAM(
            SourceKind.NGINX_ACCESS,
            Formats.TIMED,
            List.of(
                    "10.85.0.7 - - [22/Nov/2026:13:52:29 +0000] \"GET /a HTTP/1.1\" 200 157 \"-\" \"curl\" rt=0.010"
                            + " ua=\"10.0.0.1:80\" us=\"200\"",
                    "10.85.0.7 - - [22/Nov/2026:13:52:29 +0000] \"GET /a HTTP/1.1\" 200 157 \"-\" \"curl\" rt=0.010"
                            + " ua=\"10.0.0.1:80, 10.0.0.2:80\" us=\"502, 200\"",
                    "10.85.0.7 - - [22/Nov/2026:13:52:30 +0000] \"GET /static/a.js HTTP/1.1\" 200 7 \"-\" \"curl\""
                            + " rt=0.000 ua=\"-\" us=\"-\"",
                    "10.85.0.7 - - [22/Nov/2026:13:52:30 +0000] \"GET /b HTTP/1.1\" 500 7 \"-\" \"curl\" rt=0.000"
                            + " ua=\"unix:/run/a.sock\" us=\"500\"",
                    "10.85.0.7 - - [22/Nov/2026:13:52:30 +0000] \"GET /b HTTP/1.1\" 502 7 \"-\" \"curl\" rt=0.000"
                            + " ua=\"pool\" us=\"502\"")),
    INGRESS_NGINX(
            SourceKind.NGINX_ACCESS,
            Formats.INGRESS,
            List.of(
                    "10.0.0.7 - - [22/Nov/2026:13:52:29 +0000] \"GET /a HTTP/1.1\" 200 157 \"-\" \"curl\" 80 0.010"
                            + " [ns-svc-80] 10.0.0.1:80 157 0.009 200 0a1b2c",
                    "10.0.0.7 - - [22/Nov/2026:13:52:29 +0000] \"GET /a HTTP/1.1\" 504 157 \"-\" \"curl\" 80 5.010"
                            + " [ns-svc-80] 10.0.0.1:80, 10.0.0.1:80 0, 0 5.000, 5.000 504, 504 0a1b2c")),
    JSON(
            SourceKind.NGINX_ACCESS,
            Formats.OBJECT,
            List.of(
                    "{\"time\":\"2026-11-22T13:52:29+00:00\",\"status\":200,\"request\":\"GET /a HTTP/1.1\","
                            + "\"ua\":\"10.0.0.1:80\",\"us\":\"200\",\"ref\":\"\"}",
                    "{\"time\":\"2026-11-22T13:52:30+01:00\",\"status\":404,\"request\":\"GET /\\\"q HTTP/1.1\","
                            + "\"ua\":\"\",\"us\":\"\",\"ref\":\"http://a/\"}"));

    private final SourceKind source;
    private final String format;
    private final List<String> lines;

    /// What is asked for in `log_format`.
    private static final class Formats {
        static final String TIMED =
                "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\""
                        + " \"$http_user_agent\" rt=$request_time ua=\"$upstream_addr\" us=\"$upstream_status\"";
        static final String INGRESS =
                "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\""
                        + " \"$http_user_agent\" $request_length $request_time [$proxy_upstream_name] $upstream_addr"
                        + " $upstream_response_length $upstream_response_time $upstream_status $req_id";
        static final String OBJECT =
                "{\"time\":\"$time_iso8601\",\"status\":$status,\"request\":\"$request\",\"ua\":\"$upstream_addr\","
                        + "\"us\":\"$upstream_status\",\"ref\":\"$http_referer\"}";
    }

    Traffic(SourceKind source, String format, List<String> lines) {
        this.source = source;
        this.format = format;
        this.lines = lines;
    }

    public List<String> lines() {
        return lines;
    }

    public String format() {
        return format;
    }

    /// Reads such lines in both ways.
    public BothWays bothWays() {
        return new BothWays(source, format, format.startsWith("{") ? "json" : "default");
    }
}
