package dev.gatewatch.analyzer.burst;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.serde.JsonSerde;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventClockTest {
    private static final long START = 1_795_356_000_000L;

    private static EventClock read(String json) {
        return new JsonSerde<>(EventClock.class)
                .deserializer()
                .deserialize("services", json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void one_that_was_written_before_it_knew_when_it_heard_of_the_service_is_read() {
        EventClock read = read("{\"event\":" + START + ",\"wall\":" + (START + 700) + "}");
        assertThat(read).isEqualTo(new EventClock(START, START + 700, START, START + 700));
    }

    @Test
    void one_that_was_set_ahead_is_a_few_seconds_ahead_at_most() {
        EventClock ahead = read("{\"event\":" + (START + 600_000) + ",\"wall\":" + START + "}");
        assertThat(ahead.at(START)).isEqualTo(START + 5_000);
        assertThat(ahead.at(START + 3_600_000)).isEqualTo(START + 3_605_000);
    }
}
