package dev.gatewatch.analyzer.burst;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatewatch.analyzer.service.Askers;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SecondsCodecTest {
    private static final long SEED = 20261122;

    private static Seconds few() {
        Seconds.Edit seconds = new Seconds.Edit(Seconds.NONE);
        seconds.change(1_795_341_600L, "haproxy@lb1", none -> Counts.ofRequests(300));
        seconds.change(1_795_341_601L, "nginx@e", none -> none);
        seconds.change(1_795_341_601L, "haproxy@lb1", none -> tries());
        return seconds.seconds();
    }

    private static Counts tries() {
        return new Counts(
                0,
                new TreeMap<>(),
                new TreeMap<>(),
                0,
                new TreeMap<>(java.util.Map.of(502, 2L)),
                Askers.NONE,
                Askers.of(7));
    }

    private static Seconds random(Random random) {
        Seconds.Edit seconds = new Seconds.Edit(Seconds.NONE);
        for (int i = random.nextInt(200); i > 0; i--) {
            long number = random.nextBoolean() ? random.nextLong() : random.nextInt(1_000);
            for (int p = random.nextInt(4); p > 0; p--) {
                seconds.change(
                        number,
                        "nginx@ü" + random.nextInt(5),
                        before -> before.equals(Counts.NONE) ? counts(random) : before);
            }
        }
        return seconds.seconds();
    }

    private static Counts counts(Random random) {
        return random.nextBoolean()
                ? Counts.ofRequests(random.nextLong(Long.MAX_VALUE))
                : new Counts(
                        random.nextInt(),
                        byStatus(random),
                        byStatus(random),
                        random.nextInt(3),
                        byStatus(random),
                        askers(random),
                        askers(random));
    }

    private static Askers askers(Random random) {
        Askers askers = Askers.NONE;
        for (int i = random.nextInt(12); i > 0; i--) {
            askers = askers.and(Askers.of(random.nextInt()));
        }
        return askers;
    }

    private static SortedMap<Integer, Long> byStatus(Random random) {
        SortedMap<Integer, Long> counts = new TreeMap<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            counts.put(random.nextInt(-1, 600), random.nextLong(Long.MAX_VALUE));
        }
        return counts;
    }

    @Test
    void what_was_written_is_read_again() throws IOException {
        Random random = new Random(SEED);
        for (int round = 0; round < 2_000; round++) {
            Seconds seconds = random(random);
            assertThat(SecondsCodec.decode(SecondsCodec.encode(seconds)))
                    .describedAs("seed %d, round %d", SEED, round)
                    .isEqualTo(seconds);
        }
    }

    @Test
    void the_bytes_of_version_1_stay_as_they_are() {
        assertThat(HexFormat.of().formatHex(SecondsCodec.encode(few())))
                .isEqualTo("01020b68617072" + "6f7879406c6231" + "076e67696e784065" + "02"
                        + "c0f495b00d" + "0100ac02"
                        + "02" + "02" + "010000000001ec0702" + "00" + "010e" + "0200");
    }

    @Test
    void a_second_of_a_proxy_that_served_all_takes_a_few_bytes() {
        Seconds.Edit seconds = new Seconds.Edit(Seconds.NONE);
        for (long second = 0; second < 180; second++) {
            seconds.change(1_795_341_600 + second, "haproxy@lb1", none -> Counts.ofRequests(50));
        }
        assertThat(SecondsCodec.encode(seconds.seconds())).hasSizeLessThan(180 * 4 + 30);
    }

    @Test
    void damaged_bytes_are_refused_or_read_as_something_but_never_more() {
        Random random = new Random(SEED);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = SecondsCodec.encode(few());
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            byte[] cut = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            try {
                assertThat(SecondsCodec.decode(cut).all()).hasSizeLessThanOrEqualTo(cut.length);
            } catch (IOException expected) {
                assertThat(expected).hasMessageStartingWith("seconds ");
            }
        }
    }

    @Test
    void another_version_is_told() {
        assertThatThrownBy(() -> SecondsCodec.decode(new byte[] {2, 0, 0})).hasMessageContaining("expected: version 1");
    }

    @Test
    void a_state_that_was_written_with_json_seconds_is_still_read() throws IOException {
        JsonMapper mapper = new JsonMapper();
        String old = """
                {"service": "s", "seconds": {"7": {"nginx@e": {"requests": 3, "failed": {"502": 1}, "passed": {},
                 "masked": 0, "tries": {}}}}, "endpoints": [], "seen": [], "clock": {"event": 0, "wall": 0},
                 "baseline": {"requests": 0, "failures": 0, "at": 0}}""";
        ServiceState state = mapper.readValue(old, ServiceState.class);
        assertThat(state.seconds().all())
                .containsExactly(new Seconds.Second(
                        7,
                        List.of(new Seconds.Proxy(
                                "nginx@e",
                                new Counts(
                                        3,
                                        new TreeMap<>(java.util.Map.of(502, 1L)),
                                        new TreeMap<>(),
                                        0,
                                        new TreeMap<>(),
                                        Askers.NONE,
                                        Askers.NONE)))));
        assertThat(mapper.readValue(mapper.writeValueAsString(state), ServiceState.class))
                .isEqualTo(state);
    }
}
