package dev.gatewatch.analyzer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class AnalyzerEventsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AnalyzerEvents events = new AnalyzerEvents(meters);

    @Test
    void whatIsCountedIsThereBeforeTheFirstEvent() {
        assertThat(meters.get("gatewatch_incidents_total")
                        .tag("cause", "backend_down")
                        .counter()
                        .count())
                .isZero();
        assertThat(meters.get("gatewatch_dead_letters_total").counter().count()).isZero();
    }

    @Test
    void everyMeterIsDescribed() {
        events.stateCounted("services", 3, 7);
        events.deadLetter();

        assertThat(meters.getMeters())
                .allSatisfy(meter -> assertThat(meter.getId().getDescription()).isNotBlank());
        assertThat(meters.get("gatewatch_state_entries").gauge().value()).isEqualTo(7);
    }
}
