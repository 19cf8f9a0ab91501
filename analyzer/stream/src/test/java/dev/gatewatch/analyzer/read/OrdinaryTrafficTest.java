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

<<<<<<< HEAD
=======
    /// A kind of traffic.
    @SuppressWarnings("ImmutableEnumChecker") // List.of makes lists that do not change
    enum Traffic {
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
                TIMED,
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
                INGRESS,
                List.of(
                        "10.0.0.7 - - [22/Nov/2026:13:52:29 +0000] \"GET /a HTTP/1.1\" 200 157 \"-\" \"curl\" 80 0.010"
                                + " [ns-svc-80] 10.0.0.1:80 157 0.009 200 0a1b2c",
                        "10.0.0.7 - - [22/Nov/2026:13:52:29 +0000] \"GET /a HTTP/1.1\" 504 157 \"-\" \"curl\" 80 5.010"
                                + " [ns-svc-80] 10.0.0.1:80, 10.0.0.1:80 0, 0 5.000, 5.000 504, 504 0a1b2c")),
        JSON(
                SourceKind.NGINX_ACCESS,
                OBJECT,
                List.of(
                        "{\"time\":\"2026-11-22T13:52:29+00:00\",\"status\":200,\"request\":\"GET /a HTTP/1.1\","
                                + "\"ua\":\"10.0.0.1:80\",\"us\":\"200\",\"ref\":\"\"}",
                        "{\"time\":\"2026-11-22T13:52:30+01:00\",\"status\":404,\"request\":\"GET /\\\"q HTTP/1.1\","
                                + "\"ua\":\"\",\"us\":\"\",\"ref\":\"http://a/\"}"));

        private final SourceKind source;
        private final String format;
        private final List<String> lines;

        Traffic(SourceKind source, String format, List<String> lines) {
            this.source = source;
            this.format = format;
            this.lines = lines;
        }

        private String escape() {
            return format.startsWith("{") ? "json" : "default";
        }

        private HostFacts facts() {
            HostFacts.ProxyFacts proxy = new HostFacts.ProxyFacts(
                    "nginx",
                    "nginx.service",
                    "hash",
                    READ_AT,
                    null,
                    List.of(
                            new HostFacts.Upstream("orders", false, List.of(server("a", "10.0.0.1:80"))),
                            new HostFacts.Upstream("cart", false, List.of(server("b", "10.0.0.2:80")))),
                    List.of(
                            new HostFacts.Route("", "", "/", "orders"),
                            new HostFacts.Route("", "=", "/a", "cart"),
                            new HostFacts.Route("", "^~", "/cart", "cart")),
                    format.isEmpty() ? List.of() : List.of(new HostFacts.AccessLog("/log", format, escape())));
            return new HostFacts(
                    "edge1",
                    READ_AT,
                    List.of(),
                    READ_AT,
                    OFFSET,
                    true,
                    List.of(),
                    List.of(),
                    List.of(proxy),
                    List.of());
        }

        private static HostFacts.Server server(String name, String address) {
            return new HostFacts.Server(name, address, false, false);
        }

        private LineContext context() {
            return new LineContext(source, OFFSET, READ_AT, null, format, escape(), List.of());
        }

        private LineBatch batch(String text) {
            byte[] bytes = text.getBytes(ISO_8859_1);
            return new LineBatch(
                    "edge1",
                    List.of(),
                    source,
                    "/log",
                    "stream",
                    0,
                    bytes.length,
                    0,
                    OFFSET,
                    READ_AT,
                    null,
                    Set.of(),
                    null,
                    bytes);
        }
    }

    /// Requests by all that a tally tells of them.
    private static Map<String, Long> counted(BatchResult result) {
        Map<String, Long> counts = new TreeMap<>();
        for (ServiceReport report : result.reports()) {
            for (Tally t : report.tallies()) {
                String key = String.join(
                        " ",
                        report.service(),
                        report.kind(),
                        t.upstream(),
                        t.address(),
                        t.server(),
                        t.outcome().name(),
                        t.second() + " " + t.status());
                counts.merge(key, t.count(), Long::sum);
                counts.merge(key + " first " + t.firstAt() + " last " + t.lastAt(), 1L, Long::sum);
            }
        }
        return counts;
    }

    /// The same, read line by line.
    private static Map<String, Long> readLineByLine(Traffic traffic, ServiceMap services, String text) {
        SignalReader reader = new SignalReader();
        Map<String, long[]> tallies = new TreeMap<>();
        for (String line : text.split("\n", -1)) {
            byte[] bytes = line.getBytes(ISO_8859_1);
            if (reader.read(traffic.context(), bytes, 0, bytes.length) instanceof Reading.Says says
                    && says.signal() instanceof Signal.Request r
                    && r.outcome() != Signal.Outcome.ASIDE) {
                String kind = r.proxy();
                Target target = services.target("edge1", kind, r.upstream(), r.server(), r.path());
                long at = Math.min(r.at(), READ_AT.toEpochMilli() + 2_000);
                String key = String.join(
                        " ",
                        target.service(),
                        kind,
                        target.upstream(),
                        target.address(),
                        target.server(),
                        r.outcome().name(),
                        Math.floorDiv(at, 1_000) + " " + r.status());
                long[] known = tallies.computeIfAbsent(key, k -> new long[] {0, at, at});
                known[0]++;
                known[1] = Math.min(known[1], at);
                known[2] = Math.max(known[2], at);
            }
        }
        Map<String, Long> counts = new TreeMap<>();
        tallies.forEach((key, t) -> {
            counts.put(key, t[0]);
            counts.put(key + " first " + t[1] + " last " + t[2], 1L);
        });
        return counts;
    }

>>>>>>> main
    private static String spoil(Random random, Traffic traffic) {
        StringBuilder line = new StringBuilder(traffic.lines().get(random.nextInt(traffic.lines().size())));
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
                    String other = traffic.lines().get(random.nextInt(traffic.lines().size()));
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
            bothWays.check(
                    reader, String.join("\n", lines).getBytes(ISO_8859_1), "seed " + SEED + ", round " + round);
        }
        // Both ways are taken often, or nothing was compared.
        assertThat(taken).isBetween(ROUNDS * LINES / 20L, ROUNDS * LINES * 19L / 20L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"combine", "$", "${", "no variable at all"})
    void a_format_without_variables_tells_nothing_and_its_lines_are_guessed(String format) {
        BothWays ways = new BothWays(SourceKind.NGINX_ACCESS, format, "default");
        assertThat(new SignalReader().traffic(ways.context())).isNull();
        ways.check(new BatchReader(), String.join("\n", Traffic.COMBINED.lines()).getBytes(ISO_8859_1), format);
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
        LineBatch few = ways.batch((traffic.lines().getFirst() + "\n").repeat(10).getBytes(ISO_8859_1));
        LineBatch many = ways.batch((traffic.lines().getFirst() + "\n").repeat(1_000).getBytes(ISO_8859_1));
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
