package dev.gatewatch.analyzer.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/// Whatever stands in a line, explaining it ends soon and never throws.
class HostileLinesTest {
    private static final int MEGABYTE = 1 << 20;

    private final Random random = new Random(20261122);
    private final Explainer explainer =
            new Explainer(SignalCatalogue.read(), ZoneOffset.UTC, Instant.parse("2026-11-22T14:10:00Z"));

    private static List<String> lines(String resource) throws IOException {
        try (InputStream file = HostileLinesTest.class.getResourceAsStream("/dev/gatewatch/analyzer/" + resource)) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static List<String> seeds() throws IOException {
        List<String> seeds = new ArrayList<>(lines("corpus.jsonl"));
        for (String file : List.of("nginx-error.log", "nginx-access.log", "haproxy.log", "journal.json", "kmsg.log")) {
            seeds.addAll(lines("lines/" + file));
        }
        return seeds;
    }

    private void explain(@Nullable LineSource source, byte[] bytes) {
        Explanation found = explainer.explain(source, bytes, 0, bytes.length);
        boolean understood = found.outcome() != Explanation.Outcome.NOT_UNDERSTOOD;
        assertThat(understood || found.signal() == null).isTrue();
        if (found.upstream() != null) {
            assertThat(found.upstream().length()).isLessThanOrEqualTo(64 * 1024);
        }
    }

    private void explainAsAll(byte[] bytes) {
        explain(null, bytes);
        LineSource.all().forEach(source -> explain(source, bytes));
    }

    @Test
    void a_line_may_be_any_bytes() {
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            explainAsAll(bytes);
        }
    }

    @Test
    void any_byte_of_a_line_may_be_another_and_its_end_may_be_missing() throws IOException {
        for (String line : seeds()) {
            for (int i = 0; i < 10; i++) {
                byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
                for (int changes = random.nextInt(4); changes >= 0; changes--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
                explain(null, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
            }
        }
    }

    @Test
    void a_line_may_be_a_megabyte() {
        List<String> heads = List.of(
                "",
                "2026/11/22 13:52:29 [error] 1#1: *1 FastCGI sent in stderr: \"",
                "1.2.3.4 - - [22/Nov/2026:13:52:29 +0000] \"GET / HTTP/1.1\" 502 1 ",
                "Nov 22 13:55:15 lb1 haproxy[2]: ",
                "{\"MESSAGE\":\"");
        List<String> repeated = List.of(
                " ",
                "[",
                "\"",
                "\\",
                "a",
                "1",
                ", client: ",
                " HTTP/1.1",
                "] (",
                "\" while ",
                "]: ",
                "k=\"v\" ",
                ", ",
                " : ",
                "{\"a\":[",
                "\u0000",
                "[Errno ");
        for (String head : heads) {
            for (String text : repeated) {
                byte[] bytes = (head + text.repeat(MEGABYTE / text.length())).getBytes(StandardCharsets.UTF_8);
                Assertions.assertTimeout(Duration.ofSeconds(5), () -> explain(null, bytes), head + text);
            }
        }
    }
}
