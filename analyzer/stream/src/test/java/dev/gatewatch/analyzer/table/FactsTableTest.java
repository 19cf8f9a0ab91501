package dev.gatewatch.analyzer.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.wire.HostFacts;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which hosts are known, and which of them an address leads to.
class FactsTableTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final long HOUR = 3_600;
    private static final HostFacts.Server ORDERS = new HostFacts.Server("", "10.0.0.5:80", false, false);

    private final FactsTable table = FactsTable.builder().build();

    private static HostFacts facts(String host, long second, String... addresses) {
        return facts(host, second, List.of(), addresses);
    }

    private static HostFacts facts(String host, long second, List<HostFacts.ProxyFacts> proxies, String... addresses) {
        Instant at = START.plusSeconds(second);
        return new HostFacts(
                host, at, List.of(addresses), START, ZoneOffset.UTC, true, List.of(), List.of(), proxies, List.of());
    }

    private static HostFacts proxy(String host, long second, HostFacts.Server server, String... addresses) {
        HostFacts.Upstream upstream = new HostFacts.Upstream("orders", false, List.of(server));
        HostFacts.ProxyFacts nginx = new HostFacts.ProxyFacts(
                "nginx", "nginx.service", "", START, null, List.of(upstream), List.of(), List.of());
        return facts(host, second, List.of(nginx), addresses);
    }

    private void reports(HostFacts facts) {
        table.put(facts, facts.at().toEpochMilli());
    }

    private String service(String host) {
        return table.services().target(host, "nginx", "orders", "", "").service();
    }

    @Test
    void an_address_that_moved_leads_to_the_host_that_reports_it_now() {
        reports(facts("app-01", 0, "10.0.0.5"));
        for (int second = 120; second <= 600; second += 10) {
            reports(facts("app-17", second, "10.0.0.5"));
        }
        assertThat(table.names()).containsEntry("10.0.0.5", "app-17");

        reports(facts("app-17", 610, "10.0.0.6"));
        assertThat(table.names()).containsEntry("10.0.0.5", "app-01").containsEntry("10.0.0.6", "app-17");
    }

    @Test
    void an_address_that_two_hosts_go_on_to_report_leads_to_the_first_by_name() {
        for (int second = 0; second <= 600; second += 10) {
            reports(facts("b", second, "172.17.0.1"));
            reports(facts("a", second, "172.17.0.1"));
            assertThat(table.names()).containsEntry("172.17.0.1", "a");
        }
    }

    @Test
    void a_host_that_is_down_for_hours_is_still_known_by_its_address() {
        reports(facts("app1", 0, "10.0.0.5"));
        reports(facts("edge1", 11 * HOUR, "10.0.0.1"));
        assertThat(table.names()).containsEntry("10.0.0.5", "app1");
        assertThat(table.of("app1")).isNotNull();
    }

    @Test
    void a_host_that_was_taken_out_of_service_is_forgotten() {
        reports(proxy("edge0", 0, ORDERS, "10.0.0.9"));
        for (String host : List.of("edge1", "edge2")) {
            reports(proxy(host, 13 * HOUR, new HostFacts.Server("", "10.0.0.6:80", false, false), host));
        }
        assertThat(table.all()).containsOnlyKeys("edge1", "edge2");
        assertThat(table.names()).containsOnlyKeys("edge1", "edge2");
        assertThat(service("edge0")).isEqualTo("nginx orders");
    }

    @Test
    void hosts_that_come_and_go_all_year_cost_no_more_than_those_of_half_a_day() {
        for (int day = 0; day < 365; day++) {
            reports(facts("app-" + day, day * HOUR * 24, "10.0.0." + day));
        }
        assertThat(table.all()).containsOnlyKeys("app-364");
        assertThat(table.names()).containsOnlyKeys("10.0.0.364");
    }

    @Test
    void a_host_whose_clock_is_wrong_silences_neither_itself_nor_others() {
        for (int second = 0; second < 60; second += 10) {
            long now = START.plusSeconds(second).toEpochMilli();
            table.put(facts("right", second, "10.0.0.5"), now);
            table.put(facts("ahead", second + 1_000 * HOUR, "10.0.0.6"), now);
            table.put(facts("behind", second - 1_000 * HOUR, "10.0.0.7"), now);
        }
        assertThat(table.all()).containsOnlyKeys("right", "ahead", "behind");
    }

    @Test
    void what_is_behind_a_bridge_is_two_services_as_soon_as_both_hosts_report_it() {
        HostFacts.Server container = new HostFacts.Server("", "172.17.0.2:8080", false, false);
        reports(proxy("edge1", 0, container, "10.0.0.1", "172.17.0.1"));
        reports(proxy("edge2", 0, container, "10.0.0.2"));
        assertThat(service("edge1")).isEqualTo(service("edge2"));

        reports(proxy("edge2", 10, container, "10.0.0.2", "172.17.0.1"));
        assertThat(service("edge1")).isNotEqualTo(service("edge2"));

        reports(proxy("edge2", 20, container, "10.0.0.2"));
        assertThat(service("edge1")).isEqualTo(service("edge2"));
    }
}
