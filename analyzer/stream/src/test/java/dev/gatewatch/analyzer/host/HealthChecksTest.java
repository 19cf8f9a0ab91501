package dev.gatewatch.analyzer.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.host.HealthChecks.Check;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.HostFacts.ProxyFacts;
import dev.gatewatch.wire.HostFacts.Server;
import dev.gatewatch.wire.HostFacts.Upstream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthChecksTest {
    private static final Instant AT = Instant.parse("2026-11-27T10:00:00Z");

    private static HostFacts proxy(String host, String kind, Server... servers) {
        ProxyFacts proxy = new ProxyFacts(
                kind,
                kind + ".service",
                "sha256:1",
                AT,
                AT,
                List.of(new Upstream("shop", false, List.of(servers))),
                List.of(),
                List.of());
        return new HostFacts(
                host, AT, List.of(), AT, ZoneOffset.UTC, true, List.of(), List.of(), List.of(proxy), List.of());
    }

    @Test
    void beside_a_server_are_the_checks_of_other_ports_of_its_host() {
        HealthChecks checks = HealthChecks.of(List.of(
                proxy(
                        "edge1",
                        "haproxy",
                        new Server("a", "10.0.0.5:80", true, false),
                        new Server("b", "10.0.0.5:81", true, false),
                        new Server("c", "10.0.0.55:82", true, false)),
                proxy("edge2", "haproxy", new Server("d", "10.0.0.5:82", true, false))));
        assertThat(checks.beside("10.0.0.5:80"))
                .containsExactly(new Check("edge1", "shop", "b", 81), new Check("edge2", "shop", "d", 82));
        assertThat(checks.beside("10.0.0.55:82")).isEmpty();
        assertThat(checks.beside("10.0.0.5:9999")).hasSize(3);
    }

    @Test
    void what_is_not_checked_or_taken_out_or_has_no_port_tells_nothing() {
        HealthChecks checks = HealthChecks.of(List.of(
                proxy(
                        "edge1",
                        "haproxy",
                        new Server("unchecked", "10.0.0.5:81", false, false),
                        new Server("out", "10.0.0.5:82", true, true),
                        new Server("socket", "unix:/run/app.sock", true, false),
                        new Server("none", "10.0.0.5", true, false)),
                proxy("edge2", "nginx", new Server("", "10.0.0.5:83", true, false))));
        assertThat(checks.byHost()).isEmpty();
        assertThat(checks.beside("unix:/run/app.sock")).isEmpty();
        assertThat(checks.beside("")).isEmpty();
    }

    @Test
    void an_ipv6_host_is_found_without_its_brackets() {
        HealthChecks checks =
                HealthChecks.of(List.of(proxy("edge1", "haproxy", new Server("a", "[fd85::21]:81", true, false))));
        assertThat(checks.beside("[fd85::21]:80")).containsExactly(new Check("edge1", "shop", "a", 81));
    }
}
