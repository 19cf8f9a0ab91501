package dev.gatewatch.standalone.recording;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTest {
    private static final Path OOM_KILL = Path.of("src/test/resources/recordings/nginx-oom-kill");

    @TempDir
    Path folder;

    @Test
    void all_bytes_of_a_log_are_shipped_once_and_in_order() throws IOException {
        Map<String, ByteArrayOutputStream> shipped = new HashMap<>();
        Map<String, Long> ends = new HashMap<>();
        for (LineBatch batch : batches(Recording.read(OOM_KILL))) {
            shipped.computeIfAbsent(batch.stream(), stream -> new ByteArrayOutputStream())
                    .writeBytes(batch.lines());
            Long previousEnd = ends.put(batch.stream(), batch.end());
            assertThat(batch.prev()).isEqualTo(previousEnd == null ? batch.start() : previousEnd);
            assertThat(batch.start()).isGreaterThanOrEqualTo(batch.prev());
        }

        assertThat(shipped.get("edge1.lab:/var/log/nginx/error.log").toByteArray())
                .isEqualTo(Files.readAllBytes(OOM_KILL.resolve("edge1/nginx/error.log")));
        assertThat(shipped.get("app1.lab:journal").toByteArray())
                .isEqualTo(Files.readAllBytes(OOM_KILL.resolve("app1/journal.json")));
        assertThat(shipped.get("app1.lab:/dev/kmsg").toByteArray())
                .isEqualTo(Files.readAllBytes(OOM_KILL.resolve("app1/kmsg.log")));
    }

    @Test
    void entries_are_in_the_order_of_time_and_a_host_is_known_before_its_first_line() throws IOException {
        Set<String> known = new HashSet<>();
        Instant newest = Instant.MIN;
        for (Entry entry : Recording.read(OOM_KILL).entries()) {
            assertThat(entry.at()).isAfterOrEqualTo(newest);
            newest = entry.at();
            switch (entry) {
                case Entry.Facts(Instant at, HostFacts facts) -> known.add(facts.host());
                case Entry.Lines(Instant at, LineBatch batch) ->
                    assertThat(known).contains(batch.host());
            }
        }
        assertThat(known).containsExactlyInAnyOrder("edge1.lab", "edge2.lab", "app1.lab", "app2.lab", "app3.lab");
    }

    @Test
    void a_stream_that_is_shuffled_keeps_its_order_and_its_bytes_and_comes_five_seconds_late_at_most()
            throws IOException {
        Recording prompt = Recording.read(OOM_KILL);
        Recording shuffled = Recording.read(OOM_KILL, new Arrival.Shuffled(3));

        assertThat(bytes(shuffled)).isEqualTo(bytes(prompt));
        assertThat(batches(shuffled)).isNotEqualTo(batches(prompt));
        assertThat(shuffled.entries())
                .isNotEqualTo(Recording.read(OOM_KILL, new Arrival.Shuffled(4)).entries());
        for (Entry entry : shuffled.entries()) {
            if (entry instanceof Entry.Lines(Instant at, LineBatch batch)) {
                assertThat(at).isBetween(batch.readAt(), batch.readAt().plusSeconds(5));
            }
        }
    }

    private static Map<String, String> bytes(Recording recording) {
        Map<String, String> bytes = new HashMap<>();
        batches(recording).forEach(b -> bytes.merge(b.stream(), new String(b.lines(), UTF_8), String::concat));
        return bytes;
    }

    @Test
    void a_wrong_clock_moves_all_that_its_host_stamps_by_the_same_seconds() throws IOException {
        Recording right = Recording.read(OOM_KILL);
        Recording wrong = right.withWrongClocks(1);
        Map<String, Set<Long>> ahead = new HashMap<>();
        for (int i = 0; i < right.entries().size(); i++) {
            switch (right.entries().get(i)) {
                case Entry.Facts(Instant at, HostFacts facts) -> {
                    HostFacts moved = ((Entry.Facts) wrong.entries().get(i)).facts();
                    seconds(ahead, facts.host())
                            .add(moved.at().getEpochSecond() - facts.at().getEpochSecond());
                    seconds(ahead, facts.host())
                            .add(moved.bootedAt().getEpochSecond()
                                    - facts.bootedAt().getEpochSecond());
                }
                case Entry.Lines(Instant at, LineBatch batch) -> {
                    LineBatch moved = ((Entry.Lines) wrong.entries().get(i)).batch();
                    assertThat(wrong.entries().get(i).at()).isEqualTo(at);
                    seconds(ahead, batch.host())
                            .add(stamped(moved).getEpochSecond()
                                    - stamped(batch).getEpochSecond());
                }
            }
        }
        assertThat(ahead.values()).allSatisfy(seconds -> assertThat(seconds).hasSize(1));
        assertThat(ahead.values()).allSatisfy(seconds -> assertThat(seconds).allMatch(s -> Math.abs(s) <= 3));
        assertThat(ahead.values().stream().distinct().count()).isGreaterThan(1);
    }

    private static Set<Long> seconds(Map<String, Set<Long>> all, String host) {
        return all.computeIfAbsent(host, h -> new HashSet<>());
    }

    /// The moment that the first line of a batch bears.
    private static Instant stamped(LineBatch batch) {
        Instant moment = new LineStamp(batch.utcOffset(), batch.bootedAt(), batch.readAt())
                .read(
                        batch.source(),
                        new String(batch.lines(), UTF_8).lines().findFirst().orElseThrow());
        return moment == null ? batch.readAt() : moment;
    }

    @Test
    void facts_hold_sockets_addresses_and_the_proxies_configuration() throws IOException {
        List<HostFacts> all = facts(Recording.read(OOM_KILL));
        HostFacts edge = all.stream()
                .filter(f -> f.host().equals("edge1.lab"))
                .findFirst()
                .orElseThrow();
        List<HostFacts> app =
                all.stream().filter(f -> f.host().equals("app1.lab")).toList();

        assertThat(edge.addresses()).containsExactly("10.85.0.11");
        assertThat(edge.proxies()).singleElement().satisfies(proxy -> {
            assertThat(proxy.upstreams()).extracting(HostFacts.Upstream::name).contains("orders_api", "web_front");
            assertThat(proxy.accessLogs()).singleElement().satisfies(log -> {
                assertThat(log.path()).isEqualTo("/var/log/nginx/access.log");
                assertThat(log.format()).startsWith("$remote_addr").contains("us=\"$upstream_status\"");
            });
        });
        assertThat(edge.watermarks())
                .extracting(HostFacts.Watermark::source)
                .containsExactlyInAnyOrder(
                        SourceKind.NGINX_ACCESS, SourceKind.NGINX_ERROR, SourceKind.JOURNALD, SourceKind.KERNEL);
        assertThat(app.getFirst().listeners())
                .contains(new HostFacts.Listener("0.0.0.0:8081", 0, 128, "orders.service", "python3", 1432));
        assertThat(app).anyMatch(facts -> facts.listeners().isEmpty());
    }

    @Test
    void without_meta_the_logs_tell_name_offset_and_boot() throws IOException {
        copy(OOM_KILL.resolve("app1/journal.json"), "x/journal.json");
        copy(OOM_KILL.resolve("app1/kmsg.log"), "x/kmsg.log");
        write("y/nginx/access.log", "1.2.3.4 - - [22/Nov/2026:16:01:20 +0200] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"\n");
        write("y/nginx/error.log", "2026/11/22 16:01:21 [error] 1#1: x\n");

        List<LineBatch> batches = batches(Recording.read(folder));

        assertThat(batches)
                .filteredOn(b -> b.source() == SourceKind.KERNEL)
                .first()
                .satisfies(b -> {
                    assertThat(b.host()).isEqualTo("app1.lab");
                    assertThat(b.readAt())
                            .isBetween(Instant.parse("2026-11-22T14:01:21.8Z"), Instant.parse("2026-11-22T14:01:22Z"));
                });
        assertThat(batches)
                .filteredOn(b -> b.source() == SourceKind.NGINX_ERROR)
                .singleElement()
                .satisfies(b -> {
                    assertThat(b.host()).isEqualTo("y");
                    assertThat(b.utcOffset()).isEqualTo(ZoneOffset.ofHours(2));
                    assertThat(b.readAt()).isEqualTo(Instant.parse("2026-11-22T14:01:21Z"));
                });
    }

    @Test
    void lines_without_stamp_are_of_the_moment_of_the_line_before() throws IOException {
        write(
                "a/nginx/error.log",
                "no stamp\n2026/11/22 14:01:21 [error] x\n  continued\n2026/11/22 14:01:23 [error] y");

        assertThat(batches(Recording.read(folder)))
                .extracting(LineBatch::readAt, batch -> new String(batch.lines(), UTF_8), LineBatch::flags)
                .containsExactly(
                        tuple(
                                Instant.parse("2026-11-22T14:01:21Z"),
                                "no stamp\n2026/11/22 14:01:21 [error] x\n  continued\n",
                                Set.of()),
                        tuple(
                                Instant.parse("2026-11-22T14:01:23Z"),
                                "2026/11/22 14:01:23 [error] y",
                                Set.of(LineBatch.Flag.PARTIAL)));
    }

    @Test
    void random_bytes_are_lines_too() throws IOException {
        byte[] noise = new byte[300_000];
        new Random(7).nextBytes(noise);
        for (String name : List.of("nginx/error.log", "nginx/access.log", "haproxy.log", "journal.json", "kmsg.log")) {
            write("h/" + name, noise);
        }
        for (String name :
                List.of("meta.json", "inventory.jsonl", "conf/nginx.conf", "conf/haproxy.cfg", "other.bin")) {
            write("h/" + name, noise);
        }

        Recording recording = Recording.read(folder);

        assertThat(recording.logs()).isEqualTo(5);
        assertThat(batches(recording))
                .filteredOn(b -> b.source() == SourceKind.NGINX_ERROR)
                .extracting(b -> (long) b.lines().length)
                .satisfies(sizes -> assertThat(
                                sizes.stream().mapToLong(Long::longValue).sum())
                        .isEqualTo(noise.length));
    }

    @Test
    void a_line_longer_than_a_batch_is_cut_and_says_so() throws IOException {
        write("h/nginx/error.log", "2026/11/22 14:01:21 [error] " + "x".repeat(200_000) + "\nnext\n");

        assertThat(batches(Recording.read(folder)))
                .satisfiesExactly(
                        cut -> {
                            assertThat(cut.flags()).containsExactly(LineBatch.Flag.CUT);
                            assertThat(cut.lines()).hasSize(65_536);
                            assertThat(cut.end()).isEqualTo(200_029);
                        },
                        next -> assertThat(next.start()).isEqualTo(200_029));
    }

    @Test
    void an_empty_folder_is_an_empty_recording() throws IOException {
        Recording recording = Recording.read(folder);

        assertThat(recording.logs()).isZero();
        assertThat(recording.entries()).isEmpty();
    }

    @Test
    void a_single_host_is_a_recording() throws IOException {
        Recording recording = Recording.read(OOM_KILL.resolve("app1"));

        assertThat(facts(recording)).extracting(HostFacts::host).containsOnly("app1.lab");
        assertThat(recording.logs()).isEqualTo(2);
    }

    private static List<LineBatch> batches(Recording recording) {
        return recording.entries().stream()
                .flatMap(entry -> entry instanceof Entry.Lines lines ? Stream.of(lines.batch()) : null)
                .toList();
    }

    private static List<HostFacts> facts(Recording recording) {
        return recording.entries().stream()
                .flatMap(entry -> entry instanceof Entry.Facts facts ? Stream.of(facts.facts()) : null)
                .toList();
    }

    private void copy(Path from, String to) throws IOException {
        write(to, Files.readAllBytes(from));
    }

    private void write(String name, String text) throws IOException {
        write(name, text.getBytes(UTF_8));
    }

    private void write(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }
}
