package dev.gatewatch.analyzer.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.gatewatch.analyzer.grammar.TrafficScan;
import dev.gatewatch.analyzer.signal.SignalReader;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Ordinary traffic is counted without reading each of its lines. What is counted must be what the full grammar
/// reads line by line, which is the oracle here: for real lines, and for real lines that were spoilt in
/// all ways.
class OrdinaryTrafficTest {
    private static final long SEED = 20261122;
    private static final int ROUNDS = 2_000;
    private static final int LINES = 40;

    /// What is put where it does harm.
    private static final List<String> SPOILERS = List.of(
            ", ",
            " : ",
            "\"",
            "\\\"",
            "\\",
            "[",
            "]",
            "] ",
            " [22/Nov/2026:13:52:29 +0000] \"",
            "{",
            "}",
            " {a|b}",
            " -",
            "-",
            "+",
            "<NOSRV>",
            "502",
            "503",
            " 200 ",
            "499",
            "009",
            "/",
            "?",
            " ",
            "  ",
            "\t",
            "\u00e9",
            "\0",
            "----",
            "SC--",
            "0/0/0/0/0",
            ":",
            "haproxy[1]: ",
            "Nov 22 13:55:15 ",
            "10.0.0.1:80",
            "unix:/run/a.sock",
            "http://h/p",
            "| ",
            "99999999999",
            "60",
            "~",
            "Feb",
            "24:00");

    private static String spoil(Random random, Traffic traffic) {
        StringBuilder line = new StringBuilder(
                traffic.lines().get(random.nextInt(traffic.lines().size())));
        for (int times = random.nextInt(4); times > 0; times--) {
            int at = random.nextInt(line.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> line.insert(at, SPOILERS.get(random.nextInt(SPOILERS.size())));
                case 1 -> line.delete(at, Math.min(line.length(), at + 1 + random.nextInt(4)));
                case 2 -> {
                    if (at < line.length()) {
                        line.setCharAt(at, (char) random.nextInt(256));
                    }
                }
                default -> {
                    String other =
                            traffic.lines().get(random.nextInt(traffic.lines().size()));
                    int from = random.nextInt(other.length());
                    line.replace(at, Math.min(line.length(), at + 9), other.substring(from));
                }
            }
        }
        return line.toString().replace("\n", " ");
    }

    @ParameterizedTest
    @EnumSource
    void spoilt_lines_count_as_the_full_grammar_reads_them(Traffic traffic) {
        Random random = new Random(SEED);
        BatchReader reader = new BatchReader();
        BothWays bothWays = traffic.bothWays();
        long taken = 0;
        for (int round = 0; round < ROUNDS; round++) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < LINES; i++) {
                lines.add(spoil(random, traffic));
            }
            taken += taken(bothWays, lines);
            bothWays.check(reader, String.join("\n", lines).getBytes(ISO_8859_1), "seed " + SEED + ", round " + round);
        }
        // Both ways are taken often, or nothing was compared.
        assertThat(taken).isBetween(ROUNDS * LINES / 20L, ROUNDS * LINES * 19L / 20L);
    }

    @ParameterizedTest
    @EnumSource
    void a_batch_may_end_anywhere(Traffic traffic) {
        BatchReader reader = new BatchReader();
        byte[] twice = (String.join("\n", traffic.lines()) + "\n").repeat(2).getBytes(ISO_8859_1);
        for (int length = 0; length < twice.length; length++) {
            traffic.bothWays().check(reader, Arrays.copyOf(twice, length), length + " bytes");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"combine", "$", "${", "no variable at all"})
    void a_format_without_variables_tells_nothing_and_its_lines_are_guessed(String format) {
        BothWays ways = new BothWays(SourceKind.NGINX_ACCESS, format, "default");
        assertThat(new SignalReader().traffic(ways.context())).isNull();
        ways.check(
                new BatchReader(), String.join("\n", Traffic.COMBINED.lines()).getBytes(ISO_8859_1), format);
    }

    private static long taken(BothWays bothWays, List<String> lines) {
        TrafficScan scan = new SignalReader().traffic(bothWays.context());
        return lines.stream()
                .map(line -> line.getBytes(ISO_8859_1))
                .filter(bytes -> scan.takes(bytes, 0, bytes.length))
                .count();
    }

    @ParameterizedTest
    @EnumSource
    void a_line_more_allocates_nothing(Traffic traffic) {
        BatchReader reader = new BatchReader();
        BothWays ways = traffic.bothWays();
        LineBatch few =
                ways.batch((traffic.lines().getFirst() + "\n").repeat(10).getBytes(ISO_8859_1));
        LineBatch many =
                ways.batch((traffic.lines().getFirst() + "\n").repeat(1_000).getBytes(ISO_8859_1));
        for (int i = 0; i < 2_000; i++) { // until the compiler has seen enough
            ways.read(reader, few);
            ways.read(reader, many);
        }
        long ofFew = leastAllocated(reader, ways, few);
        long ofMany = leastAllocated(reader, ways, many);
        assertThat(ofMany - ofFew).as("bytes for 990 lines more").isLessThan(990);
    }

    private static long leastAllocated(BatchReader reader, BothWays ways, LineBatch batch) {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long before = thread.getCurrentThreadAllocatedBytes();
            ways.read(reader, batch);
            least = Math.min(least, thread.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
