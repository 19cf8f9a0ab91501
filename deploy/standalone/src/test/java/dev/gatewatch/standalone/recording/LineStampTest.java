package dev.gatewatch.standalone.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.gatewatch.wire.SourceKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineStampTest {
    private static final LineStamp STAMP = new LineStamp(
            ZoneOffset.ofHours(1), Instant.parse("2026-11-22T13:27:25.093208Z"), Instant.parse("2026-11-22T14:00:00Z"));

    static Stream<Arguments> lines() {
        return Stream.of(
                argumentSet(
                        "access log: its own zone",
                        SourceKind.NGINX_ACCESS,
                        "10.85.0.101 - - [22/Nov/2026:14:00:59 +0530] \"GET / HTTP/1.1\" 200 74 \"-\" \"-\"",
                        "2026-11-22T08:30:59Z"),
                argumentSet(
                        "access log with $time_iso8601",
                        SourceKind.NGINX_ACCESS,
                        "{\"time\":\"2026-11-22T14:00:59+05:30\",\"status\":502}",
                        "2026-11-22T08:30:59Z"),
                argumentSet(
                        "error log: the host's zone",
                        SourceKind.NGINX_ERROR,
                        "2026/11/22 15:01:21 [error] 369#369: *363 connect() failed",
                        "2026-11-22T14:01:21Z"),
                argumentSet(
                        "haproxy: the end in front, not the begin in brackets",
                        SourceKind.HAPROXY,
                        "Nov 22 15:01:50 edge2 haproxy[318]: 10.0.0.1:59775 [22/Nov/2026:15:01:49.998] fe be/a 0/0/0/39/39 200",
                        "2026-11-22T14:01:50Z"),
                argumentSet(
                        "haproxy with an ISO 8601 stamp and a priority",
                        SourceKind.HAPROXY,
                        "<134>2026-11-22T15:01:50.123456+01:00 edge2 haproxy[318]: x",
                        "2026-11-22T14:01:50.123456Z"),
                argumentSet(
                        "haproxy without a syslog stamp",
                        SourceKind.HAPROXY,
                        "10.0.0.1:59775 [22/Nov/2026:15:01:49.998] fe be/a 0/0/0/39/39 200",
                        "2026-11-22T14:01:49.998Z"),
                argumentSet(
                        "a balancer: the end",
                        SourceKind.ALB,
                        "h2 2026-11-22T14:00:59.384610Z app/a/b 1.1.1.1:1 - -1 -1 -1 502 - 1 1 \"GET / HTTP/2.0\"",
                        "2026-11-22T14:00:59.384610Z"),
                argumentSet(
                        "envoy",
                        SourceKind.ENVOY,
                        "[2026-11-22T14:00:59.384Z] \"GET / HTTP/1.1\" 503 UF 0 145 0 -",
                        "2026-11-22T14:00:59.384Z"),
                argumentSet(
                        "traefik, common format",
                        SourceKind.TRAEFIK,
                        "10.0.0.1 - - [22/Nov/2026:14:00:59 +0000] \"GET / HTTP/2.0\" 503 1 \"-\" \"-\" 1 \"r\" \"-\" 0ms",
                        "2026-11-22T14:00:59Z"),
                argumentSet(
                        "caddy",
                        SourceKind.CADDY,
                        "{\"level\":\"info\",\"ts\":1795356059.1234567,\"msg\":\"handled request\"}",
                        "2026-11-22T14:00:59.123456700Z"),
                argumentSet(
                        "journal",
                        SourceKind.JOURNALD,
                        "{\"MESSAGE\":\"\\\"__REALTIME_TIMESTAMP\\\":\\\"1\\\"\",\"__REALTIME_TIMESTAMP\":\"1795356063358888\"}",
                        "2026-11-22T14:01:03.358888Z"),
                argumentSet(
                        "kernel: since boot",
                        SourceKind.KERNEL,
                        "4,613,2036808536,-;python3 invoked oom-killer",
                        "2026-11-22T14:01:21.901744Z"));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void a_line_says_when_it_was_written(SourceKind source, String line, String moment) {
        assertThat(STAMP.read(source, line)).isEqualTo(Instant.parse(moment));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\u0000\u00ff",
                "2026/13/41 99:00:00 [error]",
                "Feb 30 10:00:00 host x",
                " SUBSYSTEM=net",
                "{}"
            })
    void other_lines_say_nothing(String line) {
        for (SourceKind source : SourceKind.values()) {
            assertThat(STAMP.read(source, line)).as(source.id()).isNull();
        }
    }

    @Test
    void a_stamp_without_year_is_of_the_nearest_year() {
        LineStamp newYear = new LineStamp(ZoneOffset.UTC, null, Instant.parse("2027-01-01T00:00:10Z"));

        assertThat(newYear.read(SourceKind.HAPROXY, "Dec 31 23:59:59 edge2 haproxy[1]: x"))
                .isEqualTo(Instant.parse("2026-12-31T23:59:59Z"));
    }
}
