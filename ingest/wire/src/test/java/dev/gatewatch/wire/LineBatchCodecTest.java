package dev.gatewatch.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Batches of lines as Kafka records. The golden files are what other programs write and read: they never
/// change.
class LineBatchCodecTest {
    private static final String LINES = """
            2026/11/22 14:02:27 [error] 429#429: *349 connect() failed (111: Connection refused) while connecting to \
            upstream, client: 10.85.0.100, server: shop.lab, request: "GET /api/orders/388 HTTP/1.1", upstream: \
            "http://10.85.0.21:8081/api/orders/388", host: "shop.lab"
            2026/11/22 14:02:28 [error] 429#429: *351 open() "/srv/www/caf\u00e9\u00ff" failed (2: No such file or \
            directory), client: 10.85.0.101, server: shop.lab, request: "GET /caf%E9 HTTP/1.1", host: "shop.lab"
            """;
    private static final LineBatch FILE = new LineBatch(
            "edge1.lab",
            List.of("10.85.0.11", "2001:db8:85::11"),
            SourceKind.NGINX_ERROR,
            "/var/log/nginx/error.log",
            "edge1.lab/8:1/131842/1795348045093000/9f2c11d0a7b3e6f4/0",
            70_144,
            70_144 + LINES.length(),
            66_048,
            ZoneOffset.ofHours(1),
            Instant.parse("2026-11-22T14:02:28.250Z"),
            null,
            Set.of(LineBatch.Flag.PARTIAL, LineBatch.Flag.REPLAY),
            new Gap(Gap.Kind.ROTATED, 4_096),
            LINES.getBytes(ISO_8859_1));
    private static final LineBatch KERNEL = new LineBatch(
            "app1.lab",
            List.of(),
            SourceKind.KERNEL,
            "/dev/kmsg",
            "app1.lab/40580134-3991-42ce-8ec9-181d85a33886",
            891,
            892,
            891,
            ZoneOffset.UTC,
            Instant.parse("2026-11-22T14:03:15.402Z"),
            Instant.parse("2026-11-22T13:27:25.093123Z"),
            Set.of(),
            null,
            """
            4,891,2150307854,-;[UFW BLOCK] IN=eth0 OUT= MAC=02:85 SRC=10.85.0.11 DST=10.85.0.21 LEN=60 PROTO=TCP \
            SPT=38052 DPT=8081 WINDOW=64240 RES=0x00 SYN URGP=0\s
            """.getBytes(UTF_8));

    static Stream<Arguments> goldenFiles() {
        return Stream.of(
                argumentSet("lines of a file", "line-batch-1.txt", FILE),
                argumentSet("records of the kernel", "line-batch-1-kernel.txt", KERNEL));
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void a_golden_record_reads_as_it_always_did(String file, LineBatch expected) {
        assertSame(GoldenRecord.decoded(GoldenRecord.file(file)), expected);
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void a_batch_is_written_as_it_always_was(String file, LineBatch batch) {
        assertThat(GoldenRecord.encoded(batch)).asString(ISO_8859_1).isEqualTo(text(GoldenRecord.file(file)));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20261122, 502})
    void what_was_written_is_read(long seed) {
        RandomText text = new RandomText(seed);
        for (int i = 0; i < 500; i++) {
            LineBatch batch = batch(text);
            Headers headers = new RecordHeaders();
            LineBatchCodec.writeHeaders(batch, headers);
            assertSame(LineBatchCodec.read(headers, batch.lines()), batch);
        }
    }

    private static LineBatch batch(RandomText text) {
        Random random = text.random();
        byte[] lines = text.bytes();
        long start = random.nextLong(1L << 50);
        boolean kernel = random.nextInt(4) == 0;
        return new LineBatch(
                text.text(),
                text.some(text::word),
                kernel ? SourceKind.KERNEL : text.oneOf(SourceKind.values()),
                text.text(),
                text.text(),
                start,
                start + lines.length,
                random.nextLong(1L << 50),
                ZoneOffset.ofTotalSeconds(random.nextInt(-64_800, 64_801)),
                Instant.ofEpochMilli(random.nextLong(4_000_000_000_000L)),
                kernel ? Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000) * 1_000L) : null,
                Set.copyOf(text.some(() -> text.oneOf(LineBatch.Flag.values()))),
                random.nextBoolean() ? null : new Gap(text.oneOf(Gap.Kind.values()), random.nextLong(1L << 60)),
                lines);
    }

    /// Records compare their arrays by identity.
    private static void assertSame(LineBatch actual, LineBatch expected) {
        assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
        assertThat(Arrays.equals(actual.lines(), expected.lines())).isTrue();
    }

    static Stream<Arguments> malformedHeaders() {
        String number = " (expected: a whole number)";
        String zone = " (expected: seconds within 18 hours of UTC)";
        return Stream.of(
                argumentSet("another version", "v", "2", "'2' (expected: 1)"),
                argumentSet(
                        "an unknown source",
                        "source",
                        "nginx",
                        "'nginx' (expected: one of nginx-access, nginx-error, haproxy, alb, envoy, traefik, caddy, journald, kernel)"),
                argumentSet("a hexadecimal position", "start", "0x10", "'0x10'" + number),
                argumentSet("a position with a blank", "end", " 12", "' 12'" + number),
                argumentSet("an empty position", "prev", "", "''" + number),
                argumentSet(
                        "a position beyond 64 bits", "prev", "9223372036854775808", "'9223372036854775808'" + number),
                argumentSet("a time as text", "read", "2026-11-22T14:02:28Z", "'2026-11-22T14:02:28Z'" + number),
                argumentSet("an offset as text", "offset", "+01:00", "'+01:00'" + number),
                argumentSet("an offset that no place on earth has", "offset", "90000", "'90000'" + zone),
                argumentSet("an offset beyond 32 bits", "offset", "4294967296", "'4294967296'" + zone),
                argumentSet(
                        "the least of all numbers", "offset", "-9223372036854775808", "'-9223372036854775808'" + zone),
                argumentSet("a boot time as text", "boot", "yesterday", "'yesterday'" + number),
                argumentSet("an unknown flag", "flags", "cut,lost", "'lost' (expected: one of replay, partial, cut)"),
                argumentSet("an empty flag", "flags", "", "'' (expected: one of replay, partial, cut)"),
                argumentSet("a gap without size", "gap", "rotated", "'rotated' (expected: KIND:SIZE)"),
                argumentSet(
                        "a gap of an unknown kind",
                        "gap",
                        "eaten:5",
                        "'eaten' (expected: one of rotated, truncated, vacuumed, overrun, suppressed)"),
                argumentSet("a gap whose size is no number", "gap", "rotated:many", "'many'" + number),
                argumentSet("a negative gap", "gap", "rotated:-1", "'rotated:-1' (expected: a size of 0 or more)"));
    }

    @ParameterizedTest
    @MethodSource("malformedHeaders")
    void a_malformed_header_is_named_with_its_value_and_what_was_expected(String name, String value, String complaint) {
        Headers headers = headersOf(FILE).remove(name).add(name, value.getBytes(UTF_8));
        assertThatThrownBy(() -> LineBatchCodec.read(headers, new byte[0]))
                .isInstanceOf(MalformedBatchException.class)
                .hasMessage("header " + name + ": " + complaint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"v", "host", "addr", "source", "origin", "stream", "start", "end", "prev", "offset", "read"})
    void a_missing_header_is_named(String name) {
        Headers headers = headersOf(FILE).remove(name);
        assertThatThrownBy(() -> LineBatchCodec.read(headers, new byte[0]))
                .isInstanceOf(MalformedBatchException.class)
                .hasMessageContaining("header " + name + " is missing");
        Headers without = headersOf(FILE).remove(name).add(name, null);
        assertThatThrownBy(() -> LineBatchCodec.read(without, new byte[0]))
                .isInstanceOf(MalformedBatchException.class)
                .hasMessageContaining("header " + name + " is missing");
    }

    @Test
    void positions_that_run_backwards_are_refused() {
        Headers headers = headersOf(FILE).remove("end").add("end", "5".getBytes(UTF_8));
        assertThatThrownBy(() -> LineBatchCodec.read(headers, new byte[0]))
                .isInstanceOf(MalformedBatchException.class)
                .hasMessageContaining("start=70144 end=5")
                .hasMessageContaining("expected: 0 <= start <= end");
    }

    @Test
    void headers_of_a_newer_agent_and_of_its_kafka_tools_are_skipped() {
        Headers headers = headersOf(FILE).add("colour", "blue".getBytes(UTF_8)).add("traceparent", null);
        assertSame(LineBatchCodec.read(headers, FILE.lines()), FILE);
    }

    @Test
    void of_a_header_that_stands_twice_the_last_one_counts() {
        Headers headers = headersOf(FILE).add("host", "edge2.lab".getBytes(UTF_8));
        assertThat(LineBatchCodec.read(headers, FILE.lines()).host()).isEqualTo("edge2.lab");
    }

    private static Headers headersOf(LineBatch batch) {
        Headers headers = new RecordHeaders();
        LineBatchCodec.writeHeaders(batch, headers);
        return headers;
    }
}
