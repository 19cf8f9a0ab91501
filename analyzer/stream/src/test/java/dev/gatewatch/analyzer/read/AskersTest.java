package dev.gatewatch.analyzer.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.gatewatch.analyzer.service.Askers;
import dev.gatewatch.analyzer.service.ServiceMap;
import dev.gatewatch.analyzer.service.Tally;
import dev.gatewatch.wire.Gap;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whose requests failed, by the lines of each kind of proxy.
class AskersTest {
    private static final Instant READ_AT = Instant.parse("2026-11-22T14:10:00Z");

    private static Askers askers(SourceKind source, List<String> lines) {
        byte[] text = (String.join("\n", lines) + "\n").getBytes(UTF_8);
        LineBatch batch = new LineBatch(
                "edge1.lab",
                List.of(),
                source,
                "/var/log/x.log",
                "f",
                0,
                text.length,
                0,
                ZoneOffset.UTC,
                READ_AT,
                null,
                Set.of(),
                (Gap) null,
                text);
        return new BatchReader()
                .read(batch, null, null, new ServiceMap(List.of())).reports().stream()
                        .flatMap(report -> source == SourceKind.NGINX_ERROR
                                ? report.sightings().stream().map(sighting -> sighting.askers())
                                : report.tallies().stream().map(Tally::askers))
                        .reduce(Askers.NONE, Askers::and);
    }

    private static String nginx(String client, String path, int status) {
        return client + " - - [22/Nov/2026:13:52:29 +0000] \"GET " + path + " HTTP/1.1\" " + status
                + " 157 \"-\" \"curl/7.88.1\" rt=0.000 uct=\"-\" uht=\"-\" urt=\"0.000\" ua=\"127.0.0.1:18199\" us=\""
                + status + "\"";
    }

    private static String error(String client, String path) {
        return "2026/11/22 13:52:29 [error] 7#7: *1 connect() failed (111: Connection refused) while connecting to upstream, client: "
                + client + ", server: lab, request: \"GET " + path
                + " HTTP/1.1\", upstream: \"http://10.0.0.1:80/\", host: \"lab\"";
    }

    private static String haproxy(String client, int port, String path) {
        return "Nov 22 13:55:15 lb1 haproxy[27995]: " + client + ":" + port + " [22/Nov/2026:13:55:15.981] fe ports/p1"
                + " 0/0/-1/-1/0 503 217 - - SC-- 2/2/1/1/0 0/0 \"GET " + path + " HTTP/1.1\"";
    }

    private static String tcp(String client, int port) {
        return client + ":" + port + " [22/Nov/2026:18:58:00.546] tcp tcp_refused/r1 0/-1/702 0 SC 1/1/0/0/1 0/0";
    }

    static Stream<Arguments> lines() {
        return Stream.of(
                argumentSet(
                        "a client that tries again",
                        SourceKind.NGINX_ACCESS,
                        List.of(nginx("10.0.0.7", "/a?x=1", 502), nginx("10.0.0.7", "/a?x=2", 502)),
                        1),
                argumentSet(
                        "two clients",
                        SourceKind.NGINX_ACCESS,
                        List.of(nginx("10.0.0.7", "/a", 502), nginx("10.0.0.8", "/a", 502)),
                        2),
                argumentSet(
                        "two paths",
                        SourceKind.NGINX_ACCESS,
                        List.of(nginx("10.0.0.7", "/a", 502), nginx("10.0.0.7", "/b", 502)),
                        2),
                argumentSet(
                        "a format that begins with the virtual host, not the client",
                        SourceKind.NGINX_ACCESS,
                        List.of(
                                "shop.lab:443 " + nginx("10.0.0.7", "/a", 502),
                                "shop.lab:443 " + nginx("10.0.0.8", "/a", 502)),
                        2),
                argumentSet("an answer", SourceKind.NGINX_ACCESS, List.of(nginx("10.0.0.7", "/a", 404)), 0),
                argumentSet(
                        "an error log",
                        SourceKind.NGINX_ERROR,
                        List.of(error("10.0.0.7", "/a"), error("10.0.0.7", "/a"), error("10.0.0.8", "/a")),
                        2),
                argumentSet(
                        "a client of HAProxy from two ports",
                        SourceKind.HAPROXY,
                        List.of(haproxy("10.0.0.7", 42020, "/a"), haproxy("10.0.0.7", 42021, "/a")),
                        1),
                argumentSet(
                        "an IPv6 client of HAProxy and another",
                        SourceKind.HAPROXY,
                        List.of(haproxy("::1", 42020, "/a"), haproxy("::1", 42021, "/a"), haproxy("::2", 42021, "/a")),
                        2),
                argumentSet(
                        "connections",
                        SourceKind.HAPROXY,
                        List.of(tcp("10.0.0.7", 1), tcp("10.0.0.7", 2), tcp("10.0.0.8", 3)),
                        2));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void are_told_apart_by_client_and_path(SourceKind source, List<String> lines, int askers) {
        assertThat(askers(source, lines).hashes()).hasSize(askers);
    }

    /// Envoy's default format does not tell the client.
    @Test
    void a_line_without_a_client_is_an_asker_of_its_own() {
        String line =
                "[2024-07-20T07:30:01.000Z] \"GET /a HTTP/1.1\" 503 UF upstream_reset_before_response_started{c} - \"-\""
                        + " 0 91 %d - \"-\" \"curl/8.4.0\" \"r\" \"h\" \"10.1.2.31:80\" outbound|80||shop.svc - - - - -";
        assertThat(askers(SourceKind.ENVOY, List.of(line.formatted(1), line.formatted(2)))
                        .hashes())
                .hasSize(2);
    }

    @Test
    void of_more_than_eight_only_that_they_are_many_is_known_in_whichever_order_they_come() {
        List<String> nine = IntStream.range(0, 40)
                .mapToObj(i -> nginx("10.0.0." + i, "/a", 502))
                .toList();
        Askers many = askers(SourceKind.NGINX_ACCESS, nine);
        assertThat(many.areMany()).isTrue();
        assertThat(many.hashes()).hasSize(9);
        assertThat(askers(SourceKind.NGINX_ACCESS, nine.reversed())).isEqualTo(many);
        assertThat(askers(SourceKind.NGINX_ACCESS, nine.subList(0, 8)).areMany())
                .isFalse();
    }
}
