package dev.gatewatch.analyzer.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.HostFacts.ProxyFacts;
import dev.gatewatch.wire.HostFacts.Route;
import dev.gatewatch.wire.HostFacts.Server;
import dev.gatewatch.wire.HostFacts.Upstream;
import dev.gatewatch.wire.SourceKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which service a line is about.
class ServiceMapTest {
    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    private static Upstream upstream(String name, String... addresses) {
        List<Server> servers = new ArrayList<>();
        for (String address : addresses) {
            int equals = address.indexOf('=');
            servers.add(new Server(
                    equals < 0 ? "" : address.substring(0, equals), address.substring(equals + 1), false, false));
        }
        return new Upstream(name, false, servers);
    }

    private static HostFacts proxy(String host, String kind, List<Route> routes, Upstream... upstreams) {
        ProxyFacts facts = new ProxyFacts(kind, kind + ".service", "", AT, null, List.of(upstreams), routes, List.of());
        return new HostFacts(
                host, AT, List.of(), AT, ZoneOffset.UTC, true, List.of(), List.of(), List.of(facts), List.of());
    }

    private static HostFacts nginx(String host, Upstream... upstreams) {
        return proxy(host, "nginx", List.of(), upstreams);
    }

    private static HostFacts haproxy(String host, Upstream... upstreams) {
        return proxy(host, "haproxy", List.of(), upstreams);
    }

    private static String service(ServiceMap map, String host, String upstream) {
        return map.target(host, "nginx", upstream, "", "").service();
    }

    @Test
    void upstreams_that_share_a_server_are_one_service() {
        ServiceMap map = new ServiceMap(List.of(nginx(
                "edge1",
                upstream("a", "10.0.0.1:80", "10.0.0.2:80"),
                upstream("b", "10.0.0.2:80"),
                upstream("c", "10.0.0.3:80"))));
        assertThat(service(map, "edge1", "a")).isEqualTo(service(map, "edge1", "b"));
        assertThat(service(map, "edge1", "c")).isNotEqualTo(service(map, "edge1", "a"));
    }

    @Test
    void sharing_reaches_over_several_upstreams() {
        ServiceMap map = new ServiceMap(List.of(nginx(
                "edge1",
                upstream("a", "10.0.0.1:80"),
                upstream("b", "10.0.0.1:80", "10.0.0.2:80"),
                upstream("c", "10.0.0.2:80"))));
        assertThat(service(map, "edge1", "a")).isEqualTo(service(map, "edge1", "c"));
    }

    @Test
    void two_proxies_before_the_same_server_serve_one_service() {
        ServiceMap map = new ServiceMap(List.of(
                nginx("edge1", upstream("orders_api", "10.0.0.1:80")),
                haproxy("edge2", upstream("be_orders", "app1=10.0.0.1:80"))));
        Target byNginx = map.target("edge1", "nginx", "", "10.0.0.1:80", "");
        Target byHaproxy = map.target("edge2", "haproxy", "be_orders", "app1", "");
        assertThat(byNginx.service()).isEqualTo(byHaproxy.service());
        assertThat(byNginx.upstream()).isEqualTo("orders_api");
        assertThat(byHaproxy).isEqualTo(new Target(byNginx.service(), "be_orders", "10.0.0.1:80", "app1", true));
    }

    @Test
    void one_name_for_different_servers_is_two_services() {
        ServiceMap map = new ServiceMap(List.of(
                nginx("edge1", upstream("backend", "10.0.0.1:80")),
                nginx("edge2", upstream("backend", "10.0.0.2:80"))));
        assertThat(service(map, "edge1", "backend")).isNotEqualTo(service(map, "edge2", "backend"));
    }

    @Test
    void a_unix_socket_or_loopback_on_two_hosts_is_two_services() {
        for (String address : List.of("unix:/run/app.sock", "127.0.0.1:8080", "[::1]:8080", "localhost:8080")) {
            ServiceMap map = new ServiceMap(
                    List.of(nginx("edge1", upstream("app", address)), nginx("edge2", upstream("app", address))));
            assertThat(service(map, "edge1", "app")).isNotEqualTo(service(map, "edge2", "app"));
            ServiceMap one = new ServiceMap(List.of(
                    nginx("edge1", upstream("app", address)), haproxy("edge1", upstream("be", "s=" + address))));
            assertThat(service(one, "edge1", "app"))
                    .isEqualTo(one.target("edge1", "haproxy", "be", "s", "").service());
        }
    }

    private static HostFacts at(HostFacts host, String... addresses) {
        return new HostFacts(
                host.host(),
                AT,
                List.of(addresses),
                AT,
                ZoneOffset.UTC,
                true,
                List.of(),
                List.of(),
                host.proxies(),
                List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "172.17.0.1:8080, 172.17.0.1, true",
        "172.17.0.2:8080, 172.17.0.1, true",
        "172.18.0.2:8080, 172.17.0.1, false",
        "192.168.122.7:8080, 192.168.122.1, true",
        "192.168.5.7:8080, 192.168.122.1, false",
        "10.0.0.2:8080, 10.0.0.100, false",
    })
    void what_is_behind_a_bridge_that_both_hosts_have_is_two_services(String server, String bridge, boolean two) {
        ServiceMap map = new ServiceMap(List.of(
                at(nginx("edge1", upstream("app", server)), "10.0.0.1", bridge),
                at(nginx("edge2", upstream("app", server)), "10.0.0.2", bridge)));
        assertThat(!service(map, "edge1", "app").equals(service(map, "edge2", "app")))
                .isEqualTo(two);
    }

    @Test
    void a_bridge_that_only_one_host_has_leads_there() {
        ServiceMap map = new ServiceMap(List.of(
                at(nginx("edge1", upstream("app", "172.17.0.2:8080")), "10.0.0.1", "172.17.0.1"),
                at(nginx("edge2", upstream("app", "172.17.0.2:8080")), "10.0.0.2")));
        assertThat(service(map, "edge1", "app")).isEqualTo(service(map, "edge2", "app"));
    }

    @Test
    void services_do_not_depend_on_the_order_in_which_hosts_report() {
        List<HostFacts> hosts = new ArrayList<>(List.of(
                nginx("edge1", upstream("b", "10.0.0.1:80"), upstream("a", "10.0.0.2:80")),
                nginx("edge2", upstream("z", "10.0.0.2:80", "10.0.0.3:80")),
                haproxy("edge3", upstream("y", "s=10.0.0.1:80"), upstream("x", "t=10.0.0.3:80"))));
        ServiceMap first = new ServiceMap(hosts);
        Random random = new Random(42);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(hosts, random);
            ServiceMap map = new ServiceMap(hosts);
            assertThat(map.target("edge3", "haproxy", "x", "t", ""))
                    .isEqualTo(first.target("edge3", "haproxy", "x", "t", ""));
            assertThat(service(map, "edge1", "b")).isEqualTo(service(first, "edge1", "b"));
        }
    }

    @Test
    void a_socket_whose_path_runs_into_the_requests_is_found() {
        ServiceMap map = new ServiceMap(
                List.of(nginx("edge1", upstream("short", "unix:/run/app"), upstream("long", "unix:/run/app.sock"))));
        Target target = map.target("edge1", "nginx", "", "unix:/run/app.sock/index.php", "/index.php");
        assertThat(target.address()).isEqualTo("unix:/run/app.sock");
        assertThat(target.upstream()).isEqualTo("long");
    }

    private static final ServiceMap ROUTED = new ServiceMap(List.of(proxy(
            "edge1",
            "nginx",
            List.of(
                    new Route("shop", "", "/", "web"),
                    new Route("shop", "=", "/health", "health"),
                    new Route("shop", "^~", "/static/", "files"),
                    new Route("shop", "", "/api/", "api"),
                    new Route("shop", "", "/api/orders/", "orders"),
                    new Route("shop", "~", "\\.php$", "php"),
                    new Route("shop", "~*", "\\.(jpg|png)$", "images"),
                    new Route("shop", "~", "(?<broken", "broken"),
                    new Route("admin", "", "/reports/", "reports1"),
                    new Route("other", "", "/reports/", "reports2")),
            upstream("web", "10.0.0.1:80"),
            upstream("api", "10.0.0.2:80"),
            upstream("orders", "10.0.0.3:80", "10.0.0.2:80"))));

    @ParameterizedTest
    @CsvSource({
        "/, web",
        "/shop/1, web",
        "/health, health",
        "/health/x, web",
        "/api/x, api",
        "/api/orders/7, orders",
        "/api/orders/7.php, php",
        "/static/a.php, files",
        "/shop/A.PNG, images",
        "/shop/A.PHP, web",
    })
    void a_path_goes_where_nginx_would_send_it(String path, String upstream) {
        assertThat(ROUTED.target("edge1", "nginx", "", "", path).upstream()).isEqualTo(upstream);
    }

    @Test
    void a_path_on_which_server_blocks_differ_leads_nowhere() {
        assertThat(ROUTED.target("edge1", "nginx", "", "", "/reports/1").upstream())
                .isEqualTo("nginx on edge1");
    }

    @Test
    void of_upstreams_that_share_a_server_the_path_tells_which() {
        assertThat(ROUTED.target("edge1", "nginx", "", "10.0.0.2:80", "/api/orders/7")
                        .upstream())
                .isEqualTo("orders");
        assertThat(ROUTED.target("edge1", "nginx", "", "10.0.0.2:80", "/api/x").upstream())
                .isEqualTo("api");
        assertThat(ROUTED.target("edge1", "nginx", "", "10.0.0.2:80", "").upstream())
                .isEqualTo("api");
    }

    @Test
    void an_address_that_is_not_configured_belongs_to_the_upstream_of_its_path() {
        Target target = ROUTED.target("edge1", "nginx", "", "10.0.0.99:80", "/api/x");
        assertThat(target.upstream()).isEqualTo("api");
        assertThat(target.address()).isEqualTo("10.0.0.99:80");
        assertThat(target.configured()).isFalse();
    }

    @Test
    void without_configuration_a_line_is_about_what_it_names() {
        ServiceMap nothing = new ServiceMap(List.of());
        assertThat(nothing.target("edge1", "nginx", "", "10.0.0.1:80", "/a"))
                .isEqualTo(new Target("10.0.0.1:80", "10.0.0.1:80", "10.0.0.1:80", "", false));
        assertThat(nothing.target("edge1", "nginx", "", "127.0.0.1:80", "").service())
                .isEqualTo("127.0.0.1:80@edge1");
        assertThat(nothing.target("edge1", "haproxy", "be", "app1", ""))
                .isEqualTo(new Target("haproxy be", "be", "", "app1", false));
        assertThat(nothing.target("edge1", "nginx", "", "", "/a").upstream()).isEqualTo("nginx on edge1");
    }

    private static HostFacts gateway(String host, String ip, List<Route> routes, Upstream... upstreams) {
        HostFacts plain = proxy(host, "nginx", routes, upstreams);
        return new HostFacts(
                host,
                AT,
                List.of(ip),
                AT,
                ZoneOffset.UTC,
                true,
                List.of(new HostFacts.Listener("0.0.0.0:80", 0, 511, "nginx.service", "nginx", 7)),
                List.of(),
                plain.proxies(),
                List.of(new HostFacts.Watermark("s", SourceKind.NGINX_ACCESS, "log", AT, 0, 0)));
    }

    private static Relay relay(ServiceMap map, String host, String address, String path) {
        return map.relay(host, "nginx", map.target(host, "nginx", "", address, path), path);
    }

    @Test
    void what_a_proxy_passes_on_from_another_belongs_to_the_service_of_its_path_there() {
        ServiceMap map = new ServiceMap(List.of(
                nginx("outer", upstream("mid", "10.0.0.2:80")),
                gateway(
                        "mid",
                        "10.0.0.2",
                        List.of(new Route("", "", "/a/", "a"), new Route("", "", "/b/", "b")),
                        upstream("a", "10.0.0.8:80"),
                        upstream("b", "10.0.0.9:80"))));
        Relay toA = relay(map, "outer", "10.0.0.2:80", "/a/1");
        assertThat(toA.known()).isTrue();
        assertThat(toA.targets()).extracting(Target::service).containsExactly(service(map, "mid", "a"));
        assertThat(toA.targets()).extracting(Target::address).containsExactly("10.0.0.2:80");

        Relay unknown = relay(map, "outer", "10.0.0.2:80", "/elsewhere");
        assertThat(unknown.known()).isFalse();
        assertThat(unknown.targets())
                .extracting(Target::service)
                .containsExactlyInAnyOrder(service(map, "mid", "a"), service(map, "mid", "b"));
    }

    @Test
    void what_an_application_answers_is_passed_on_from_no_proxy() {
        ServiceMap map = new ServiceMap(List.of(
                nginx("outer", upstream("mid", "10.0.0.2:80"), upstream("app", "10.0.0.2:8080")),
                gateway("mid", "10.0.0.2", List.of(), upstream("a", "10.0.0.8:80"))));
        assertThat(relay(map, "outer", "10.0.0.2:8080", "/")).isEqualTo(Relay.NONE);
        assertThat(relay(map, "outer", "10.0.0.7:80", "/")).isEqualTo(Relay.NONE);
    }

    @Test
    void proxies_in_a_circle_and_very_many_ways_are_followed_to_an_end() {
        List<Upstream> many =
                new ArrayList<>(List.of(upstream("self", "10.0.0.2:80"), upstream("back", "10.0.0.3:80")));
        for (int i = 0; i < 1_000; i++) {
            many.add(upstream("u" + i, "10.1.0.1:" + (1_000 + i)));
        }
        ServiceMap map = new ServiceMap(List.of(
                gateway("mid", "10.0.0.2", List.of(), many.toArray(Upstream[]::new)),
                gateway("other", "10.0.0.3", List.of(), upstream("forth", "10.0.0.2:80"))));
        assertThat(relay(map, "mid", "10.0.0.2:80", "/").targets()).hasSizeBetween(2, 32);
        assertThat(relay(map, "other", "10.0.0.2:80", "/").targets()).hasSizeBetween(2, 32);
    }
}
