package dev.gatewatch.analyzer.cause;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.burst.Endpoint;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnitLifeTest {
    private static final long TROUBLE = 1_795_356_000_000L;
    private static final Backend ORDERS = new Backend(
            new Endpoint("edge1.lab", "orders_api", "10.85.0.21:8081", "", true, 0, TROUBLE, TROUBLE, 1, 1),
            null,
            "orders.service",
            true,
            null,
            Backend.Listening.UNKNOWN);

    private static HostEvent stopped(long at) {
        Signal signal = new Signal.UnitEvent("unit_stopped", at, "orders.service", "stop", "done", "", -1, -1);
        return new HostEvent(signal, "journald", "Stopped orders.service - Orders.", at, 1);
    }

    @Test
    void of_several_stops_the_one_nearest_to_the_first_failure_is_told_and_not_the_last_one() {
        List<HostEvent> stops = List.of(stopped(TROUBLE - 60_000), stopped(TROUBLE - 200), stopped(TROUBLE + 6_000));
        assertThat(new UnitLife(ORDERS, stops).stopBefore(TROUBLE)).contains(stops.get(1));
    }

    @Test
    void a_stop_long_after_trouble_began_did_not_begin_it() {
        assertThat(new UnitLife(ORDERS, List.of(stopped(TROUBLE + 8_000))).stopBefore(TROUBLE))
                .isEmpty();
    }
}
