package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.wire.SourceKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is one incident, and what are two.
class GroupingStoriesTest {
    private final Story story = new Story();
    private final Nginx orders = story.nginx(Lab.ORDERS, "/api/orders/1");
    private final Nginx web2 = story.nginx(Lab.WEB2, "/shop/page/1");
    private final Nginx web3 = story.nginx(Lab.WEB3, "/shop/page/2");
    private final Nginx payments = story.nginx(Lab.PAYMENTS, "/api/payments/1");
    private final Haproxy beOrders = story.haproxy("be_orders/app1");

    @AfterEach
    void end() {
        story.close();
    }

    private Story serveUntil(String clock) {
        return story.until(clock, s -> {
            orders.served(5);
            web2.served(3);
            web3.served(3);
            payments.served(2);
            beOrders.served(4);
        });
    }

    @Test
    void two_upstreams_that_fail_for_two_reasons_are_two_incidents() {
        serveUntil("10:00:00");
        story.unit("app1.lab", "orders.service").stops();
        story.closes("app1.lab", "0.0.0.0:8081").until("10:00:30", s -> {
            orders.refused(5);
            web2.served(3);
            web3.served(3);
            payments.failed(
                    3,
                    502,
                    "upstream SSL certificate verify error: (10:certificate has expired) while SSL handshaking to upstream");
        });
        serveUntil("10:01:30");
        assertThat(story.incidents()).hasSize(2);
        assertThat(story.incidents().stream()
                        .filter(i -> i.service().equals("orders_api"))
                        .findFirst()
                        .orElseThrow())
                .isCausedBy("backend_down/clean_stop")
                .blames("app1.lab", "orders.service")
                .isResolved();
        assertThat(story.incidents().stream()
                        .filter(i -> i.service().equals("payments_tls"))
                        .findFirst()
                        .orElseThrow())
                .isCausedBy("tls_mismatch/certificate_expired")
                .isResolved();
    }

    @Test
    void two_services_of_one_host_that_fail_for_two_reasons_are_two_incidents() {
        serveUntil("10:00:00");
        story.unit("app3.lab", "payments.service").stops();
        story.until("10:00:30", s -> {
            payments.refused(3);
            web3.readTimeout(3);
            web2.readTimeout(3);
        });
        serveUntil("10:01:30");
        assertThat(story.incidents())
                .extracting(i -> i.service() + " " + i.subCause())
                .containsExactlyInAnyOrder("payments_tls clean_stop", "web_front slow_response");
    }

    @Test
    void one_server_behind_two_proxies_is_one_incident_with_both_proxies() {
        serveUntil("10:00:00");
        story.unit("app1.lab", "orders.service").stops();
        story.closes("app1.lab", "0.0.0.0:8081").until("10:00:30", s -> {
            orders.refused(5);
            beOrders.noConnection(4);
        });
        serveUntil("10:01:30");
        Incident incident = story.incident();
        assertThat(incident)
                .isCausedBy("backend_down/clean_stop")
                .blames("app1.lab", "orders.service")
                .isResolved();
        assertThat(incident.proxies())
                .containsExactly(new Incident.Proxy("edge1.lab", "nginx"), new Incident.Proxy("edge2.lab", "haproxy"));
        assertThat(incident.requests().failed()).containsOnlyKeys("502", "503");
    }

    @Test
    void two_servers_of_one_upstream_that_fail_alike_are_one_incident_with_both_servers() {
        serveUntil("10:00:00");
        story.until("10:00:30", s -> {
            web2.refused(3);
            web3.refused(4);
            orders.served(5);
        });
        serveUntil("10:01:30");
        Incident incident = story.incident();
        assertThat(incident.service()).isEqualTo("web_front");
        assertThat(incident.endpoints())
                .extracting(Incident.Endpoint::address)
                .containsExactlyInAnyOrder(Lab.WEB2, Lab.WEB3);
    }

    @Test
    void one_server_of_two_that_fails_and_is_saved_by_the_other_is_no_incident() {
        serveUntil("10:00:00");
        story.until("10:01:00", s -> {
            web2.masked(5, Lab.WEB3);
            web3.served(5);
        });
        assertThat(story.incidents()).isEmpty();
    }

    @Test
    void no_live_upstreams_inherits_the_cause_of_what_was_before() {
        serveUntil("10:00:00");
        story.unit("app2.lab", "web.service").stops();
        story.unit("app3.lab", "web.service").stops();
        story.closes("app2.lab", "0.0.0.0:8083")
                .closes("app3.lab", "0.0.0.0:8083")
                .until("10:00:03", s -> {
                    web2.refused(2);
                    web3.refused(2);
                });
        story.until("10:00:30", s -> web2.noLiveUpstreams(5, "web_front"));
        serveUntil("10:01:30");
        assertThat(story.incident())
                .isCausedBy("backend_down/clean_stop")
                .isConfirmed()
                .isResolved()
                .shows("no_live_upstreams");
        assertThat(story.incident().service()).isEqualTo("web_front");
    }

    @Test
    void a_second_outage_after_the_first_was_over_is_a_second_incident() {
        serveUntil("10:00:00");
        story.unit("app1.lab", "orders.service").stops();
        story.until("10:00:15", s -> orders.refused(5));
        story.unit("app1.lab", "orders.service").starts();
        serveUntil("10:01:00");
        story.until("10:01:30", s -> orders.readTimeout(5));
        serveUntil("10:02:30");
        assertThat(story.incidents())
                .extracting(Incident::subCause)
                .containsExactlyInAnyOrder("clean_stop", "slow_response");
        assertThat(story.incidents()).allSatisfy(i -> assertThat(i).isResolved());
    }

    @Test
    void an_outage_that_flares_up_again_at_once_stays_one_incident() {
        serveUntil("10:00:00");
        for (String clock : new String[] {"10:00:10", "10:00:30", "10:00:50"}) {
            story.until(clock, s -> orders.refused(5));
            serveUntil(clock.substring(0, 6) + (Integer.parseInt(clock.substring(6)) + 8));
        }
        serveUntil("10:02:00");
        assertThat(story.incident()).isResolved();
    }

    @Test
    void a_combined_access_log_names_the_upstream_by_its_path() {
        story.configures("edge1.lab", Lab.nginx("combined"));
        String combinedPath = "/api/orders/1";
        story.until("10:00:00", s -> combined(combinedPath, 200, 5));
        story.unit("app1.lab", "orders.service").stops();
        story.closes("app1.lab", "0.0.0.0:8081").until("10:00:30", s -> {
            for (int i = 0; i < 5; i++) {
                orders.error("connect() failed (111: Connection refused) while connecting to upstream");
            }
            combined(combinedPath, 502, 5);
        });
        story.until("10:01:30", s -> combined(combinedPath, 200, 5));
        Incident incident = story.incident();
        assertThat(incident)
                .isCausedBy("backend_down/clean_stop")
                .blames("app1.lab", "orders.service")
                .isResolved();
        assertThat(incident.service()).isEqualTo("orders_api");
        assertThat(incident.requests().failed()).containsExactly(java.util.Map.entry("502", 150L));
    }

    private void combined(String path, int status, int requests) {
        for (int i = 0; i < requests; i++) {
            story.line("edge1.lab", SourceKind.NGINX_ACCESS, LogLines.combined(story.now(), path, status));
        }
    }

    @Test
    void a_proxy_that_writes_no_access_log_is_heard_by_its_error_log() {
        story.unit("app1.lab", "orders.service").stops();
        story.until("10:00:00", s -> {
            for (int i = 0; i < 5; i++) {
                orders.error("connect() failed (111: Connection refused) while connecting to upstream");
            }
        });
        assertThat(story.incident()).isCausedBy("backend_down/clean_stop").isOpen();
        story.quiet();
        assertThat(story.incident()).isResolved();
        assertThat(story.incident().requests().failed()).containsExactly(java.util.Map.entry("502", 150L));
    }
}
