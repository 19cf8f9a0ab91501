package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.wire.HostFacts.ProxyFacts;
import dev.gatewatch.wire.HostFacts.Server;
import dev.gatewatch.wire.HostFacts.Upstream;
import dev.gatewatch.wire.SourceKind;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Proxies behind proxies: one failure is one incident, at the hop where it arises.
class ChainStoriesTest {
    private static final String NGINX_EDGE = "10.85.0.11:80";
    private static final String HAPROXY_EDGE = "10.85.0.12:80";

    private final Story story = new Story();
    private final Nginx orders = story.nginx(Lab.ORDERS, "/api/orders/1");
    private final Haproxy outer = story.haproxy("be_edge/edge1");
    private final Alb balancer = new Alb(story, NGINX_EDGE);

    @AfterEach
    void end() {
        story.close();
    }

    private static ProxyFacts proxy(String kind, Upstream... upstreams) {
        return new ProxyFacts(
                kind, kind + ".service", "", Lab.BOOTED_AT, Lab.BOOTED_AT, List.of(upstreams), List.of(), List.of());
    }

    private static Upstream upstream(String name, String server, String address) {
        return new Upstream(name, false, List.of(new Server(server, address, false, false)));
    }

    private Story haproxyBeforeNginx() {
        return story.configures("edge2.lab", proxy("haproxy", upstream("be_edge", "edge1", NGINX_EDGE)));
    }

    private Story stopOrders() {
        story.unit("app1.lab", "orders.service").stops();
        return story.closes("app1.lab", "0.0.0.0:8081");
    }

    private Story servedUntil(String clock) {
        return story.until(clock, s -> {
            orders.served(5);
            outer.served(5);
        });
    }

    @Test
    void what_the_outer_proxy_passes_on_is_told_once_where_it_arises() {
        haproxyBeforeNginx();
        servedUntil("10:00:00");
        stopOrders().until("10:00:30", s -> {
            orders.refused(5);
            outer.answered(5, 502);
        });
        servedUntil("10:01:30");

        Incident incident = story.incident();
        assertThat(incident)
                .isCausedBy("backend_down/clean_stop")
                .blames("app1.lab", "orders.service")
                .isConfirmed()
                .isResolved();
        assertThat(incident.service()).isEqualTo("orders_api");
        assertThat(incident.proxies())
                .containsExactly(new Incident.Proxy("edge1.lab", "nginx"), new Incident.Proxy("edge2.lab", "haproxy"));
        assertThat(incident.requests().failed()).containsExactly(java.util.Map.entry("502", 150L));
        assertThat(incident.requests().total()).isLessThan(400);
        assertThat(incident.endpoints()).extracting(Incident.Endpoint::address).containsExactly(Lab.ORDERS);
    }

    @Test
    void an_inner_proxy_without_connections_left_is_told_as_such_though_only_the_outer_one_logs_requests() {
        haproxyBeforeNginx();
        servedUntil("10:00:00");
        story.until("10:00:30", s -> {
            outer.closedEarly(5);
            story.line(
                    "edge1.lab",
                    SourceKind.NGINX_ERROR,
                    LogLines.process(story.now(), "alert", "36 worker_connections are not enough"));
        });
        servedUntil("10:01:30");
        assertThat(story.incident())
                .isCausedBy("proxy_exhausted/worker_connections")
                .blames("edge1.lab", "nginx.service")
                .isConfirmed();
    }

    @Test
    void the_outer_proxys_lines_may_come_first() {
        haproxyBeforeNginx();
        servedUntil("10:00:00");
        stopOrders()
                .late("edge1.lab", SourceKind.NGINX_ACCESS)
                .late("edge1.lab", SourceKind.NGINX_ERROR)
                .until("10:00:20", s -> {
                    orders.refused(5);
                    outer.answered(5, 502);
                });
        assertThat(story.incidents()).isEmpty();
        story.arrives("edge1.lab", SourceKind.NGINX_ACCESS)
                .arrives("edge1.lab", SourceKind.NGINX_ERROR)
                .until("10:00:30", s -> {
                    orders.refused(5);
                    outer.answered(5, 502);
                });
        servedUntil("10:01:30");

        assertThat(story.incident())
                .isCausedBy("backend_down/clean_stop")
                .blames("app1.lab", "orders.service")
                .isResolved();
        assertThat(story.incident().proxies())
                .extracting(Incident.Proxy::host)
                .containsExactly("edge1.lab", "edge2.lab");
        assertThat(story.incident().requests().failed()).containsExactly(java.util.Map.entry("502", 150L));
    }

    @Test
    void an_inner_proxy_that_was_never_heard_before_speaks_up_late_and_is_counted_once() {
        story.line(
                        "edge1.lab",
                        SourceKind.NGINX_ERROR,
                        "2026/11/22 09:59:30 [notice] 429#429: start worker process 430")
                .until("10:00:00", s -> balancer.served(5));
        stopOrders().until("10:00:10", s -> balancer.answered(5, 502));
        assertThat(story.incident()).isCausedBy("app_error/passed_through").is(Incident.Verdict.INCONCLUSIVE);
        story.until("10:00:30", s -> {
            orders.refused(5);
            balancer.answered(5, 502);
        });
        servedUntil("10:01:30");

        assertThat(story.incident())
                .isCausedBy("backend_down/clean_stop")
                .blames("app1.lab", "orders.service")
                .isResolved();
        assertThat(story.incident().requests().failed()).containsExactly(java.util.Map.entry("502", 100L));
        assertThat(story.incident().endpoints())
                .extracting(Incident.Endpoint::address)
                .containsExactly(Lab.ORDERS);
    }

    @Test
    void an_inner_proxy_that_is_stopped_is_the_outer_ones_incident() {
        haproxyBeforeNginx();
        servedUntil("10:00:00");
        story.unit("edge1.lab", "nginx.service").stops();
        story.closes("edge1.lab", "0.0.0.0:80").until("10:00:30", s -> outer.noConnection(5));
        story.unit("edge1.lab", "nginx.service").starts();
        story.listens("edge1.lab", "0.0.0.0:80", "nginx.service", "nginx", 429);
        servedUntil("10:01:30");

        assertThat(story.incident())
                .isCausedBy("backend_down/clean_stop")
                .blames("edge1.lab", "nginx.service")
                .isResolved();
        assertThat(story.incident().service()).isEqualTo("be_edge");
        assertThat(story.incident().proxies()).containsExactly(new Incident.Proxy("edge2.lab", "haproxy"));
    }

    @Test
    void an_inner_proxy_that_crashes_is_the_outer_ones_incident() {
        haproxyBeforeNginx();
        servedUntil("10:00:00");
        story.unit("edge1.lab", "nginx.service").isKilledBy(11, "SEGV", "core-dump");
        story.closes("edge1.lab", "0.0.0.0:80").until("10:00:30", s -> outer.noConnection(5));
        servedUntil("10:01:30");

        assertThat(story.incident()).blames("edge1.lab", "nginx.service").isConfirmed();
        assertThat(story.incident().cause()).isEqualTo("app_crash");
    }

    @Test
    void nginx_before_haproxy_with_several_backends_is_told_at_the_backend_that_fails() {
        Nginx before = story.nginx(HAPROXY_EDGE, "/api/orders/1");
        Haproxy beOrders = story.haproxy("be_orders/app1");
        Haproxy beCatalog = story.haproxy("be_catalog/app2");
        Runnable served = () -> {
            beOrders.served(4);
            beCatalog.served(4);
            before.served(8);
        };
        story.configures(
                        "edge1.lab",
                        new ProxyFacts(
                                "nginx",
                                "nginx.service",
                                "",
                                Lab.BOOTED_AT,
                                Lab.BOOTED_AT,
                                List.of(upstream("inner", "", HAPROXY_EDGE)),
                                List.of(),
                                Lab.nginx(LogLines.TIMED).accessLogs()))
                .until("10:00:00", s -> served.run());
        stopOrders().until("10:00:30", s -> {
            beOrders.noConnection(4);
            beCatalog.served(4);
            before.answered(4, 503);
            before.served(4);
        });
        story.until("10:01:30", s -> served.run());

        assertThat(story.incident())
                .isCausedBy("backend_down/clean_stop")
                .blames("app1.lab", "orders.service")
                .isResolved();
        assertThat(story.incident().service()).isEqualTo("be_orders");
        assertThat(story.incident().proxies())
                .containsExactly(new Incident.Proxy("edge2.lab", "haproxy"), new Incident.Proxy("edge1.lab", "nginx"));
        assertThat(story.incident().requests().failed()).containsOnlyKeys("503");
    }

    @Test
    void a_balancer_before_nginx_is_listed_and_makes_no_incident_of_its_own() {
        story.until("10:00:00", s -> {
            orders.served(5);
            balancer.served(5);
        });
        stopOrders().until("10:00:30", s -> {
            orders.refused(5);
            balancer.answered(5, 502);
        });
        story.until("10:01:30", s -> {
            orders.served(5);
            balancer.served(5);
        });

        assertThat(story.incident())
                .isCausedBy("backend_down/clean_stop")
                .blames("app1.lab", "orders.service")
                .isResolved();
        assertThat(story.incident().proxies())
                .containsExactly(new Incident.Proxy("edge1.lab", "nginx"), new Incident.Proxy("edge3.lab", "alb"));
    }

    @Test
    void three_proxies_in_a_row_are_one_incident_of_the_innermost() {
        haproxyBeforeNginx();
        Alb first = new Alb(story, HAPROXY_EDGE);
        story.until("10:00:00", s -> {
            orders.served(5);
            outer.served(5);
            first.served(5);
        });
        stopOrders().until("10:00:30", s -> {
            orders.refused(5);
            outer.answered(5, 502);
            first.answered(5, 502);
        });
        story.until("10:01:30", s -> {
            orders.served(5);
            outer.served(5);
            first.served(5);
        });

        assertThat(story.incident()).isCausedBy("backend_down/clean_stop").isResolved();
        assertThat(story.incident().proxies())
                .extracting(Incident.Proxy::kind)
                .containsExactly("nginx", "haproxy", "alb");
        assertThat(story.incident().requests().failed()).containsExactly(java.util.Map.entry("502", 150L));
    }

    @Test
    void proxies_that_point_at_each_other_or_at_themselves_end_no_analyzer() {
        story.configures("edge1.lab", proxy("nginx", upstream("to_haproxy", "", HAPROXY_EDGE)));
        story.configures(
                "edge2.lab",
                proxy("haproxy", upstream("be_edge", "edge1", NGINX_EDGE), upstream("be_self", "edge2", HAPROXY_EDGE)));
        Haproxy self = story.haproxy("be_self/edge2");
        story.until("10:00:00", s -> {
            outer.served(5);
            self.served(5);
        });
        story.until("10:00:30", s -> {
            outer.answered(5, 502);
            self.answered(5, 503);
            story.haproxy("be_edge/edge1").noConnection(5);
        });
        story.until("10:01:30", s -> outer.served(5));
        assertThat(story.incidents())
                .isNotEmpty()
                .allSatisfy(i -> assertThat(i.requests().total()).isGreaterThan(0));
    }

    @Test
    void a_proxy_whose_lines_are_not_shipped_is_a_server_like_any_other() {
        haproxyBeforeNginx();
        story.until("10:00:00", s -> outer.served(5))
                .until("10:00:30", s -> outer.answered(5, 502))
                .until("10:01:30", s -> outer.served(5));

        assertThat(story.incident())
                .isCausedBy("app_error/passed_through")
                .blames("edge1.lab", "nginx.service")
                .isResolved();
        assertThat(story.incident().service()).isEqualTo("be_edge");
    }

    @Test
    void an_application_beside_a_proxy_on_the_same_host_answers_for_itself() {
        story.listens("edge1.lab", "0.0.0.0:9000", "legacy.service", "python3", 900)
                .configures("edge2.lab", proxy("haproxy", upstream("be_edge", "edge1", "10.85.0.11:9000")));
        servedUntil("10:00:00");
        story.until("10:00:30", s -> {
            orders.served(5);
            outer.answered(5, 502);
        });
        servedUntil("10:01:30");

        assertThat(story.incident()).isCausedBy("app_error/passed_through").blames("edge1.lab", "legacy.service");
    }

    @Test
    void an_outer_proxy_with_the_plain_log_format_does_not_tell_the_same_again() {
        story.configures("edge2.lab", proxy("haproxy", upstream("be_orders", "app1", Lab.ORDERS)));
        story.configures(
                "edge1.lab",
                new ProxyFacts(
                        "nginx",
                        "nginx.service",
                        "",
                        Lab.BOOTED_AT,
                        Lab.BOOTED_AT,
                        List.of(upstream("inner", "", HAPROXY_EDGE)),
                        List.of(new dev.gatewatch.wire.HostFacts.Route("", "", "/", "inner")),
                        Lab.nginx("combined").accessLogs()));
        Haproxy beOrders = story.haproxy("be_orders/app1");
        story.line(
                        "edge1.lab",
                        SourceKind.NGINX_ERROR,
                        "2026/11/22 09:59:30 [notice] 429#429: start worker process 430")
                .until("10:00:00", s -> {
                    beOrders.served(5);
                    combined(200);
                });
        stopOrders().until("10:00:30", s -> {
            beOrders.noConnection(5);
            combined(503);
        });
        story.until("10:01:30", s -> {
            beOrders.served(5);
            combined(200);
        });

        assertThat(story.incident())
                .isCausedBy("backend_down/clean_stop")
                .blames("app1.lab", "orders.service")
                .isResolved();
        assertThat(story.incident().proxies()).extracting(Incident.Proxy::kind).containsExactly("haproxy", "nginx");
    }

    private void combined(int status) {
        for (int i = 0; i < 5; i++) {
            story.line("edge1.lab", SourceKind.NGINX_ACCESS, LogLines.combined(story.now(), "/api/orders/1", status));
        }
    }
}
