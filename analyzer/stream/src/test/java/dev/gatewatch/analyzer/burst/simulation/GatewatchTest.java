package dev.gatewatch.analyzer.burst.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.analyzer.burst.BurstMachine;
import dev.gatewatch.analyzer.burst.Detector;
import dev.gatewatch.analyzer.burst.ServiceState;
import dev.gatewatch.analyzer.service.Askers;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.service.Tally;
import dev.gatewatch.analyzer.signal.Signal.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The simulated detector is the real one: fed with reports of the same traffic, the burst machine says the
/// same at every second.
class GatewatchTest {
    private final BurstMachine machine = new BurstMachine(BurstConfig.DEFAULT);
    private ServiceState state = ServiceState.unknown("orders");

    @ParameterizedTest
    @CsvSource({
        "0.1, 200000, 0.2",
        "0.1, 60000, 1",
        "1, 30000, 1",
        "1, 30000, 0.05",
        "10, 8000, 0.2",
        "1000, 3000, 0.05"
    })
    void says_at_every_second_what_the_burst_machine_says(double perSecond, int seconds, double share) {
        Gatewatch simulated = new Gatewatch();
        SimulatedTraffic traffic = new SimulatedTraffic(new SplittableRandom(3), perSecond, 3);
        int bursts = 0;
        for (long second = 0; second < seconds; second++) {
            boolean faulty = second % 2_000 > 1_600 || second % 50_000 > 40_000;
            SimulatedTraffic.Second happened = traffic.with(second, faulty ? share : 0, 0);
            boolean before = simulated.isFiring();
            simulated.second(second, happened);
            real(second, happened);
            assertThat(state.burst() != null).as("second %d", second).isEqualTo(simulated.isFiring());
            bursts += simulated.isFiring() && !before ? 1 : 0;
        }
        assertThat(bursts).isPositive();
    }

    private void real(long second, SimulatedTraffic.Second happened) {
        long now = second * 1_000 + 999;
        List<Tally> tallies = new ArrayList<>();
        add(tallies, second, Outcome.SERVED, 200, happened.requests() - happened.failures(), Askers.NONE);
        add(tallies, second, Outcome.FAILED, 502, happened.failures(), happened.askers());
        if (!tallies.isEmpty()) {
            state = machine.take(state, new ServiceReport("orders", "edge1", "nginx", tallies, List.of()), now);
            if (state.burst() == null && machine.alarm(state, now) == Detector.Alarm.BURST) {
                state = machine.begin(state, now);
            }
        }
        if (machine.isOver(state, now, true)) {
            state = machine.end(state);
        }
    }

    private static void add(List<Tally> tallies, long second, Outcome outcome, int status, long count, Askers askers) {
        if (count > 0) {
            long first = second * 1_000;
            tallies.add(new Tally(
                    second, outcome, "orders", "10.85.0.21:8081", "", true, status, first, first + 999, count, askers));
        }
    }
}
