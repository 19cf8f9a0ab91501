package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident.Verdict;
import dev.gatewatch.wire.HostFacts.ProxyFacts;
import dev.gatewatch.wire.HostFacts.Server;
import dev.gatewatch.wire.HostFacts.Upstream;
import dev.gatewatch.wire.SourceKind;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Causes that are easily taken for one another: each fires where it should, and leaves the field to its rival
/// where it should not.
class RivalStoriesTest {
    private final Story story = new Story();
    private final Nginx orders = story.nginx(Lab.ORDERS, "/api/orders/1");
    private final Nginx web2 = story.nginx(Lab.WEB2, "/shop/page/1");
    private final Nginx web3 = story.nginx(Lab.WEB3, "/shop/page/2");

    @AfterEach
    void end() {
        story.close();
    }

    private Story served() {
        return story.until("10:00:00", s -> {
            orders.served(5);
            web2.served(3);
            web3.served(3);
        });
    }

    private Story webTimesOut() {
        return story.until("10:00:30", s -> {
                    web2.connectTimeout(3);
                    web3.connectTimeout(3);
                })
                .until("10:01:30", s -> {
                    web2.served(3);
                    web3.served(3);
                });
    }

    @Test
    void two_hosts_that_are_well_and_out_of_reach_together_are_a_partition() {
        served();
        webTimesOut();
        assertThat(story.incident())
                .isCausedBy("host_unreachable/partition")
                .blames("edge1.lab", null)
                .is(Verdict.LIKELY);
    }

    @Test
    void one_host_of_two_that_is_out_of_reach_is_no_partition() {
        served();
        story.until("10:00:30", s -> {
                    web2.connectTimeout(3);
                    web3.served(3);
                })
                .until("10:01:30", s -> {
                    web2.served(3);
                    web3.served(3);
                });
        assertThat(story.incident()).isCausedBy("firewall/drop").is(Verdict.INCONCLUSIVE);
    }

    @Test
    void a_firewall_that_was_changed_on_both_hosts_beats_a_partition() {
        served();
        for (String host : List.of("app2.lab", "app3.lab")) {
            story.journal(
                    host,
                    "Firewall reloaded",
                    "\"_PID\":\"77\",\"_COMM\":\"ufw-init\",\"SYSLOG_IDENTIFIER\":\"ufw-init\",\"_SYSTEMD_UNIT\":\"ufw.service\"");
        }
        webTimesOut();
        assertThat(story.incident()).isCausedBy("firewall/drop");
    }

    @Test
    void a_full_connection_table_beats_a_partition() {
        served();
        story.kernel("edge1.lab", "nf_conntrack: nf_conntrack: table full, dropping packet");
        webTimesOut();
        assertThat(story.incident()).isCausedBy("firewall/conntrack_full").blames("edge1.lab", null);
    }

    @Test
    void a_full_connection_table_of_another_host_is_not_the_cause() {
        served();
        story.kernel("app1.lab", "nf_conntrack: nf_conntrack: table full, dropping packet");
        webTimesOut();
        assertThat(story.incident().subCause()).isNotEqualTo("conntrack_full");
    }

    @Test
    void a_full_connection_table_does_not_explain_a_refusal() {
        served();
        story.kernel("app1.lab", "nf_conntrack: nf_conntrack: table full, dropping packet");
        story.unit("app1.lab", "orders.service").stops();
        story.closes("app1.lab", "0.0.0.0:8081")
                .until("10:00:30", s -> orders.refused(5))
                .until("10:01:30", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("backend_down/clean_stop");
    }

    @Test
    void plain_http_to_a_port_that_another_proxy_knows_as_tls() {
        story.configures(
                "edge1.lab",
                new ProxyFacts(
                        "nginx",
                        "nginx.service",
                        "sha256:1",
                        Lab.BOOTED_AT,
                        Lab.BOOTED_AT,
                        List.of(new Upstream(
                                "payments_plain", false, List.of(new Server("", Lab.PAYMENTS, false, false)))),
                        List.of(),
                        Lab.nginx(LogLines.TIMED).accessLogs()));
        story.until("10:00:00", s -> orders.served(1));
        for (int second = 0; second < 20; second++) {
            for (int i = 0; i < 5; i++) {
                story.line(
                        "edge1.lab",
                        SourceKind.NGINX_ERROR,
                        LogLines.error(
                                story.now(),
                                "error",
                                "upstream prematurely closed connection while reading response header from upstream",
                                "/api/payments/" + second + i,
                                "http://" + Lab.PAYMENTS));
                story.line(
                        "edge1.lab",
                        SourceKind.NGINX_ACCESS,
                        LogLines.access(
                                story.now(),
                                "/api/payments/" + second + i,
                                502,
                                "0.001",
                                "0.001",
                                "-",
                                Lab.PAYMENTS,
                                "502"));
            }
            story.until(story.now().plusSeconds(1).toString().substring(11, 19), s -> {});
        }
        assertThat(story.incident()).isCausedBy("tls_mismatch/http_to_https").blames("edge1.lab", "nginx.service");
    }

    @Test
    void a_crash_beats_the_plain_port_that_it_looks_like() {
        served();
        story.unit("app1.lab", "orders.service").exits(1);
        story.until("10:00:20", s -> orders.closedEarly(5)).until("10:01:30", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("app_crash/exit_error");
    }

    @Test
    void a_worker_of_another_proxy_that_crashed_is_not_the_cause() {
        served();
        story.line(
                "edge2.lab",
                SourceKind.HAPROXY,
                LogLines.haproxyMessage(story.now(), "Current worker (271) exited with code 139 (Segmentation fault)"));
        story.unit("app1.lab", "orders.service").stops();
        story.closes("app1.lab", "0.0.0.0:8081")
                .until("10:00:30", s -> orders.refused(5))
                .until("10:01:30", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("backend_down/clean_stop");
    }

    @Test
    void many_resets_without_a_word_of_the_unit_are_no_race_between_idle_timeouts() {
        served();
        story.until("10:00:30", s -> orders.reset(5)).until("10:01:30", s -> orders.served(5));
        assertThat(story.incident()).isCausedBy("bad_response/closed_early");
    }

    @Test
    void a_failing_health_check_that_nobody_is_hurt_by_is_no_incident() {
        Haproxy catalog = story.haproxy("be_catalog/app2");
        story.until("10:00:00", s -> catalog.served(5));
        catalog.down("Layer7 wrong status, code: 503, info: \"Service Unavailable\"");
        story.until("10:01:30", s -> catalog.served(5));
        assertThat(story.incidents()).isEmpty();
    }
}
