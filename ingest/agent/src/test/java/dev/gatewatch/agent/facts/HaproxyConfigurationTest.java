package dev.gatewatch.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.wire.HostFacts;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HaproxyConfigurationTest {
    private static HostFacts.Server server(String name, String address, boolean checked, boolean disabled) {
        return new HostFacts.Server(name, address, checked, disabled);
    }

    @Test
    void a_real_configuration() {
        HaproxyConfiguration haproxy = HaproxyConfiguration.parse(Resources.text("checked.haproxy.cfg"));

        assertThat(haproxy.upstreams())
                .containsExactly(
                        new HostFacts.Upstream(
                                "be_orders",
                                false,
                                List.of(
                                        server("app1", "10.85.0.21:8081", true, false),
                                        server("app2", "10.85.0.22:8081", true, false))),
                        new HostFacts.Upstream(
                                "be_catalog", false, List.of(server("app2", "10.85.0.22:8082", true, false))),
                        new HostFacts.Upstream(
                                "be_payments", true, List.of(server("app3", "10.85.0.23:8443", true, false))),
                        new HostFacts.Upstream(
                                "be_web", false, List.of(server("app3", "10.85.0.23:8083", true, false))));
        assertThat(haproxy.skipped()).isZero();
    }

    @Test
    void a_real_configuration_without_checks() {
        HaproxyConfiguration haproxy = HaproxyConfiguration.parse(Resources.text("unchecked.haproxy.cfg"));

        assertThat(haproxy.upstreams()).hasSize(4);
        assertThat(haproxy.upstreams())
                .allSatisfy(upstream -> assertThat(upstream.servers()).noneMatch(HostFacts.Server::checked));
    }

    @Test
    void addresses_stand_as_elsewhere() {
        HaproxyConfiguration haproxy = HaproxyConfiguration.parse("""
                backend b
                  server a ipv4@10.0.0.1:80
                  server b /run/app.sock
                  server c unix@/run/app2.sock
                  server d 2001:db8::1:8080
                  server e ipv6@[2001:db8::2]:8080
                  server f "app.example.org:80" # a name
                  server g abns@here
                """);

        assertThat(haproxy.upstreams().getFirst().servers())
                .extracting(HostFacts.Server::address)
                .containsExactly(
                        "10.0.0.1:80",
                        "unix:/run/app.sock",
                        "unix:/run/app2.sock",
                        "[2001:db8::1]:8080",
                        "[2001:db8::2]:8080",
                        "app.example.org:80",
                        "abns@here");
    }

    @Test
    void options_come_from_the_server_its_section_and_its_defaults() {
        HaproxyConfiguration haproxy = HaproxyConfiguration.parse("""
                defaults base
                  default-server check
                defaults
                  mode tcp
                listen stats
                  bind :9000
                listen l from base
                  bind :81
                  server a 10.0.0.1:1
                  server b 10.0.0.1:2 no-check disabled
                backend b
                  default-server ssl verify none
                  server a 10.0.0.1:3 check
                  server b 10.0.0.1:4 no-ssl
                backend off
                  disabled
                  server a 10.0.0.1:5
                backend none
                peers p
                  server other 10.0.0.9:1024
                """);

        assertThat(haproxy.upstreams())
                .containsExactly(
                        new HostFacts.Upstream(
                                "l",
                                false,
                                List.of(
                                        server("a", "10.0.0.1:1", true, false),
                                        server("b", "10.0.0.1:2", false, true))),
                        new HostFacts.Upstream(
                                "b",
                                true,
                                List.of(
                                        server("a", "10.0.0.1:3", true, false),
                                        server("b", "10.0.0.1:4", false, false))),
                        new HostFacts.Upstream("off", false, List.of(server("a", "10.0.0.1:5", false, true))),
                        new HostFacts.Upstream("none", false, List.of()));
    }

    @Test
    void a_template_stands_for_its_servers() {
        HaproxyConfiguration haproxy = HaproxyConfiguration.parse("""
                backend b
                  server-template web 3 app.example.org:80 check
                  server-template api 5-6 api.example.org:81
                  server-template bomb 999999999 x:1
                """);

        assertThat(haproxy.upstreams().getFirst().servers())
                .extracting(HostFacts.Server::name)
                .containsExactly("web1", "web2", "web3", "api5", "api6");
        assertThat(haproxy.skipped()).isEqualTo(1);
    }

    @Test
    void formats_of_lines_stand_with_their_section() {
        HaproxyConfiguration haproxy = HaproxyConfiguration.parse("""
                defaults
                  log-format "%ci:%cp [%tr] %ft %b/%s %ST %{+Q}r" # quoted
                frontend www
                  log-format %ci\\ %ST\\ "%tsc"
                  error-log-format '%ci "%[fc_err]"'
                listen api
                  log-format "${HAPROXY_TCP_LOG_FMT} sni=%[ssl_fc_sni]"
                backend b
                  log-format
                frontend secret
                  log-format "${FROM_ENVIRONMENT}"
                """);

        assertThat(haproxy.logFormats())
                .containsExactly(
                        new HostFacts.AccessLog("defaults", "%ci:%cp [%tr] %ft %b/%s %ST %{+Q}r", "default"),
                        new HostFacts.AccessLog("frontend www", "%ci %ST %tsc", "default"),
                        new HostFacts.AccessLog("frontend www", "%ci \"%[fc_err]\"", "default"),
                        new HostFacts.AccessLog(
                                "listen api",
                                "%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq"
                                        + " sni=%[ssl_fc_sni]",
                                "default"));
        assertThat(haproxy.skipped()).isEqualTo(2);
        assertThat(haproxy.facts("haproxy.service", "1", Instant.EPOCH, null).accessLogs())
                .isEqualTo(haproxy.logFormats());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "backend",
                "server a 1.1.1.1:1",
                "backend b\nserver",
                "backend b\nserver a",
                "'",
                "\"\\",
                "\\",
                "backend b\nserver-template x",
                "backend b\nserver-template x -5 y:1",
                "\0\uffff",
                "default-server check"
            })
    void odd_text_is_skipped(String text) {
        assertThat(HaproxyConfiguration.parse(text).upstreams())
                .allMatch(upstream -> upstream.servers().isEmpty());
    }
}
