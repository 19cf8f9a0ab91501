package dev.gatewatch.analyzer.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.cause.Scene;
import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.host.Hosts;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.SourceKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyCommandsTest {
    @ParameterizedTest
    @CsvSource({
        "nginx, tail -n 50 /var/log/nginx/error.log, nginx -t",
        "haproxy, tail -n 50 /var/log/haproxy.log, haproxy -c -f /etc/haproxy/haproxy.cfg",
        "caddy, journalctl -u caddy.service -n 50, caddy validate --config /etc/caddy/Caddyfile"
    })
    void each_proxy_is_looked_at_with_its_own_tools(String kind, String lines, String test) {
        assertThat(ProxyCommands.newestLines(Hosts.none(), new Scene.Proxy("edge1", kind)))
                .contains(lines);
        assertThat(ProxyCommands.configurationTest(kind)).contains(test);
    }

    @Test
    void the_log_is_the_file_that_is_shipped_from_the_proxys_host() {
        Instant now = Instant.parse("2026-11-22T10:00:00Z");
        HostFacts facts = new HostFacts(
                "edge1",
                now,
                List.of(),
                now,
                ZoneOffset.UTC,
                true,
                List.of(),
                List.of(),
                List.of(),
                List.of(
                        new HostFacts.Watermark("s1", SourceKind.NGINX_ERROR, "/srv/log/shop error.log", now, 0, 0),
                        new HostFacts.Watermark("s2", SourceKind.HAPROXY, "udp:127.0.0.1:5514", now, 0, 0)));
        Hosts hosts = new Hosts(Map.of("edge1", FactsHistory.of(facts)), Map.of());

        assertThat(ProxyCommands.newestLines(hosts, new Scene.Proxy("edge1", "nginx")))
                .contains("tail -n 50 '/srv/log/shop error.log'");
        assertThat(ProxyCommands.log(hosts, new Scene.Proxy("edge1", "haproxy")))
                .contains("/var/log/haproxy.log");
        assertThat(ProxyCommands.log(hosts, new Scene.Proxy("edge2", "nginx"))).contains("/var/log/nginx/error.log");
    }

    @Test
    void nobody_logs_in_to_a_balancer() {
        assertThat(ProxyCommands.newestLines(Hosts.none(), new Scene.Proxy("alb", "alb")))
                .isEmpty();
        assertThat(ProxyCommands.configurationTest("alb")).isEmpty();
    }
}
