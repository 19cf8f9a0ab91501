package dev.gatewatch.analyzer.burst;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.gatewatch.analyzer.service.Askers;
import dev.gatewatch.analyzer.service.PendingReports;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.service.Sighting;
import dev.gatewatch.analyzer.service.Tally;
import dev.gatewatch.analyzer.service.Target;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.analyzer.signal.Signal.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whether it matters to a service if what batches say is taken one by one, or added up until a commit.
class AddedUpTest {
    private static final long START = 1_795_356_000_000L;
    private static final List<String> PROXIES = List.of("edge1", "edge2", "edge3");

    private final BurstMachine machine = new BurstMachine(BurstConfig.DEFAULT);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void a_service_is_the_same_however_many_batches_wait_for_a_commit(long seed) {
        Random random = new Random(seed);
        ServiceState oneByOne = ServiceState.unknown("orders");
        ServiceState addedUp = oneByOne;
        PendingReports pending = new PendingReports();
        for (int batch = 0; batch < 2_000; batch++) {
            long at = START + batch * 50L;
            ServiceReport report = report(random, at);
            oneByOne = burst(machine.take(oneByOne, report, at), at);
            List<ServiceReport> due = new ArrayList<>();
            pending.add(report, due::addAll);
            if (random.nextInt(20) == 0) {
                pending.drain(due::addAll);
            }
            addedUp = takeAll(addedUp, due, at);
        }
        long end = START + 2_000 * 50L;
        List<ServiceReport> rest = new ArrayList<>();
        pending.drain(rest::addAll);
        addedUp = takeAll(addedUp, rest, end);

        assertThat(addedUp.seconds()).isEqualTo(oneByOne.seconds());
        assertThat(addedUp.endpoints()).containsExactlyInAnyOrderElementsOf(oneByOne.endpoints());
        assertThat(addedUp.clock().at(end)).isCloseTo(oneByOne.clock().at(end), within(200L));
        assertThat(kinds(addedUp)).containsExactlyInAnyOrderElementsOf(kinds(oneByOne));
        assertThat(oneByOne.burst()).isNotNull();
        assertThat(addedUp.burst())
                .usingRecursiveComparison()
                .ignoringFields("detectedAt")
                .isEqualTo(oneByOne.burst());
    }

    private ServiceState takeAll(ServiceState before, List<ServiceReport> reports, long now) {
        ServiceState state = before;
        for (ServiceReport report : reports) {
            state = machine.take(state, report, now);
        }
        return burst(state, now);
    }

    private ServiceState burst(ServiceState state, long now) {
        return state.burst() == null && machine.alarm(state, now) == Detector.Alarm.BURST
                ? machine.begin(state, now)
                : state;
    }

    private static List<String> kinds(ServiceState state) {
        return state.seen().stream()
                .map(seen -> seen.host() + " " + seen.sighting().id() + " "
                        + seen.sighting().count() + " " + seen.sighting().line())
                .toList();
    }

    /// Half a minute goes well, then server 1 does not take connections any more.
    private static ServiceReport report(Random random, long at) {
        String proxy = PROXIES.get(random.nextInt(PROXIES.size()));
        boolean fails = at > START + 30_000;
        List<Tally> tallies = IntStream.range(0, 3)
                .mapToObj(server -> tally(random, at, server, fails && server == 1))
                .toList();
        List<Sighting> sightings = fails ? List.of(refused(random, at)) : List.of();
        return new ServiceReport("orders", proxy, "nginx", tallies, sightings);
    }

    private static Tally tally(Random random, long at, int server, boolean fails) {
        long last = at + random.nextInt(40);
        return new Tally(
                at / 1_000,
                fails ? Outcome.FAILED : Outcome.SERVED,
                "orders_api",
                address(server),
                "",
                true,
                fails ? 502 : 0,
                at,
                last,
                1 + random.nextInt(5),
                fails ? Askers.of(random.nextInt()) : Askers.NONE);
    }

    private static Sighting refused(Random random, long at) {
        Target target = new Target("orders", "orders_api", address(1), "", true);
        Signal signal = new Signal.Trouble("connect_refused", "nginx", at, "", address(1), "", 111, "/", "", false);
        return new Sighting(signal, target, "nginx-error", "line of " + at, at, 1, Askers.of(random.nextInt()));
    }

    private static String address(int server) {
        return "10.85.0.2" + server + ":8081";
    }
}
