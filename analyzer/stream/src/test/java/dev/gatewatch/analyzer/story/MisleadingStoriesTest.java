package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident.Verdict;
import dev.gatewatch.wire.SourceKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Lines that would be the cause, had they come at another time, from elsewhere, or about something else.
class MisleadingStoriesTest {
    private static final String BLOCKED = "[UFW BLOCK] IN=eth0 OUT= MAC=02:85 SRC=%s DST=10.85.0.21 LEN=60 TOS=0x00"
            + " PREC=0x00 TTL=64 ID=1 DF PROTO=TCP SPT=38052 DPT=8081 WINDOW=64240 RES=0x00 SYN URGP=0";

    private final Story story = new Story();
    private final Nginx orders = story.nginx(Lab.ORDERS, "/api/orders/1");
    private final Haproxy haproxyOrders = story.haproxy("be_orders/app1");

    @AfterEach
    void end() {
        story.close();
    }

    private Story served(String until) {
        return story.until(until, s -> orders.served(5));
    }

    private Story crashes() {
        story.unit("app1.lab", "orders.service").exits(1);
        return story.closes("app1.lab", "0.0.0.0:8081");
    }

    private void nginxSays(String level, String message) {
        story.line("edge1.lab", SourceKind.NGINX_ERROR, LogLines.process(story.now(), level, message));
    }

    @Test
    void a_warning_that_connections_run_low_is_no_limit_that_was_reached() {
        served("10:00:00");
        nginxSays("warn", "512 worker_connections are not enough, reusing connections");
        crashes().until("10:00:30", s -> orders.refused(5)).until("10:01:30", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("app_crash/exit_error").is(Verdict.CONFIRMED);
    }

    @Test
    void a_limit_that_was_reached_while_requests_are_refused_is_not_why() {
        served("10:00:00");
        crashes();
        nginxSays("alert", "512 worker_connections are not enough");
        story.until("10:00:30", s -> orders.refused(5)).until("10:01:30", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("app_crash/exit_error");
    }

    @Test
    void a_limit_that_was_reached_a_minute_before_is_not_why() {
        served("09:59:00");
        nginxSays("alert", "512 worker_connections are not enough");
        served("10:00:00");
        crashes().until("10:00:30", s -> orders.refused(5)).until("10:01:30", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("app_crash/exit_error");
    }

    @Test
    void the_proxy_whose_limit_was_reached_is_the_one_to_repair() {
        story.until("10:00:00", s -> {
            orders.served(5);
            haproxyOrders.served(5);
        });
        haproxyOrders.message(
                "Proxy fe_main reached process FD limit (maxsock=4031). Please check 'ulimit-n' and restart.");
        story.until("10:00:30", s -> {
                    orders.failed(1, 502, "recv() failed (5: Input/output error) while reading response header");
                    haproxyOrders.noConnection(5);
                })
                .until("10:01:30", s -> {
                    orders.served(5);
                    haproxyOrders.served(5);
                });
        assertThat(story.incident())
                .isCausedBy("proxy_exhausted/file_descriptors")
                .blames("edge2.lab", "haproxy.service");
    }

    @Test
    void whoever_kills_a_server_that_has_been_slow_for_minutes_is_not_the_cause() {
        served("10:00:00");
        story.until("10:03:00", s -> orders.readTimeout(3));
        story.unit("app1.lab", "orders.service").isKilledBy(9, "KILL", "signal");
        story.unit("app1.lab", "orders.service").starts();
        story.until("10:03:04", s -> orders.readTimeout(3)).until("10:04:10", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("backend_timeout/slow_response");
    }

    @Test
    void a_server_that_was_slow_before_it_was_killed_for_memory_was_killed_for_memory() {
        served("10:00:00");
        story.until("10:00:30", s -> orders.readTimeout(3));
        story.kernel(
                "app1.lab",
                "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,"
                        + "oom_memcg=/system.slice/orders.service,task_memcg=/system.slice/orders.service,task=python3,"
                        + "pid=1336,uid=999");
        story.unit("app1.lab", "orders.service").isKilledBy(9, "KILL", "oom-kill");
        story.closes("app1.lab", "0.0.0.0:8081")
                .until("10:01:00", s -> orders.refused(5))
                .until("10:02:00", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("app_crash/oom_kill").is(Verdict.CONFIRMED);
    }

    @Test
    void a_strangers_packet_that_a_firewall_blocks_is_not_the_proxys() {
        served("10:00:00");
        story.kernel(
                "app1.lab",
                "TCP: request_sock_TCP: Possible SYN flooding on port 8081. Sending cookies.  Check SNMP counters.");
        story.kernel("app1.lab", BLOCKED.formatted("203.0.113.7"));
        story.until("10:00:30", s -> orders.connectTimeout(5)).until("10:01:30", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("backend_timeout/accept_queue_full");
    }

    @Test
    void the_proxys_own_packet_that_a_firewall_blocks_is_proof() {
        served("10:00:00");
        story.kernel("app1.lab", BLOCKED.formatted("10.85.0.11"));
        story.until("10:00:30", s -> orders.connectTimeout(5)).until("10:01:30", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("firewall/drop").is(Verdict.CONFIRMED);
    }

    @Test
    void a_link_that_was_up_again_before_is_not_why() {
        served("09:59:30");
        story.kernel("edge1.lab", "e1000e 0000:00:19.0 eth3: NIC Link is Down");
        served("09:59:32");
        story.kernel(
                "edge1.lab", "e1000e 0000:00:19.0 eth3: NIC Link is Up 1000 Mbps Full Duplex, Flow Control: Rx/Tx");
        served("10:00:00");
        story.until("10:00:30", s -> orders.connectTimeout(5)).until("10:01:30", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("firewall/drop").is(Verdict.INCONCLUSIVE);
    }

    @Test
    void a_link_that_stays_down_is_why() {
        served("10:00:00");
        story.kernel("edge1.lab", "e1000e 0000:00:19.0 eth3: NIC Link is Down");
        story.until("10:00:30", s -> orders.connectTimeout(5));
        story.kernel(
                "edge1.lab", "e1000e 0000:00:19.0 eth3: NIC Link is Up 1000 Mbps Full Duplex, Flow Control: Rx/Tx");
        story.until("10:01:30", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("host_unreachable/link_down").is(Verdict.CONFIRMED);
    }

    @Test
    void a_server_in_maintenance_is_not_why_the_last_one_went_down() {
        story.until("10:00:00", s -> haproxyOrders.served(5));
        haproxyOrders.message("Server be_orders/app2 is going DOWN for maintenance. 1 active and 0 backup servers left."
                + " 0 sessions active, 0 requeued, 0 remaining in queue.");
        story.until("10:01:00", s -> haproxyOrders.served(5));
        haproxyOrders.down("Layer7 wrong status, code: 503, info: \"Service Unavailable\"");
        story.until("10:01:30", s -> haproxyOrders.noServer(5)).until("10:02:30", s -> haproxyOrders.served(5));
        assertThat(story.incident()).isCausedBy("backend_down/health_check_failing");
        assertThat(story.incident().summary()).contains("be_orders/app1");
    }

    @Test
    void the_last_server_that_is_put_into_maintenance_is_why() {
        story.until("10:00:00", s -> haproxyOrders.served(5));
        haproxyOrders.down("Layer7 wrong status, code: 503, info: \"Service Unavailable\"");
        story.until("10:01:00", s -> haproxyOrders.served(5));
        haproxyOrders.message("Server be_orders/app2 is going DOWN for maintenance. 0 active and 0 backup servers left."
                + " 0 sessions active, 0 requeued, 0 remaining in queue.");
        story.until("10:01:30", s -> haproxyOrders.noServer(5)).until("10:02:30", s -> haproxyOrders.served(5));
        assertThat(story.incident()).isCausedBy("backend_down/maintenance");
        assertThat(story.incident().summary()).startsWith("be_orders/app2 was taken out");
    }

    @Test
    void an_alert_that_servers_send_for_several_reasons_proves_none() {
        served("10:00:00");
        story.until(
                        "10:00:30",
                        s -> orders.failed(
                                5,
                                502,
                                "SSL_do_handshake() failed (SSL: error:0A000410:SSL routines::sslv3 alert handshake failure:SSL alert"
                                        + " number 40) while SSL handshaking to upstream"))
                .until("10:01:30", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("tls_mismatch/protocol_version").is(Verdict.INCONCLUSIVE);
    }

    @Test
    void what_was_proved_stays_told_when_its_evidence_is_too_old_to_be_kept() {
        served("10:00:00");
        story.unit("app1.lab", "orders.service").stops();
        story.closes("app1.lab", "0.0.0.0:8081").until("10:15:30", s -> orders.refused(2));
        story.unit("app1.lab", "apt-daily.service").starts();
        story.until("10:16:30", s -> orders.refused(2)).until("10:17:30", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("backend_down/clean_stop").is(Verdict.CONFIRMED);
        assertThat(story.incident().evidence())
                .anyMatch(evidence -> evidence.line().contains("Stopped"));
    }
}
