package dev.gatewatch.analyzer.read;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.service.ServiceMap;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.service.Sighting;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.analyzer.story.LogLines;
import dev.gatewatch.wire.Gap;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.HostFacts.Watermark;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is read of batches, however they are cut and however often they come.
class BatchReaderTest {
    private static final Instant READ_AT = Instant.parse("2026-11-22T14:10:00Z");
    private static final Instant BOOTED_AT = Instant.parse("2026-11-22T13:27:25.093Z");
    private static final ServiceMap NO_MAP = new ServiceMap(List.of());
    private static final long SEED = 20261122;

    private final BatchReader reader = new BatchReader();

    private static List<String> recorded(SourceKind source) {
        String file = switch (source) {
            case NGINX_ACCESS -> "nginx-access.log";
            case NGINX_ERROR -> "nginx-error.log";
            case HAPROXY, ALB, ENVOY, TRAEFIK, CADDY -> source.id() + ".log";
            case JOURNALD -> "journal.json";
            case KERNEL -> "kmsg.log";
        };
        try (InputStream in = BatchReaderTest.class.getResourceAsStream("/dev/gatewatch/analyzer/lines/" + file)) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The recorded lines as one stream: recordings of several hosts get one sequence of positions.
    private static List<String> stream(SourceKind source) {
        List<String> lines = new ArrayList<>();
        for (String line : recorded(source)) {
            long sequence = 100L + lines.size();
            lines.add(
                    switch (source) {
                        case JOURNALD -> line.replaceFirst(";i=[0-9a-f]+;", ";i=" + Long.toHexString(sequence) + ";");
                        case KERNEL -> line.replaceFirst("^([0-9]+),[0-9]+,", "$1," + sequence + ",");
                        default -> line;
                    });
        }
        return lines;
    }

    private static long position(SourceKind source, List<String> lines, int index) {
        return source.positionsAreBytes()
                ? lines.stream()
                        .limit(index)
                        .mapToLong(l -> l.getBytes(UTF_8).length + 1)
                        .sum()
                : 100 + index;
    }

    private static LineBatch batch(SourceKind source, List<String> lines, int from, int to) {
        long start = position(source, lines, from);
        return batch(
                source, String.join("\n", lines.subList(from, to)) + "\n", start, position(source, lines, to), start);
    }

    private static LineBatch batch(SourceKind source, String text, long start, long end, long prev) {
        return new LineBatch(
                "edge1.lab",
                List.of(),
                source,
                "origin",
                "stream",
                start,
                end,
                prev,
                ZoneOffset.UTC,
                READ_AT,
                source == SourceKind.KERNEL ? BOOTED_AT : null,
                Set.of(),
                (Gap) null,
                text.getBytes(UTF_8));
    }

    private static LineBatch batch(SourceKind source, String... lines) {
        return batch(source, List.of(lines), 0, lines.length);
    }

    private BatchResult read(LineBatch batch) {
        return reader.read(batch, null, null, NO_MAP);
    }

    /// What results say in sum, whatever the batches were.
    private static Map<String, Long> sum(List<BatchResult> results) {
        Map<String, Long> sum = new TreeMap<>();
        for (BatchResult result : results) {
            result.reports().forEach(report -> {
                String of = report.service() + " " + report.kind();
                report.tallies()
                        .forEach(t -> sum.merge(
                                of + " " + t.second() + " " + t.outcome() + " " + t.address() + t.server() + " "
                                        + t.status(),
                                t.count(),
                                Long::sum));
                // the lines of a server's state come several times each, so their number means nothing
                report.sightings()
                        .forEach(s -> sum.merge(
                                of + " " + s.id() + " " + s.target() + " " + s.firstAt() / 1_000,
                                s.signal() instanceof Signal.ServerState ? 1 : s.count(),
                                s.signal() instanceof Signal.ServerState ? Math::max : Long::sum));
            });
            result.events().forEach(e -> sum.merge("event " + e.id() + " " + e.at() / 1_000, e.count(), Long::sum));
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource
    void every_line_is_in_exactly_one_of_the_counts(SourceKind source) {
        List<String> lines = new ArrayList<>(stream(source));
        lines.add(3, "no line of any kind");
        lines.add(7, "");
        BatchResult result = read(batch(source, lines, 0, lines.size()));
        assertThat(result.saying() + result.ordinary() + result.repeated() + result.notUnderstood())
                .isEqualTo(lines.size());
        assertThat(result.notUnderstood()).isPositive();
        assertThat(result.saying()).isPositive();
        assertThat(result.samples()).hasSizeLessThanOrEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void a_batch_says_the_same_wherever_it_is_cut(SourceKind source) {
        List<String> lines = stream(source);
        Map<String, Long> whole = sum(List.of(read(batch(source, lines, 0, lines.size()))));
        for (int cut = 1; cut < lines.size(); cut++) {
            assertThat(sum(List.of(read(batch(source, lines, 0, cut)), read(batch(source, lines, cut, lines.size())))))
                    .as("cut at line %d", cut)
                    .isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @EnumSource
    void lines_that_come_again_are_dropped_exactly(SourceKind source) {
        List<String> lines = stream(source);
        BatchResult whole = read(batch(source, lines, 0, lines.size()));
        Random random = new Random(SEED);
        for (int round = 0; round < 20; round++) {
            List<BatchResult> results = new ArrayList<>();
            StreamPosition position = null;
            int sent = 0;
            int seen = 0;
            while (seen < lines.size()) {
                int from = random.nextInt(3) == 0 ? random.nextInt(seen + 1) : seen;
                int to = Math.min(lines.size(), from + 1 + random.nextInt(20));
                LineBatch batch = batch(source, lines, from, to);
                results.add(reader.read(batch, position, null, NO_MAP));
                position = BatchReader.after(position, batch);
                sent += to - from;
                seen = Math.max(seen, to);
            }
            assertThat(sum(results)).as("seed %d, round %d", SEED, round).isEqualTo(sum(List.of(whole)));
            assertThat(results.stream().mapToLong(BatchResult::repeated).sum()).isEqualTo(sent - lines.size());
            assertThat(results.stream().mapToLong(BatchResult::saying).sum()).isEqualTo(whole.saying());
            assertThat(position.end()).isEqualTo(position(source, lines, lines.size()));
            assertThat(position.holes()).isZero();
        }
    }

    @Test
    void a_batch_that_does_not_follow_leaves_a_hole_of_known_size() {
        List<String> lines = stream(SourceKind.NGINX_ERROR);
        StreamPosition first = BatchReader.after(null, batch(SourceKind.NGINX_ERROR, lines, 0, 4));
        StreamPosition second = BatchReader.after(first, batch(SourceKind.NGINX_ERROR, lines, 6, 9));
        assertThat(second.holes()).isEqualTo(1);
        assertThat(second.missing())
                .isEqualTo(position(SourceKind.NGINX_ERROR, lines, 6) - position(SourceKind.NGINX_ERROR, lines, 4));
        assertThat(BatchReader.after(second, batch(SourceKind.NGINX_ERROR, lines, 0, 2)))
                .isEqualTo(second);
    }

    @Test
    void a_last_line_without_newline_is_read_too() {
        String line = LogLines.error(
                READ_AT,
                "error",
                "connect() failed (111: Connection refused) while connecting to upstream",
                "/",
                "http://10.0.0.1:80");
        assertThat(read(batch(SourceKind.NGINX_ERROR, line, 0, line.length(), 0))
                        .saying())
                .isEqualTo(1);
    }

    @Test
    void an_empty_batch_says_nothing() {
        assertThat(sum(List.of(read(batch(SourceKind.NGINX_ERROR, "", 5, 5, 5)))))
                .isEmpty();
    }

    private static FactsHistory shipping(SourceKind... sources) {
        List<Watermark> watermarks = new ArrayList<>();
        for (SourceKind source : sources) {
            watermarks.add(new Watermark("s", source, "o", READ_AT, 0, 0));
        }
        return FactsHistory.of(facts(List.of(), watermarks));
    }

    private static HostFacts facts(List<HostFacts.ProxyFacts> proxies, List<Watermark> watermarks) {
        return new HostFacts(
                "edge1.lab",
                READ_AT,
                List.of(),
                BOOTED_AT,
                ZoneOffset.UTC,
                true,
                List.of(),
                List.of(),
                proxies,
                watermarks);
    }

    private static LineBatch journalCopy() {
        String line =
                "10.85.0.100:42561 [22/Nov/2026:14:01:17.554] fe_main be_catalog/app2 0/0/-1/-1/3003 503 216 - - SC--"
                        + " 17/17/16/0/3 0/0 \"GET /a HTTP/1.1\"";
        String proxy = "\"_PID\":\"271\",\"_COMM\":\"haproxy\",\"SYSLOG_IDENTIFIER\":\"haproxy\"";
        return batch(SourceKind.JOURNALD, LogLines.journal(READ_AT, 100, "edge2.lab", line, proxy));
    }

    @Test
    void lines_of_a_proxy_that_are_filed_as_well_do_not_count_again_in_the_journal() {
        assertThat(reader.read(journalCopy(), null, shipping(SourceKind.HAPROXY, SourceKind.JOURNALD), NO_MAP)
                        .reports())
                .isEmpty();
    }

    @Test
    void lines_of_a_proxy_that_stand_in_the_journal_only_count() {
        for (FactsHistory host : List.of(shipping(SourceKind.JOURNALD), shipping(SourceKind.NGINX_ACCESS))) {
            assertThat(reader.read(journalCopy(), null, host, NO_MAP).reports()).hasSize(1);
        }
        assertThat(read(journalCopy()).reports()).hasSize(1);
    }

    @Test
    void what_haproxy_says_to_syslog_and_to_standard_error_counts_once() {
        String text = "Server be/a1 is DOWN, reason: Layer4 timeout, check duration: 10001ms. 0 active and 0 backup"
                + " servers left. 0 sessions active, 0 requeued, 0 remaining in queue.";
        String proxy = "\"_PID\":\"271\",\"_COMM\":\"haproxy\",\"SYSLOG_IDENTIFIER\":\"haproxy\"";
        LineBatch both = batch(
                SourceKind.JOURNALD,
                LogLines.journal(READ_AT, 100, "edge2.lab", text, proxy),
                LogLines.journal(READ_AT, 101, "edge2.lab", "[WARNING]  (271) : " + text, proxy));

        List<Sighting> sightings = read(both).reports().getFirst().sightings();
        assertThat(sightings).singleElement().satisfies(down -> {
            assertThat(down.id()).isEqualTo("server_down");
            assertThat(down.count()).isEqualTo(1);
        });
        assertThat(reader.read(both, null, shipping(SourceKind.HAPROXY), NO_MAP).reports())
                .isEmpty();
    }

    @Test
    void the_formats_of_haproxy_come_from_its_configuration() {
        String line = "fe=www be=orders srv=a1 st=503 ts=SC Tt=701 on 22/Nov/2026:14:01:17 +0000";
        HostFacts.ProxyFacts haproxy = new HostFacts.ProxyFacts(
                "haproxy",
                "haproxy.service",
                "1",
                READ_AT,
                null,
                List.of(),
                List.of(),
                List.of(new HostFacts.AccessLog(
                        "frontend www", "fe=%f be=%b srv=%s st=%ST ts=%ts Tt=%Tt on %T", "default")));

        List<ServiceReport> reports = reader.read(
                        batch(SourceKind.HAPROXY, line),
                        null,
                        FactsHistory.of(facts(List.of(haproxy), List.of())),
                        NO_MAP)
                .reports();
        assertThat(reports).singleElement().satisfies(report -> {
            assertThat(report.kind()).isEqualTo("haproxy");
            assertThat(report.tallies()).singleElement().satisfies(tally -> {
                assertThat(tally.upstream()).isEqualTo("orders");
                assertThat(tally.status()).isEqualTo(503);
            });
        });
        assertThat(read(batch(SourceKind.HAPROXY, line)).notUnderstood()).isEqualTo(1);
    }

    @Test
    void a_long_line_is_cut_before_it_is_carried_along() {
        String path = "/" + "x".repeat(1_000_000);
        BatchResult result = read(batch(
                SourceKind.NGINX_ERROR,
                LogLines.error(
                        READ_AT,
                        "error",
                        "connect() failed (111: Connection refused) while connecting to upstream",
                        path,
                        "http://10.0.0.1:80")));
        assertThat(result.reports().getFirst().sightings().getFirst().line()).hasSize(2_048);
        BatchResult unread = read(batch(SourceKind.NGINX_ERROR, "y".repeat(1_000_000)));
        assertThat(unread.samples().getFirst().line()).hasSize(2_048);
        BatchResult journal = read(batch(
                SourceKind.JOURNALD,
                LogLines.journal(
                        READ_AT, 100, "a", "WORKER TIMEOUT (pid:7)" + "z".repeat(1_000_000), "\"_PID\":\"7\"")));
        assertThat(journal.events().getFirst().line().length()).isLessThanOrEqualTo(2_048);
    }

    @Test
    void what_is_dated_into_the_future_happened_when_it_was_read() {
        Instant future = READ_AT.plusSeconds(5 * 3_600);
        long latest = READ_AT.toEpochMilli() + 2_000;
        BatchResult errors = read(batch(
                SourceKind.NGINX_ERROR,
                LogLines.error(
                        future,
                        "error",
                        "connect() failed (111: Connection refused) while connecting to upstream",
                        "/",
                        "http://10.0.0.1:80")));
        Sighting sighting = errors.reports().getFirst().sightings().getFirst();
        assertThat(sighting.firstAt()).isEqualTo(latest);
        assertThat(sighting.lastAt()).isEqualTo(latest);
        BatchResult access = read(batch(SourceKind.NGINX_ACCESS, LogLines.combined(future, "/", 502)));
        assertThat(access.reports().getFirst().tallies().getFirst().lastAt()).isEqualTo(latest);
        BatchResult journal = read(batch(
                SourceKind.JOURNALD, LogLines.journal(future, 100, "a", "WORKER TIMEOUT (pid:7)", "\"_PID\":\"7\"")));
        assertThat(journal.events()).extracting(HostEvent::at).containsExactly(latest);
    }

    @Test
    void evidence_is_carried_along_once_for_each_kind_and_second_with_its_number() {
        String[] lines = new String[50];
        java.util.Arrays.setAll(
                lines,
                i -> LogLines.error(
                        READ_AT.plusSeconds(i / 25),
                        "error",
                        "connect() failed (111: Connection refused) while connecting to upstream",
                        "/" + i,
                        "http://10.0.0.1:80"));
        BatchResult result = read(batch(SourceKind.NGINX_ERROR, lines));
        assertThat(result.reports())
                .singleElement()
                .satisfies(report -> assertThat(report.sightings())
                        .extracting(Sighting::count)
                        .containsExactly(25L, 25L));
        assertThat(result.reports().getFirst().sightings().getFirst().line()).isEqualTo(lines[0]);
    }
}
