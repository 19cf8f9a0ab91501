package dev.gatewatch.analyzer.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.cause.Scene;
import dev.gatewatch.analyzer.host.Hosts;
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
    void nobody_logs_in_to_a_balancer() {
        assertThat(ProxyCommands.newestLines(Hosts.none(), new Scene.Proxy("alb", "alb")))
                .isEmpty();
        assertThat(ProxyCommands.configurationTest("alb")).isEmpty();
    }
}
