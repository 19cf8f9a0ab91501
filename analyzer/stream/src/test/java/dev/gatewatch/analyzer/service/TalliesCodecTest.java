package dev.gatewatch.analyzer.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatewatch.analyzer.signal.Signal;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TalliesCodecTest {
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

    @Test
    void they_are_read_as_they_were_written() throws IOException {
        assertThat(TalliesCodec.decode(TalliesCodec.encode(TALLIES))).isEqualTo(TALLIES);
        assertThat(TalliesCodec.decode(TalliesCodec.encode(List.of()))).isEmpty();
    }

    @Test
    void a_report_that_was_written_before_there_were_bytes_is_read() throws IOException {
        String written = """
                {"service":"orders","host":"lb1","kind":"haproxy","tallies":[{"second":100,"outcome":"SERVED","upstream":\
                "orders_api","address":"10.0.0.1:80","server":"","configured":true,"status":0,"firstAt":100001,\
                "lastAt":100999,"count":7}],"sightings":[]}""";
        assertThat(JsonMapper.builder()
                        .build()
                        .readValue(written, ServiceReport.class)
                        .tallies())
                .isEqualTo(TALLIES.subList(0, 1));
    }

    @Test
    void bytes_that_are_cut_anywhere_are_refused() throws IOException {
        byte[] bytes = TalliesCodec.encode(TALLIES);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> TalliesCodec.decode(cut)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void another_version_is_named() throws IOException {
        byte[] bytes = TalliesCodec.encode(TALLIES);
        bytes[0] = 9;
        assertThatThrownBy(() -> TalliesCodec.decode(bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 9");
    }
}
