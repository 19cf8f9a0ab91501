package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident.Verdict;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The proxy does not get through to a backend that nobody stopped.
class ConnectStoriesTest {
    private static final String BLOCKED =
            "[UFW BLOCK] IN=eth0 OUT= MAC=02:85 SRC=10.85.0.11 DST=10.85.0.21 LEN=60 TOS=0x00"
                    + " PREC=0x00 TTL=64 ID=6192 DF PROTO=TCP SPT=38052 DPT=%d WINDOW=64240 RES=0x00 SYN URGP=0 ";

    private final Story story = new Story();
    private final Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");

    @AfterEach
    void end() {
        story.close();
    }

    private void serveUntil(String clock) {
        story.until(clock, s -> nginx.served(5));
    }

    @Test
    void a_port_where_nothing_listens_since_a_reload_is_a_wrong_port() {
        serveUntil("10:00:00");
        story.unit("edge1.lab", "nginx.service").reloads();
        Nginx wrong = story.nginx("10.85.0.21:3000", "/api/orders/1");
        story.until("10:00:20", s -> wrong.refused(5)).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("wrong_upstream/wrong_port")
                .blames("edge1.lab", "nginx.service")
                .isConfirmed()
                .isResolved()
                .shows("unit_reloaded");
    }

    @Test
    void a_reload_that_changed_nothing_is_not_the_cause_of_a_stop() {
        serveUntil("10:00:00");
        story.unit("edge1.lab", "nginx.service").reloads();
        story.unit("app1.lab", "orders.service").stops();
        story.closes("app1.lab", "0.0.0.0:8081")
                .until("10:00:20", s -> nginx.refused(5))
                .until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("backend_down/clean_stop");
    }

    @Test
    void a_backend_that_moved_to_loopback_is_bound_to_loopback() {
        serveUntil("10:00:00");
        story.unit("app1.lab", "orders.service").starts();
        story.closes("app1.lab", "0.0.0.0:8081")
                .listens("app1.lab", "127.0.0.1:8081", "orders.service", "python3", 1999)
                .until("10:00:40", s -> nginx.refused(5))
                .until("10:01:40", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("wrong_upstream/bound_to_loopback")
                .blames("app1.lab", "orders.service")
                .isConfirmed();
    }

    @Test
    void the_right_port_on_a_host_that_does_not_serve_it_is_a_wrong_host() {
        serveUntil("10:00:00");
        story.unit("edge1.lab", "nginx.service").reloads();
        Nginx wrong = story.nginx("10.85.0.23:8081", "/api/orders/1");
        story.until("10:00:20", s -> wrong.refused(5)).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("wrong_upstream/wrong_host").blames("edge1.lab", "nginx.service");
    }

    @Test
    void a_server_that_hangs_up_on_all_requests_since_a_reload_does_not_speak_the_proxys_protocol() {
        serveUntil("10:00:00");
        story.unit("edge1.lab", "nginx.service").reloads();
        story.until("10:00:20", s -> nginx.reset(5)).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("wrong_upstream/wrong_protocol")
                .blames("edge1.lab", "nginx.service")
                .is(Verdict.LIKELY);
    }

    @Test
    void that_other_proxies_are_understood_does_not_speak_against_it() {
        Haproxy reloaded = story.haproxy("be_orders/app1");
        story.until("10:00:00", s -> {
            nginx.served(2);
            reloaded.served(5);
        });
        story.unit("edge2.lab", "haproxy.service").reloads();
        story.until("10:00:40", s -> {
                    nginx.served(2);
                    reloaded.closedEarly(5);
                })
                .until("10:02:30", s -> reloaded.served(5));
        assertThat(story.incident())
                .isCausedBy("wrong_upstream/wrong_protocol")
                .blames("edge2.lab", "haproxy.service")
                .is(Verdict.LIKELY);
    }

    @Test
    void a_server_that_says_that_it_is_sent_another_protocol_is() {
        serveUntil("10:00:00");
        story.until("10:00:20", s -> {
                    story.unit("app1.lab", "orders.service")
                            .says("invalid request block size: 21573 (max 4096)...skip");
                    nginx.closedEarly(5);
                })
                .until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("wrong_upstream/wrong_protocol")
                .blames("edge1.lab", "nginx.service")
                .isConfirmed()
                .shows("protocol_mismatch");
    }

    @Test
    void a_request_that_is_too_big_for_the_server_is_in_its_protocol() {
        serveUntil("10:00:00");
        story.until("10:00:20", s -> {
                    story.unit("app1.lab", "orders.service").says("invalid request block size: 5210 (max 4096)...skip");
                    nginx.closedEarly(5);
                })
                .until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("bad_response/closed_early");
    }

    @Test
    void a_server_that_was_understood_after_the_reload_speaks_the_protocol() {
        serveUntil("10:00:00");
        story.unit("edge1.lab", "nginx.service").reloads();
        serveUntil("10:00:05");
        story.until("10:00:25", s -> nginx.reset(5)).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("bad_response/closed_early").blames("app1.lab", "orders.service");
    }

    @Test
    void failures_that_are_logged_after_the_repair_do_not_hide_that_it_was_bound_to_loopback() {
        serveUntil("10:00:00");
        story.unit("app1.lab", "orders.service").stopsForRestart();
        story.unit("app1.lab", "orders.service").starts();
        story.closes("app1.lab", "0.0.0.0:8081")
                .listens("app1.lab", "127.0.0.1:8081", "orders.service", "python3", 1999)
                .until("10:00:38", s -> nginx.refused(5));
        story.closes("app1.lab", "127.0.0.1:8081")
                .listens("app1.lab", "0.0.0.0:8081", "orders.service", "python3", 2042)
                .until("10:00:42", s -> nginx.refused(5))
                .until("10:01:40", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("wrong_upstream/bound_to_loopback")
                .isConfirmed();
    }

    @Test
    void refused_while_the_backend_listens_and_nothing_was_reloaded_is_a_firewall_that_rejects() {
        serveUntil("10:00:00");
        story.until("10:00:40", s -> nginx.refused(5)).until("10:01:40", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("firewall/reject")
                .blames("app1.lab", null)
                .is(Verdict.LIKELY);
    }

    @Test
    void no_route_with_a_firewall_line_is_a_firewall_that_rejects() {
        serveUntil("10:00:00");
        story.until("10:00:20", s -> {
                    s.kernel("app1.lab", BLOCKED.formatted(8081));
                    nginx.failed(5, 502, "connect() failed (113: No route to host) while connecting to upstream");
                })
                .until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("firewall/reject").isConfirmed().shows("fw_block");
    }

    @Test
    void a_connect_timeout_with_a_firewall_line_is_a_firewall_that_drops() {
        serveUntil("10:00:00");
        story.until("10:00:20", s -> {
                    s.kernel("app1.lab", BLOCKED.formatted(8081));
                    nginx.connectTimeout(5);
                })
                .until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("firewall/drop")
                .blames("app1.lab", null)
                .isConfirmed()
                .shows("fw_block")
                .shows("upstream_timeout_connect");
    }

    @Test
    void a_firewall_line_about_another_port_does_not_prove_it() {
        serveUntil("10:00:00");
        story.until("10:00:20", s -> {
                    s.kernel("app1.lab", BLOCKED.formatted(22));
                    nginx.connectTimeout(5);
                })
                .until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).is(Verdict.INCONCLUSIVE);
        assertThat(story.incident().evidence()).extracting(e -> e.says()).doesNotContain("fw_block");
    }

    @Test
    void a_full_connection_table_drops_too() {
        serveUntil("10:00:00");
        story.kernel("app1.lab", "nf_conntrack: nf_conntrack: table full, dropping packet")
                .until("10:00:20", s -> nginx.connectTimeout(5))
                .until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("firewall/conntrack_full")
                .blames("app1.lab", null)
                .isConfirmed();
    }

    @Test
    void a_host_whose_agent_fell_silent_is_down() {
        serveUntil("10:00:00");
        story.withoutFactsOf("app1.lab")
                .until("10:00:40", s -> nginx.connectTimeout(5))
                .until("10:01:40", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("host_unreachable/host_down")
                .blames("app1.lab", null)
                .is(Verdict.LIKELY);
    }

    @Test
    void a_host_whose_agent_still_reports_is_not_down() {
        serveUntil("10:00:00");
        story.until("10:00:40", s -> nginx.connectTimeout(5)).until("10:01:40", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("firewall/drop").is(Verdict.INCONCLUSIVE);
    }

    @Test
    void a_link_that_went_down_is_told_from_a_host_that_did() {
        serveUntil("10:00:00");
        story.kernel("app1.lab", "e1000e 0000:00:1f.6 eth0: NIC Link is Down")
                .until("10:00:20", s -> nginx.connectTimeout(5))
                .until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("host_unreachable/link_down")
                .blames("app1.lab", null)
                .shows("link_down");
    }

    @Test
    void an_address_of_no_known_host_since_a_reload_is_a_wrong_host() {
        serveUntil("10:00:00");
        story.unit("edge1.lab", "nginx.service").reloads();
        story.at("10:00:03"); // the first connections give up
        Nginx wrong = story.nginx("10.85.0.99:8081", "/api/orders/1");
        story.until("10:00:20", s -> wrong.connectTimeout(5)).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident()).isCausedBy("wrong_upstream/wrong_host").blames("edge1.lab", "nginx.service");
    }

    @Test
    void a_full_accept_queue_is_told_from_a_firewall() {
        serveUntil("10:00:00");
        story.queue("app1.lab", "0.0.0.0:8081", "orders.service", 129, 128)
                .until("10:00:30", s -> nginx.connectTimeout(5));
        story.queue("app1.lab", "0.0.0.0:8081", "orders.service", 0, 128).until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("backend_timeout/accept_queue_full")
                .blames("app1.lab", "orders.service");
    }

    /// HAProxy does not log addresses, and what is known of its configuration is from before.
    @Test
    void silence_since_a_reload_of_haproxy_is_a_wrong_host() {
        Haproxy catalog = story.haproxy("be_catalog/app2");
        story.until("10:00:00", s -> catalog.served(5));
        story.unit("edge2.lab", "haproxy.service").reloads();
        story.at("10:00:10")
                .until("10:00:30", s -> catalog.connectTimeout(5))
                .until("10:01:30", s -> catalog.served(5));
        assertThat(story.incident()).isCausedBy("wrong_upstream/wrong_host").blames("edge2.lab", "haproxy.service");
    }

    @Test
    void silence_since_a_firewall_was_changed_is_the_firewall_whatever_was_reloaded() {
        Haproxy catalog = story.haproxy("be_catalog/app2");
        story.until("10:00:00", s -> catalog.served(5));
        story.unit("app2.lab", "nftables.service").starts();
        story.unit("edge2.lab", "haproxy.service").reloads();
        story.at("10:00:10")
                .until("10:00:30", s -> catalog.connectTimeout(5))
                .until("10:01:30", s -> catalog.served(5));
        assertThat(story.incident()).isCausedBy("firewall/drop");
    }

    @Test
    void a_flood_of_connections_on_the_port_fills_the_accept_queue() {
        serveUntil("10:00:00");
        story.kernel("app1.lab", "TCP: request_sock_TCP: Possible SYN flooding on port 8081. Sending cookies.")
                .until("10:00:20", s -> nginx.connectTimeout(5))
                .until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("backend_timeout/accept_queue_full")
                .shows("syn_flood");
    }

    @Test
    void a_name_that_does_not_resolve_is_told_as_such() {
        serveUntil("10:00:00");
        story.until("10:00:20", s -> {
                    for (int i = 0; i < 5; i++) {
                        s.line(
                                "edge1.lab",
                                dev.gatewatch.wire.SourceKind.NGINX_ERROR,
                                LogLines.process(
                                        s.now(),
                                        "error",
                                        "*7 orders.internal could not be resolved (3: Host not found), client: 10.85.0.100,"
                                                + " server: shop.lab, request: \"GET /api/orders/1 HTTP/1.1\", host: \"shop.lab\""));
                    }
                    s.line(
                            "edge1.lab",
                            dev.gatewatch.wire.SourceKind.NGINX_ACCESS,
                            LogLines.access(s.now(), "/api/orders/1", 502, "0.000", "-", "-", "-", "-")
                                    .replace("rt=0.000", "rt=0.001"));
                })
                .until("10:01:30", s -> nginx.served(5));
        assertThat(story.incident())
                .isCausedBy("wrong_upstream/name_resolution")
                .blames("edge1.lab", "nginx.service");
    }

    @Test
    void a_socket_that_the_proxy_may_not_open_is_a_question_of_permission() {
        Nginx php = story.nginx(Lab.PHP, "/index.php");
        story.until("10:00:00", s -> php.served(5))
                .until(
                        "10:00:20",
                        s -> php.failed(
                                5,
                                502,
                                "connect() to " + Lab.PHP
                                        + " failed (13: Permission denied) while connecting to upstream"))
                .until("10:01:30", s -> php.served(5));
        assertThat(story.incident())
                .isCausedBy("wrong_upstream/unix_socket_permission")
                .blames("edge1.lab", "nginx.service");
    }

    private void socketFails(String kernelSays) {
        Haproxy kiosk = story.haproxy("be_kiosk/local");
        story.until("10:00:00", s -> kiosk.served(5)).until("10:00:03", s -> kiosk.noConnection(5));
        kiosk.down("Socket error, info: \"General socket error (" + kernelSays + ")\"");
        story.until("10:00:20", s -> kiosk.noServer(5)).until("10:01:30", s -> kiosk.served(5));
    }

    @Test
    void a_check_tells_that_haproxy_may_not_open_a_socket() {
        socketFails("Permission denied");
        assertThat(story.incident())
                .isCausedBy("wrong_upstream/unix_socket_permission")
                .blames("edge2.lab", "haproxy.service");
    }

    @Test
    void a_check_tells_that_the_socket_is_gone_though_its_service_runs() {
        socketFails("No such file or directory");
        assertThat(story.incident()).isCausedBy("backend_down/unix_socket_missing");
    }

    @Test
    void no_firewall_stands_before_a_socket() {
        Haproxy kiosk = story.haproxy("be_kiosk/local");
        story.until("10:00:00", s -> kiosk.served(5))
                .until("10:00:20", s -> kiosk.noConnection(5))
                .until("10:01:30", s -> kiosk.served(5));
        assertThat(story.incident().cause()).isNotEqualTo("firewall");
    }

    @Test
    void a_request_that_no_backend_is_configured_for_is_told_as_such() {
        Haproxy none = story.haproxy("fe_main/<NOSRV>");
        story.until("10:00:00", s -> story.haproxy("be_orders/app1").served(5))
                .until("10:00:20", s -> none.noBackend(5))
                .until("10:01:30", s -> story.haproxy("be_orders/app1").served(5));
        assertThat(story.incident()).isCausedBy("wrong_upstream/no_backend").blames("edge2.lab", "haproxy.service");
    }
}
