package dev.gatewatch.standalone.recording;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
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

class RetimerTest {
    private static final Instant FROM = Instant.parse("2026-11-22T14:00:00Z");
    private static final Instant TO = Instant.parse("2027-02-03T09:30:00Z");

    /// A day later in the year, another zone, another boot: everything that a stamp can show differs.
    private final Retimer retimer = new Retimer(
            FROM, TO, 1, ZoneOffset.UTC, ZoneOffset.ofHours(2), FROM.minusSeconds(2_000), TO.minusSeconds(50));

    static Stream<Arguments> lines() {
        return Stream.of(
                argumentSet(
                        "access log, zone in the stamp",
                        SourceKind.NGINX_ACCESS,
                        "10.0.0.1 - - [22/Nov/2026:14:00:59 +0000] \"GET /[22/Nov/2026 HTTP/1.1\" 200 74 \"-\" \"\u00ff\"\n",
                        "10.0.0.1 - - [03/Feb/2027:11:30:59 +0200] \"GET /[22/Nov/2026 HTTP/1.1\" 200 74 \"-\" \"\u00ff\"\n"),
                argumentSet(
                        "error log, two lines",
                        SourceKind.NGINX_ERROR,
                        "2026/11/22 14:01:21 [error] 9#9: *3 upstream prematurely closed\n2026/11/22 14:01:22 [crit] x\n",
                        "2027/02/03 11:31:21 [error] 9#9: *3 upstream prematurely closed\n2027/02/03 11:31:22 [crit] x\n"),
                argumentSet(
                        "haproxy, end in front and begin in brackets",
                        SourceKind.HAPROXY,
                        "Nov 22 14:00:59 edge2 haproxy[303]: 10.0.0.1:41359 [22/Nov/2026:14:00:59.002] fe be/a 0/0 200\n",
                        "Feb  3 11:30:59 edge2 haproxy[303]: 10.0.0.1:41359 [03/Feb/2027:11:30:59.002] fe be/a 0/0 200\n"),
                argumentSet(
                        "a balancer, end and begin",
                        SourceKind.ALB,
                        "h2 2026-11-22T14:00:59.384610Z app/a/b 2 2026-11-22T14:00:59.381000Z \"forward\"\n",
                        "h2 2027-02-03T11:30:59.384610+02:00 app/a/b 2 2027-02-03T11:30:59.381+02:00 \"forward\"\n"),
                argumentSet(
                        "traefik, in either format",
                        SourceKind.TRAEFIK,
                        "{\"StartUTC\":\"2026-11-22T14:00:59.5Z\"}\n1 - - [22/Nov/2026:14:00:59 +0000] \"\n",
                        "{\"StartUTC\":\"2027-02-03T11:30:59.500+02:00\"}\n1 - - [03/Feb/2027:11:30:59 +0200] \"\n"),
                argumentSet(
                        "caddy",
                        SourceKind.CADDY,
                        "{\"level\":\"info\",\"ts\":1795356063.358888,\"duration\":1795356063.3}\n",
                        "{\"level\":\"info\",\"ts\":1801647063.358888,\"duration\":1795356063.3}\n"),
                argumentSet(
                        "journal, both stamps and nothing else",
                        SourceKind.JOURNALD,
                        "{\"__REALTIME_TIMESTAMP\":\"1795356063358888\",\"MESSAGE\":\"at 1795356063358888\","
                                + "\"_SOURCE_REALTIME_TIMESTAMP\":\"1795356063358800\"}\n",
                        "{\"__REALTIME_TIMESTAMP\":\"1801647063358888\",\"MESSAGE\":\"at 1795356063358888\","
                                + "\"_SOURCE_REALTIME_TIMESTAMP\":\"1801647063358800\"}\n"),
                argumentSet(
                        "kernel, microseconds since boot",
                        SourceKind.KERNEL,
                        "4,613,2036808536,-;python3 invoked oom-killer: order=0, oom_score_adj=0\n SUBSYSTEM=x\n",
                        "4,613,86808536,-;python3 invoked oom-killer: order=0, oom_score_adj=0\n SUBSYSTEM=x\n"));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void stamps_move_and_all_other_bytes_stay(SourceKind source, String recorded, String retimed) {
        byte[] bytes = retimer.retime(source, recorded.getBytes(ISO_8859_1));

        assertThat(new String(bytes, ISO_8859_1)).isEqualTo(retimed);
    }

    @Test
    void at_triple_speed_a_minute_takes_twenty_seconds() {
        Retimer fast = new Retimer(FROM, TO, 3, ZoneOffset.UTC, ZoneOffset.UTC, FROM, TO);

        assertThat(fast.retime(FROM.plusSeconds(60))).isEqualTo(TO.plusSeconds(20));
    }
}
