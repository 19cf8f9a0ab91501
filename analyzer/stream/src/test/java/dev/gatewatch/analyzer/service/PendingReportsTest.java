package dev.gatewatch.analyzer.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.signal.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PendingReportsTest {
    private static final long START = 1_795_341_600_000L;
    private static final String SERVER = "10.85.0.21:8081";

    private final PendingReports pending = new PendingReports();
    private final List<ServiceReport> handedOn = new ArrayList<>();

    private static Tally tally(long at, Signal.Outcome outcome, long count, Askers askers) {
        int status = outcome == Signal.Outcome.SERVED ? 0 : 502;
        return new Tally(at / 1_000, outcome, "orders_api", SERVER, "", true, status, at, at, count, askers);
    }

    private static ServiceReport served(String service, String host, long at, long count) {
        return new ServiceReport(
                service, host, "nginx", List.of(tally(at, Signal.Outcome.SERVED, count, Askers.NONE)), List.of());
    }

    private static Sighting refused(long at, String line) {
        Target target = new Target("orders", "orders_api", SERVER, "", true);
        Signal signal = new Signal.Trouble("connect_refused", "nginx", at, "", SERVER, "", 111, "/", "", false);
        return new Sighting(signal, target, "nginx-error", line, at, 1, Askers.of(line.hashCode()));
    }

    private void add(ServiceReport report) {
        pending.add(report, handedOn::addAll);
    }

    @Test
    void what_batches_of_a_proxy_say_about_a_second_is_one_tally() {
        add(served("orders", "edge1", START + 100, 3));
        add(served("orders", "edge1", START + 900, 4));
        add(served("orders", "edge1", START + 1_100, 5));
        pending.drain(handedOn::addAll);

        assertThat(handedOn)
                .singleElement()
                .satisfies(report -> assertThat(report.tallies())
                        .containsExactly(
                                new Tally(
                                        START / 1_000,
                                        Signal.Outcome.SERVED,
                                        "orders_api",
                                        SERVER,
                                        "",
                                        true,
                                        0,
                                        START + 100,
                                        START + 900,
                                        7,
                                        Askers.NONE),
                                tally(START + 1_100, Signal.Outcome.SERVED, 5, Askers.NONE)));
    }

    @Test
    void of_each_kind_of_line_the_first_is_carried_along_and_all_are_counted() {
        add(new ServiceReport("orders", "edge1", "nginx", List.of(), List.of(refused(START + 10, "first"))));
        add(new ServiceReport("orders", "edge1", "nginx", List.of(), List.of(refused(START + 20, "second"))));
        pending.drain(handedOn::addAll);

        assertThat(handedOn.getFirst().sightings()).singleElement().satisfies(sighting -> {
            assertThat(sighting.line()).isEqualTo("first");
            assertThat(sighting.lastAt()).isEqualTo(START + 20);
            assertThat(sighting.count()).isEqualTo(2);
            assertThat(sighting.askers().hashes()).containsExactlyInAnyOrder("first".hashCode(), "second".hashCode());
        });
    }

    @Test
    void requests_that_ended_otherwise_and_other_proxies_and_services_stay_apart() {
        add(served("orders", "edge1", START, 3));
        add(new ServiceReport(
                "orders", "edge1", "nginx", List.of(tally(START, Signal.Outcome.FAILED, 1, Askers.of(1))), List.of()));
        add(served("orders", "edge2", START, 4));
        add(served("cart", "edge1", START, 5));
        pending.drain(handedOn::addAll);

        assertThat(handedOn).hasSize(3);
        assertThat(handedOn.getFirst().tallies())
                .extracting(Tally::outcome)
                .containsExactly(Signal.Outcome.SERVED, Signal.Outcome.FAILED);
    }

    @Test
    void a_report_that_says_nothing_is_not_handed_on() {
        add(new ServiceReport("orders", "edge1", "nginx", List.of(), List.of()));
        pending.drain(reports -> handedOn.add(reports.getFirst()));
        assertThat(handedOn).isEmpty();
    }

    @Test
    void what_waits_of_a_service_is_handed_on_before_it_spans_the_time_that_a_proxy_is_waited_for() {
        add(served("orders", "edge1", START, 1));
        add(served("orders", "edge2", START + 2_000, 2));
        add(served("cart", "edge1", START, 3));
        assertThat(handedOn).isEmpty();

        add(served("orders", "edge1", START + 4_001, 4));

        assertThat(handedOn).extracting(ServiceReport::host).containsExactly("edge1", "edge2");
        pending.drain(handedOn::addAll);
        assertThat(handedOn).extracting(ServiceReport::service).containsExactly("orders", "orders", "cart", "orders");
    }

    /// As of a log with few lines that an agent catches up on.
    @Test
    void a_batch_that_spans_minutes_is_handed_on_in_steps_in_their_order() {
        List<Tally> tallies = LongStream.range(0, 300)
                .mapToObj(second -> tally(START + second * 1_000, Signal.Outcome.SERVED, 1, Askers.NONE))
                .toList();
        add(new ServiceReport("orders", "edge1", "nginx", tallies, List.of(refused(START + 290_000, "late"))));
        pending.drain(handedOn::addAll);

        assertThat(handedOn)
                .allSatisfy(r -> assertThat(r.lastAt() - r.firstAt()).isLessThanOrEqualTo(4_000));
        assertThat(handedOn).isSortedAccordingTo(Comparator.comparingLong(ServiceReport::firstAt));
        assertThat(handedOn.stream().flatMap(r -> r.tallies().stream())).containsExactlyElementsOf(tallies);
        assertThat(handedOn.stream().flatMap(r -> r.sightings().stream())).hasSize(1);
    }

    @Test
    void nothing_waits_twice_and_nothing_is_lost_however_much_comes() {
        long sum = 0;
        for (int i = 0; i < 50_000; i++) {
            add(served("service-" + i % 30_000, "edge1", START, i));
            sum += i;
        }
        assertThat(handedOn).isNotEmpty(); // it is bounded
        pending.drain(handedOn::addAll);
        pending.drain(handedOn::addAll);

        assertThat(handedOn.stream()
                        .flatMap(report -> report.tallies().stream())
                        .mapToLong(Tally::count)
                        .sum())
                .isEqualTo(sum);
    }

    @Test
    void what_a_thousand_servers_say_is_handed_on_in_parts_that_a_broker_takes() {
        for (int server = 0; server < 1_000; server++) {
            Target target = new Target("orders", "orders_api", "10.85.9.9:" + (8_000 + server), "", true);
            Signal refused = new Signal.Trouble(
                    "connect_refused", "nginx", START, "", target.address(), "", 111, "/", "", false);
            add(new ServiceReport(
                    "orders",
                    "edge1",
                    "nginx",
                    List.of(tally(START + server, Signal.Outcome.SERVED, 1, Askers.NONE)),
                    List.of(new Sighting(refused, target, "nginx-error", "line", START, 1, Askers.NONE))));
        }
        pending.drain(handedOn::addAll);

        assertThat(handedOn).hasSize(1_000 / PendingReports.MOST_OF_A_RECORD);
        assertThat(handedOn).flatExtracting(ServiceReport::sightings).hasSize(1_000);
        assertThat(handedOn.stream()
                        .flatMap(report -> report.tallies().stream())
                        .mapToLong(Tally::count)
                        .sum())
                .isEqualTo(1_000);
    }
}
