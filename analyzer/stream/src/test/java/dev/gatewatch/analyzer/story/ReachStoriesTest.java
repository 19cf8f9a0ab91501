package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident.Verdict;
import dev.gatewatch.wire.HostFacts.Server;
import dev.gatewatch.wire.HostFacts.Upstream;
import dev.gatewatch.wire.SourceKind;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Connections get no answer: is it the port, the host, or the way to it? Nothing in the failing requests tells,
/// but other proxies know more.
class ReachStoriesTest {
    private static final String NO_ANSWER = "Layer4 timeout";
    private static final String REFUSED = "Layer4 connection problem, info: \"Connection refused\"";

    private static final String NO_ROUTE = "connect() failed (113: No route to host) while connecting to upstream";

    private final Story story = new Story();
    private final Nginx orders = story.nginx(Lab.ORDERS, "/api/orders/1");
    private final Nginx web = story.nginx(Lab.WEB2, "/shop/page/1");
    private final Haproxy ordersOfOther = story.haproxy("be_orders/app1");
    private final Haproxy catalog = story.haproxy("be_catalog/app2");

    @BeforeEach
    void served() {
        story.until("10:00:00", s -> {
            orders.served(5);
            web.served(5);
        });
    }

    @AfterEach
    void end() {
        story.close();
    }

    private void webTimesOut() {
        story.until("10:00:30", s -> web.connectTimeout(5)).until("10:01:30", s -> web.served(5));
    }

    private void haproxyChecks(Server... ofApp2) {
        story.configures(
                "edge2.lab",
                Lab.haproxy(
                        new Upstream("be_orders", false, List.of(new Server("app1", Lab.ORDERS, true, false))),
                        new Upstream("be_catalog", false, List.of(ofApp2))));
    }

    @Test
    void where_no_other_port_of_the_host_answers_a_health_check_its_link_is_down() {
        catalog.down(NO_ANSWER);
        webTimesOut();
        assertThat(story.incident())
                .isCausedBy("host_unreachable/link_down")
                .is(Verdict.LIKELY)
                .blames("app2.lab", null)
                .shows("server_down");
    }

    @Test
    void where_nothing_is_known_of_such_a_host_it_is_down() {
        haproxyChecks(new Server("app2", "10.85.0.77:8082", true, false));
        Nginx unknown = story.nginx("10.85.0.77:9999", "/shop/page/2");
        catalog.down(NO_ANSWER);
        story.until("10:00:30", s -> unknown.connectTimeout(5)).until("10:01:30", s -> unknown.served(5));
        assertThat(story.incident()).isCausedBy("host_unreachable/host_down").is(Verdict.LIKELY);
    }

    @Test
    void a_port_that_refuses_is_on_a_host_that_answers() {
        catalog.down(REFUSED);
        webTimesOut();
        assertThat(story.incident()).isCausedBy("firewall/drop");
    }

    @Test
    void a_port_that_answers_while_another_does_not_is_on_a_host_that_answers() {
        haproxyChecks(new Server("app2", Lab.CATALOG, true, false), new Server("ok", "10.85.0.22:22", true, false));
        catalog.down(NO_ANSWER);
        webTimesOut();
        assertThat(story.incident()).isCausedBy("firewall/drop");
    }

    @Test
    void the_check_of_the_failing_port_itself_says_nothing_of_its_host() {
        haproxyChecks(new Server("app2", Lab.WEB2, true, false));
        catalog.down(NO_ANSWER);
        webTimesOut();
        assertThat(story.incident()).isCausedBy("firewall/drop");
    }

    @Test
    void what_did_not_answer_minutes_before_is_another_story() {
        catalog.down(NO_ANSWER);
        story.until("10:01:00", s -> web.served(5));
        story.until("10:01:30", s -> web.connectTimeout(5)).until("10:02:30", s -> web.served(5));
        assertThat(story.incident()).isCausedBy("firewall/drop");
    }

    @Test
    void a_firewall_that_was_changed_there_beats_a_link() {
        story.journal(
                "app2.lab",
                "Firewall reloaded",
                "\"_PID\":\"77\",\"_COMM\":\"ufw-init\",\"SYSLOG_IDENTIFIER\":\"ufw-init\",\"_SYSTEMD_UNIT\":\"ufw.service\"");
        catalog.down(NO_ANSWER);
        webTimesOut();
        assertThat(story.incident()).isCausedBy("firewall/drop").is(Verdict.LIKELY);
    }

    @Test
    void where_another_proxy_reaches_the_server_a_rule_and_the_network_are_equally_suspect() {
        story.until("10:00:30", s -> {
            orders.connectTimeout(5);
            ordersOfOther.served(5);
        });
        story.until("10:01:30", s -> {
            orders.served(5);
            ordersOfOther.served(5);
        });
        assertThat(story.incident())
                .isCausedBy("firewall/drop")
                .is(Verdict.INCONCLUSIVE)
                .considers("host_unreachable/partition");
    }

    @Test
    void where_the_network_has_no_way_to_the_host_after_a_while_its_link_is_down() {
        story.until("10:00:25", s -> orders.connectTimeout(5));
        story.until("10:00:40", s -> orders.failed(5, 502, NO_ROUTE)).until("10:01:40", s -> orders.served(5));
        assertThat(story.incident())
                .isCausedBy("host_unreachable/link_down")
                .is(Verdict.LIKELY)
                .blames("app1.lab", null);
    }

    @Test
    void where_the_network_has_no_way_for_one_proxy_only_it_is_parted() {
        story.until("10:00:25", s -> {
            orders.connectTimeout(5);
            ordersOfOther.served(5);
        });
        story.until("10:00:40", s -> {
            orders.failed(5, 502, NO_ROUTE);
            ordersOfOther.served(5);
        });
        assertThat(story.incident()).isCausedBy("host_unreachable/partition").is(Verdict.LIKELY);
    }

    @Test
    void a_firewall_that_says_no_route_does_so_from_the_first_packet_on() {
        story.until("10:00:40", s -> {
            orders.failed(1, 502, NO_ROUTE);
            orders.connectTimeout(5);
        });
        assertThat(story.incident()).isCausedBy("firewall/reject").is(Verdict.LIKELY);
    }

    @Test
    void haproxy_that_is_refused_only_after_a_while_may_have_lost_the_host_as_well() {
        Haproxy haproxy = ordersOfOther;
        story.until("10:00:10", s -> haproxy.served(5));
        story.until("10:00:30", s -> haproxy.connectTimeout(5));
        story.until("10:00:50", s -> haproxy.noConnection(5)).until("10:01:50", s -> haproxy.served(5));
        assertThat(story.incident()).isCausedBy("firewall/reject").is(Verdict.INCONCLUSIVE);
    }

    @Test
    void where_nothing_tells_of_another_port_a_firewall_is_only_what_it_mostly_is() {
        story.until("10:00:30", s -> orders.connectTimeout(5)).until("10:01:30", s -> orders.served(5));
        assertThat(story.incident())
                .isCausedBy("firewall/drop")
                .is(Verdict.INCONCLUSIVE)
                .considers("host_unreachable/link_down");
        assertThat(story.incident().confidence()).isEqualTo(0.6);
    }

    @Test
    void where_haproxy_goes_on_to_check_another_port_without_a_word_it_is_the_firewall() {
        story.until("10:00:30", s -> {
            web.connectTimeout(5);
            ordersOfOther.served(1);
        });
        assertThat(story.incident()).isCausedBy("firewall/drop").is(Verdict.LIKELY);
    }

    @Test
    void two_servers_out_of_reach_on_hosts_that_answer_at_other_ports_are_no_partition() {
        Nginx second = story.nginx(Lab.WEB3, "/shop/page/2");
        story.until("10:00:30", s -> {
            web.connectTimeout(5);
            second.connectTimeout(5);
            ordersOfOther.served(1);
        });
        assertThat(story.incident()).isCausedBy("firewall/drop").is(Verdict.LIKELY);
    }

    @Test
    void a_haproxy_that_is_not_heard_says_nothing_by_its_silence() {
        story.behind("edge2.lab", SourceKind.HAPROXY).until("10:00:30", s -> {
            web.connectTimeout(5);
            ordersOfOther.served(1);
        });
        assertThat(story.incident()).isCausedBy("firewall/drop").is(Verdict.INCONCLUSIVE);
    }

    @Test
    void where_another_proxy_is_not_served_either_it_may_be_the_firewall() {
        story.until("10:00:30", s -> {
            orders.connectTimeout(5);
            ordersOfOther.connectTimeout(5);
        });
        story.until("10:01:30", s -> {
            orders.served(5);
            ordersOfOther.served(5);
        });
        assertThat(story.incident()).isCausedBy("firewall/drop").is(Verdict.INCONCLUSIVE);
    }

    @Test
    void a_proxy_that_gets_through_now_and_then_is_not_cut_off() {
        story.until("10:00:30", s -> {
            orders.connectTimeout(5);
            orders.served(1);
            ordersOfOther.served(5);
        });
        story.until("10:01:30", s -> {
            orders.served(5);
            ordersOfOther.served(5);
        });
        assertThat(story.incident()).isCausedBy("firewall/drop").is(Verdict.LIKELY);
    }
}
