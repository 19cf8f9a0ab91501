package dev.gatewatch.analyzer.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.HostFacts.Listener;
import dev.gatewatch.wire.HostFacts.Watermark;
import dev.gatewatch.wire.SourceKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What is known of hosts: sockets that come and go, what happened, and which host an address leads to.
class HostsTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private static Listener listener(String address, int pid) {
        return new Listener(address, 0, 128, "orders.service", "python3", pid);
    }

    private static HostFacts facts(String host, String address, long second, Listener... listeners) {
        Instant at = START.plusSeconds(second);
        return new HostFacts(
                host,
                at,
                List.of(address),
                START,
                ZoneOffset.UTC,
                true,
                List.of(listeners),
                List.of(),
                List.of(),
                List.of(new Watermark("s", SourceKind.JOURNALD, "journal", at, 0, 0)));
    }

    private static HostFacts facts(long second, Listener... listeners) {
        return facts("app1.lab", "10.0.0.5", second, listeners);
    }

    @Test
    void a_socket_is_seen_from_the_first_to_the_last_report_of_it() {
        FactsHistory history = FactsHistory.of(facts(0, listener("0.0.0.0:80", 7)))
                .with(facts(10, listener("0.0.0.0:80", 7)))
                .with(facts(20, listener("0.0.0.0:80", 7)));
        assertThat(history.newestListenerFor("10.0.0.5:80")).hasValueSatisfying(s -> {
            assertThat(s.first()).isEqualTo(START);
            assertThat(s.last()).isEqualTo(START.plusSeconds(20));
        });
        assertThat(history.listensOn("10.0.0.5:80")).isTrue();
        assertThat(history.listensOn("10.0.0.5:81")).isFalse();
    }

    @Test
    void a_socket_that_went_is_remembered_for_a_quarter_of_an_hour() {
        FactsHistory history =
                FactsHistory.of(facts(0, listener("0.0.0.0:80", 7))).with(facts(10));
        assertThat(history.listensOn("10.0.0.5:80")).isFalse();
        assertThat(history.newestListenerFor("10.0.0.5:80")).isPresent();
        assertThat(history.with(facts(890)).newestListenerFor("10.0.0.5:80")).isPresent();
        assertThat(history.with(facts(900)).newestListenerFor("10.0.0.5:80")).isEmpty();
    }

    @Test
    void a_new_process_on_an_old_socket_begins_anew() {
        FactsHistory history =
                FactsHistory.of(facts(0, listener("0.0.0.0:80", 7))).with(facts(10, listener("0.0.0.0:80", 8)));
        assertThat(history.newestListenerFor("10.0.0.5:80")).hasValueSatisfying(s -> {
            assertThat(s.listener().pid()).isEqualTo(8);
            assertThat(s.first()).isEqualTo(START.plusSeconds(10));
        });
        assertThat(history.sightings()).hasSize(2);
    }

    @Test
    void what_comes_later_is_newer_though_the_hosts_clock_was_set_back() {
        FactsHistory history = FactsHistory.of(facts(0, listener("0.0.0.0:80", 7)))
                .with(facts(3_600, listener("0.0.0.0:80", 7), listener("0.0.0.0:90", 7)))
                .with(facts(20, listener("0.0.0.0:80", 7), listener("0.0.0.0:8080", 7)));
        assertThat(history.facts().at()).isEqualTo(START.plusSeconds(20));
        assertThat(history.listensOn("10.0.0.5:8080")).isTrue();
        assertThat(history.listensOn("10.0.0.5:90")).isFalse();
        assertThat(history.newestListenerFor("10.0.0.5:80")).hasValueSatisfying(s -> {
            assertThat(s.first()).isEqualTo(START);
            assertThat(s.last()).isEqualTo(START.plusSeconds(20));
        });
    }

    @Test
    void what_was_seen_at_a_time_that_has_not_been_yet_is_forgotten() {
        Listener queue = new Listener("0.0.0.0:80", 100, 100, "orders.service", "python3", 7);
        FactsHistory history = FactsHistory.of(facts(0, listener("0.0.0.0:70", 7)))
                .with(facts(50, listener("0.0.0.0:70", 7)))
                .with(facts(300, queue))
                .with(facts(20));
        assertThat(history.sightings()).singleElement().satisfies(s -> {
            assertThat(s.listener().address()).isEqualTo("0.0.0.0:70");
            assertThat(s.last()).isBefore(START.plusSeconds(20));
        });
        assertThat(history.listensOn("10.0.0.5:70")).isFalse();
        assertThat(history.waiting()).isEmpty();
    }

    @Test
    void a_host_that_opens_and_closes_sockets_all_day_costs_no_more_than_another() {
        FactsHistory history = FactsHistory.of(facts(0));
        for (int second = 1; second < 60; second++) {
            int at = second;
            Listener[] many = IntStream.range(0, 100)
                    .mapToObj(port -> listener("0.0.0.0:" + (1_000 + port), at * 100 + port))
                    .toArray(Listener[]::new);
            history = history.with(facts(second, many));
        }
        assertThat(history.sightings()).hasSizeLessThanOrEqualTo(2_000);
        assertThat(history.listensOn("10.0.0.5:1000")).isTrue();
    }

    private static HostEvent event(String id, long at, String unit) {
        return new HostEvent(new Signal.AppEvent(id, at, unit, 7, ""), "journald", "line at " + at, at, 1);
    }

    @Test
    void events_are_kept_in_their_order_and_once() {
        EventHistory history = EventHistory.NONE
                .with(event("b", 2_000, "u"))
                .with(event("a", 1_000, "u"))
                .with(event("b", 2_000, "u"))
                .with(event("c", 3_000, "u"));
        assertThat(history.events()).extracting(HostEvent::id).containsExactly("a", "b", "c");
    }

    @Test
    void events_are_kept_for_a_quarter_of_an_hour() {
        EventHistory history = EventHistory.NONE
                .with(event("a", 0, "u"))
                .with(event("b", EventHistory.KEPT_MILLIS, "u"))
                .with(event("c", EventHistory.KEPT_MILLIS + 1, "u"));
        assertThat(history.events()).extracting(HostEvent::id).containsExactly("b", "c");
    }

    @Test
    void a_noisy_kind_does_not_push_out_the_others_and_its_first_stays() {
        EventHistory history = EventHistory.NONE.with(event("quiet", 0, "u"));
        for (int i = 1; i <= 5_000; i++) {
            history = history.with(event("noisy", i, "u"));
        }
        List<HostEvent> noisy =
                history.events().stream().filter(e -> e.id().equals("noisy")).toList();
        assertThat(noisy).hasSize(EventHistory.KEPT_OF_A_KIND);
        assertThat(noisy.getFirst().at()).isEqualTo(1);
        assertThat(noisy.getLast().at()).isEqualTo(5_000);
        assertThat(history.events().getFirst().id()).isEqualTo("quiet");
    }

    @Test
    void many_kinds_of_events_are_bounded_too() {
        EventHistory history = EventHistory.NONE;
        for (int i = 0; i < 2_000; i++) {
            history = history.with(event("kind" + i % 100, i, "u"));
        }
        assertThat(history.events()).hasSize(EventHistory.KEPT_EVENTS);
        assertThat(history.events().getLast().at()).isEqualTo(1_999);
    }

    @Test
    void of_servers_that_do_not_answer_more_are_kept_and_other_kinds_stay() {
        EventHistory history = EventHistory.NONE.with(event("quiet", 0, "u"));
        for (int i = 0; i < 2_000; i++) {
            history = history.with(new HostEvent(
                    new Signal.ServerState("server_down", i, "shop", "s" + i, "Layer4 timeout", ""),
                    "haproxy",
                    "line",
                    i,
                    1));
        }
        assertThat(history.events()).hasSize(1 + EventHistory.KEPT_OF_SERVERS);
        assertThat(history.events().getFirst().id()).isEqualTo("quiet");
    }

    private static final Hosts HOSTS = new Hosts(
            Map.of(
                    "app1.lab", FactsHistory.of(facts("app1.lab", "10.0.0.5", 0)),
                    "app2.lab", FactsHistory.of(facts("app2.lab", "2001:db8::2", 0)),
                    "10.0.0.9", FactsHistory.of(facts("10.0.0.9", "10.1.1.1", 0))),
            Map.of(
                    "edge.lab", EventHistory.NONE.with(event("a", 1_000, "nginx.service")),
                    "app1.lab", EventHistory.NONE.with(event("b", 2_000, "orders.service"))));

    private static String hostOf(String address) {
        return HOSTS.byAddress(address, "edge.lab").map(HostView::name).orElse("-");
    }

    @Test
    void an_address_leads_to_its_host() {
        assertThat(hostOf("10.0.0.5:8080")).isEqualTo("app1.lab");
        assertThat(hostOf("[2001:db8::2]:8080")).isEqualTo("app2.lab");
        assertThat(hostOf("10.0.0.9:80")).isEqualTo("10.0.0.9");
        assertThat(hostOf("10.0.0.55:8080")).isEqualTo("-");
        assertThat(hostOf("app1.lab:8080")).isEqualTo("app1.lab");
    }

    @Test
    void loopback_and_unix_sockets_lead_to_the_proxys_own_host() {
        assertThat(hostOf("127.0.0.1:8080")).isEqualTo("edge.lab");
        assertThat(hostOf("[::1]:8080")).isEqualTo("edge.lab");
        assertThat(hostOf("localhost:8080")).isEqualTo("edge.lab");
        assertThat(hostOf("unix:/run/app.sock")).isEqualTo("edge.lab");
        assertThat(HOSTS.byAddress("127.0.0.1:8080", "nowhere.lab")).isEmpty();
    }

    private static Hosts twoThatClaim(String address) {
        return new Hosts(
                Map.of(
                        "b.lab", FactsHistory.of(facts("b.lab", address, 0)),
                        "a.lab", FactsHistory.of(facts("a.lab", address, 0))),
                Map.of());
    }

    @Test
    void an_address_that_two_hosts_claim_always_leads_to_the_same_one() {
        assertThat(twoThatClaim("10.0.0.5").byAddress("10.0.0.5:80", "x"))
                .hasValueSatisfying(h -> assertThat(h.name()).isEqualTo("a.lab"));
    }

    @Test
    void an_address_of_the_proxys_own_host_leads_there_whoever_else_has_it() {
        assertThat(twoThatClaim("172.17.0.1").byAddress("172.17.0.1:8080", "b.lab"))
                .hasValueSatisfying(h -> assertThat(h.name()).isEqualTo("b.lab"));
    }

    @Test
    void a_host_of_which_only_events_are_known_has_no_facts() {
        HostView edge = HOSTS.byName("edge.lab").orElseThrow();
        assertThat(edge.history()).isEmpty();
        assertThat(edge.ships(SourceKind.JOURNALD)).isFalse();
        assertThat(edge.proxyUnit("nginx")).isEqualTo("nginx.service");
        assertThat(edge.events(1_000, 1_000)).hasSize(1);
        assertThat(edge.events(1_001, 9_000)).isEmpty();
        assertThat(HOSTS.byName("app1.lab").orElseThrow().ships(SourceKind.JOURNALD))
                .isTrue();
        assertThat(HOSTS.byName("app1.lab").orElseThrow().ships(SourceKind.KERNEL))
                .isFalse();
        assertThat(Hosts.none().byName("edge.lab")).isEmpty();
    }
}
