package dev.gatewatch.analyzer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.analyzer.signal.Signal;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReportCodecTest {
    private static final long SEED = 20261127;

    private static final List<Tally> TALLIES = List.of(
            new Tally(
                    100,
                    Signal.Outcome.SERVED,
                    "orders_api",
                    "10.0.0.1:80",
                    "",
                    true,
                    0,
                    100_001,
                    100_999,
                    7,
                    Askers.NONE),
            new Tally(
                    101,
                    Signal.Outcome.SERVED,
                    "orders_api",
                    "10.0.0.1:80",
                    "",
                    true,
                    0,
                    101_001,
                    101_999,
                    8,
                    Askers.NONE),
            new Tally(
                    101,
                    Signal.Outcome.FAILED,
                    "größer",
                    "",
                    "app1",
                    false,
                    503,
                    -1,
                    5,
                    Long.MAX_VALUE,
                    Askers.of(-7).and(Askers.of(8))));

    private static final Sighting SIGHTING = new Sighting(
            new Signal.Trouble(
                    "connect_refused", "nginx", 101_500, "orders_api", "10.0.0.1:80", "", 111, "/a", "10.9.9.9", false),
            new Target("orders", "orders_api", "10.0.0.1:80", "", true),
            "nginx-error",
            "connect() failed (111: Connection refused) … größer",
            101_500,
            3,
            Askers.of(5));

    private static final ServiceReport REPORT =
            new ServiceReport("orders", "lb1", "haproxy", TALLIES, List.of(SIGHTING));

    private final ReportCodec codec = new ReportCodec();

    @Test
    void what_was_written_is_read_again() throws IOException {
        ServiceReport nothing = new ServiceReport("größer", "", "nginx", List.of(), List.of());
        ServiceReport another = new ServiceReport("orders", "lb2", "nginx", TALLIES.subList(0, 1), List.of());
        assertThat(codec.decode(codec.encode(List.of(REPORT)))).containsExactly(REPORT);
        assertThat(codec.decode(codec.encode(List.of(nothing)))).containsExactly(nothing);
        assertThat(codec.decode(codec.encode(List.of(REPORT, another)))).containsExactly(REPORT, another);
    }

    @Test
    void what_each_kind_of_line_says_is_read_again() throws IOException {
        Signal.Request request = new Signal.Request(
                "status_5xx",
                "haproxy",
                7,
                Signal.Outcome.FAILED,
                "be_orders",
                "app1",
                503,
                "/a",
                "10.9.9.9",
                3_005,
                -1,
                3,
                "SC--");
        Signal.ServerState down = new Signal.ServerState(
                "server_down", 8, "be_orders", "app1", "Layer4 connection problem", "Connection refused");
        ServiceReport report =
                new ServiceReport("orders", "lb1", "haproxy", List.of(), List.of(seen(request), SIGHTING, seen(down)));
        assertThat(codec.decode(codec.encode(List.of(report)))).containsExactly(report);
    }

    private static Sighting seen(Signal signal) {
        return new Sighting(signal, SIGHTING.target(), "haproxy", "a line", 101_500, 1, Askers.NONE);
    }

    @Test
    void what_no_proxy_says_of_a_service_is_not_written() {
        Signal packet = new Signal.Packet("fw_block", 7, "[UFW BLOCK]", "10.0.0.1", "10.0.0.2", 80);
        ServiceReport report = new ServiceReport("orders", "lb1", "nginx", List.of(), List.of(seen(packet)));
        assertThatThrownBy(() -> codec.encode(List.of(report)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("fw_block is about no service");
    }

    @Test
    void bytes_that_are_cut_anywhere_are_refused() throws IOException {
        byte[] bytes = codec.encode(List.of(REPORT, REPORT));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> codec.decode(cut)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> codec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("1 bytes behind them (expected: ");
    }

    @Test
    void damaged_bytes_are_refused_or_read_as_something() throws IOException {
        Random random = new Random(SEED);
        byte[] written = codec.encode(List.of(REPORT));
        for (int round = 0; round < 5_000; round++) {
            byte[] bytes = written.clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            try {
                assertThat(codec.decode(bytes))
                        .flatExtracting(ServiceReport::tallies)
                        .hasSizeLessThanOrEqualTo(bytes.length);
            } catch (IOException expected) {
                assertThat(expected)
                        .describedAs("seed %d, round %d", SEED, round)
                        .isNotNull();
            }
        }
    }

    @Test
    void another_version_is_named() throws IOException {
        byte[] bytes = codec.encode(List.of(REPORT));
        bytes[0] = 9;
        assertThatThrownBy(() -> codec.decode(bytes))
                .isInstanceOf(IOException.class)
                .hasMessage("reports of version 9 (expected: version 3)");
    }
}
