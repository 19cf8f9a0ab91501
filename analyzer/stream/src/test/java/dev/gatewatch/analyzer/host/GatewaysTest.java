package dev.gatewatch.analyzer.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.HostFacts.Listener;
import dev.gatewatch.wire.HostFacts.ProxyFacts;
import dev.gatewatch.wire.HostFacts.Watermark;
import dev.gatewatch.wire.SourceKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/// At which addresses a proxy takes connections that tells of its own failures.
class GatewaysTest {
    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    private static HostFacts facts(SourceKind shipped, Listener... listeners) {
        return new HostFacts(
                "edge1.lab",
                AT,
                List.of("10.0.0.1", "2001:db8::1"),
                AT,
                ZoneOffset.UTC,
                true,
                List.of(listeners),
                List.of(),
                List.of(new ProxyFacts("nginx", "nginx.service", "", AT, AT, List.of(), List.of(), List.of())),
                List.of(new Watermark("s", shipped, "log", AT, 0, 0)));
    }

    private static Listener listener(String address, String unit, String process) {
        return new Listener(address, 0, 128, unit, process, 7);
    }

    @Test
    void a_wildcard_listener_is_met_at_every_address_of_its_host() {
        assertThat(Gateways.of(facts(SourceKind.NGINX_ACCESS, listener("0.0.0.0:80", "nginx.service", "nginx"))))
                .containsEntry("10.0.0.1:80", "nginx")
                .containsEntry("[2001:db8::1]:80", "nginx")
                .containsEntry("edge1.lab:80", "nginx")
                .doesNotContainKey("10.0.0.1:443");
    }

    @Test
    void a_listener_on_one_address_is_met_there_only() {
        assertThat(Gateways.of(facts(SourceKind.NGINX_ERROR, listener("10.0.0.1:80", "nginx.service", "nginx"))))
                .containsOnlyKeys("10.0.0.1:80");
    }

    @Test
    void a_proxy_whose_unit_has_another_name_is_known_by_its_process() {
        assertThat(Gateways.of(facts(SourceKind.NGINX_ACCESS, listener("0.0.0.0:8180", "boards.service", "nginx"))))
                .containsEntry("10.0.0.1:8180", "nginx");
    }

    @Test
    void another_proxy_beside_the_one_that_is_known_is_not_taken_for_it() {
        assertThat(Gateways.of(facts(
                        SourceKind.NGINX_ACCESS,
                        listener("0.0.0.0:80", "nginx.service", "nginx"),
                        listener("0.0.0.0:8180", "boards.service", "nginx"))))
                .containsKey("10.0.0.1:80")
                .doesNotContainKey("10.0.0.1:8180");
    }

    @Test
    void another_program_on_the_host_is_no_proxy() {
        assertThat(Gateways.of(facts(SourceKind.NGINX_ACCESS, listener("0.0.0.0:8080", "orders.service", "java"))))
                .isEmpty();
    }

    @Test
    void a_proxy_whose_lines_are_not_shipped_does_not_count() {
        assertThat(Gateways.of(facts(SourceKind.JOURNALD, listener("0.0.0.0:80", "nginx.service", "nginx"))))
                .isEmpty();
    }

    @Test
    void where_no_sockets_are_known_the_webs_own_ports_are_the_proxys() {
        assertThat(Gateways.of(facts(SourceKind.NGINX_ACCESS)))
                .containsKeys("10.0.0.1:80", "10.0.0.1:443")
                .doesNotContainKey("10.0.0.1:8080");
    }
}
