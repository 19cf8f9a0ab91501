package dev.gatewatch.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.agent.events.AgentEvents;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class AgentEventsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AgentEvents events = new AgentEvents(meters);

    @Test
    void what_is_counted_is_there_before_the_first_event() {
        assertThat(meters.get("gatewatch.agent.gaps")
                        .tags("source", "journald", "kind", "vacuumed")
                        .counter()
                        .count())
                .isZero();
        assertThat(meters.get("gatewatch.agent.batches.refused").counter().count())
                .isZero();
    }

    @Test
    void every_meter_is_described() {
        events.gauge("inflight.bytes", "what waits", this, owner -> 1);
        events.kafkaError(new IllegalStateException(), false);

        assertThat(meters.getMeters())
                .allSatisfy(meter -> assertThat(meter.getId().getDescription()).isNotBlank());
    }
}
