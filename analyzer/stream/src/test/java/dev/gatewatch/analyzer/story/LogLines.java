package dev.gatewatch.analyzer.story;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Lines as NGINX 1.22, HAProxy 2.6, systemd 252 and Linux 6 write them.
public final class LogLines {
    /// The access log format that the lines of [#access] follow.
    public static final String TIMED =
            "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\""
                    + " \"$http_user_agent\" rt=$request_time uct=\"$upstream_connect_time\" uht=\"$upstream_header_time\""
                    + " urt=\"$upstream_response_time\" ua=\"$upstream_addr\" us=\"$upstream_status\"";

    private static final DateTimeFormatter ACCESS = format("dd/MMM/uuuu:HH:mm:ss");
    private static final DateTimeFormatter ERROR = format("uuuu/MM/dd HH:mm:ss");
    private static final DateTimeFormatter SYSLOG = format("MMM dd HH:mm:ss");
    private static final DateTimeFormatter HAPROXY = format("dd/MMM/uuuu:HH:mm:ss.SSS");

    private LogLines() {}

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    /// NGINX's own format, which does not tell of upstreams.
    public static String combined(Instant at, String path, int status) {
        return "10.85.0.103 - - [%s +0000] \"GET %s HTTP/1.1\" %d 157 \"-\" \"curl/7.88.1\""
                .formatted(ACCESS.format(at), path, status);
    }

    /// The combined format and what NGINX knows of its tries.
    ///
    /// @param connect `$upstream_connect_time`
    /// @param header `$upstream_header_time`
    /// @param addresses `$upstream_addr`
    /// @param statuses `$upstream_status`
    public static String access(
            Instant at,
            String path,
            int status,
            String took,
            String connect,
            String header,
            String addresses,
            String statuses) {
        return combined(at, path, status)
                + " rt=%s uct=\"%s\" uht=\"%s\" urt=\"%s\" ua=\"%s\" us=\"%s\""
                        .formatted(took, connect, header, took, addresses, statuses);
    }

    /// A line of the error log about a request to an upstream.
    public static String error(Instant at, String level, String message, String path, String upstream) {
        return "%s [%s] 429#429: *349 %s, client: 10.85.0.100, server: shop.lab, request: \"GET %s HTTP/1.1\", upstream: \"%s%s\", host: \"shop.lab\""
                .formatted(ERROR.format(at), level, message, path, upstream, path);
    }

    /// A line of the error log about NGINX itself.
    public static String process(Instant at, String level, String message) {
        return "%s [%s] 429#429: %s".formatted(ERROR.format(at), level, message);
    }

    /// A request through HAProxy, as rsyslog files it.
    ///
    /// @param timers `TR/Tw/Tc/Tr`
    /// @param totalMillis time from the request's begin to `at`
    public static String haproxy(
            Instant at, String server, String path, int status, String timers, long totalMillis, String termination) {
        return "%s edge2 haproxy[271]: 10.85.0.100:42561 [%s] fe_main %s %s/%d %d 216 - - %s 17/17/16/0/3 0/0 \"GET %s HTTP/1.1\""
                .formatted(
                        SYSLOG.format(at),
                        HAPROXY.format(at.minusMillis(totalMillis)),
                        server,
                        timers,
                        totalMillis,
                        status,
                        termination,
                        path);
    }

    /// A message of HAProxy, as rsyslog files it.
    public static String haproxyMessage(Instant at, String message) {
        return SYSLOG.format(at) + " edge2 haproxy[271]: " + message;
    }

    /// An entry of the journal as `journalctl -o json` prints it.
    ///
    /// @param fields further fields, `"NAME":"value",…`, or empty
    public static String journal(Instant at, long sequence, String host, String message, String fields) {
        long micros = at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
        return "{\"__CURSOR\":\"s=98ffd8d3f5fc410b92d2beb3967c6a0c;i=%x;b=40580134399142ce8ec9181d85a33886;m=803ba08e;t=660ddf05635e8;x=9adf\","
                        .formatted(sequence)
                + "\"__REALTIME_TIMESTAMP\":\"" + micros + "\",\"_HOSTNAME\":\"" + host + "\",\"MESSAGE\":\""
                + message.replace("\\", "\\\\").replace("\"", "\\\"") + "\"" + (fields.isEmpty() ? "" : "," + fields)
                + "}";
    }

    /// A record of the kernel.
    public static String kernel(Instant at, Instant bootedAt, long sequence, String text) {
        long micros = java.time.Duration.between(bootedAt, at).toNanos() / 1_000;
        return "4," + sequence + "," + micros + ",-;" + text;
    }
}
