package dev.gatewatch.analyzer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.analyzer.burst.BurstMachine;
import dev.gatewatch.analyzer.burst.ServiceState;
import dev.gatewatch.analyzer.cause.Catalogue;
import dev.gatewatch.analyzer.cause.Cause;
import dev.gatewatch.analyzer.cause.Finding;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.serde.JsonSerde;
import dev.gatewatch.analyzer.service.Askers;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.service.Sighting;
import dev.gatewatch.analyzer.service.Tally;
import dev.gatewatch.analyzer.service.Target;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A state is one record of a changelog: a broker that refused it would stop the service's thread.
class LargestStateTest {
    private static final long START = 1_795_356_000_000L;
    private static final int PROXIES = 80;

    private final BurstMachine machine = new BurstMachine(BurstConfig.DEFAULT);

    /// Through so many proxies that not all are told apart, everything fails for three minutes, in all ways there are,
    /// with lines that take many bytes each.
    private ServiceState worst() {
        ServiceState state = ServiceState.unknown("orders");
        for (long at = START; at < START + 185_000; at += 1_000) {
            for (int proxy = 0; proxy < PROXIES; proxy++) {
                state = machine.take(state, report(at, proxy), at);
            }
        }
        return state;
    }

    private static ServiceReport report(long at, int proxy) {
        int port = 8_000 + (int) (at / 1_000 % 100);
        List<Tally> tallies = new ArrayList<>();
        for (int status = 502; status <= 504; status++) {
            tallies.add(tally(at, port, Signal.Outcome.FAILED, status, many(proxy)));
            tallies.add(tally(at, port, Signal.Outcome.PASSED_THROUGH, status, many(proxy)));
        }
        String line = "\u0001".repeat(2_048);
        Target target = new Target("orders", "orders_api", "10.85.9.9:" + port, "", true);
        Signal signal = new Signal.Trouble(
                "connect_refused", "nginx", at, "", target.address(), "", 111, "\u0001".repeat(512), "", false);
        Sighting sighting = new Sighting(signal, target, "nginx-error", line, at, 1, many(proxy));
        return new ServiceReport("orders", "edge" + proxy, "nginx", tallies, List.of(sighting));
    }

    private static Tally tally(long at, int port, Signal.Outcome outcome, int status, Askers askers) {
        return new Tally(
                at / 1_000,
                outcome,
                "orders_api",
                "10.85.9.9:" + port,
                "",
                true,
                status,
                at,
                at,
                1_000_000_000,
                askers);
    }

    private static Askers many(int seed) {
        Askers askers = Askers.NONE;
        for (int i = 0; i <= Askers.MOST; i++) {
            askers = askers.and(Askers.of(Integer.MIN_VALUE + seed * 1_000 + i * 7));
        }
        return askers;
    }

    private static HostEvent stopped() {
        String line = "\u0001".repeat(2_048);
        Signal signal = new Signal.UnitEvent("unit_stopped", START, "orders.service", "", "", "", -1, -1);
        return new HostEvent(signal, "journald", line, START, 1);
    }

    @Test
    void the_largest_state_of_a_service_with_a_resolved_incident_fits_into_a_record() {
        ServiceState state = worst();
        Finding best = new Finding(
                new Cause.Id("backend_down", "clean_stop"),
                Finding.Strength.PROVED,
                "x".repeat(5_000),
                "app1",
                "orders.service",
                Collections.nCopies(500, new Finding.Proof("app1", stopped())));
        Catalogue.Diagnosis diagnosis = new Catalogue.Diagnosis(best, Collections.nCopies(20, best));
        Watched.Told told = new Watched.Told(
                "20261122T100000Z-orders",
                9,
                START,
                "x".repeat(5_000),
                Finding.Strength.PROVED,
                1,
                1,
                diagnosis.inShort(IncidentLife.MOST_KEPT_PROOF));
        Watched watched = new Watched(state, told, new Watched.Resolved(state, told, START, START));
        byte[] bytes = new JsonSerde<>(Watched.class).serializer().serialize("services", watched);
        assertThat(state.seconds().size()).isGreaterThan(180 * 64);
        assertThat(state.seen()).hasSize(64);
        assertThat(bytes.length).isBetween(1 << 20, Analyzer.LARGEST_RECORD);
    }
}
