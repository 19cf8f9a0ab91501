package dev.gatewatch.analyzer.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.wire.HostFacts.Server;
import dev.gatewatch.wire.HostFacts.Upstream;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The chain from the cause to the failed requests, in an incident.
class HowItCameAboutStoriesTest {
    private final Story story = new Story();
    private final Nginx orders = story.nginx(Lab.ORDERS, "/api/orders/1");
    private final Haproxy catalog = story.haproxy("be_catalog/app2");

    @AfterEach
    void end() {
        story.close();
    }

    private List<String> chain() {
        return story.incident().chain().stream()
                .map(link -> "%+d %s: %s".formatted(link.offsetMillis() / 1_000, link.host(), link.text()))
                .toList();
    }

    @Test
    void the_kernel_kills_the_unit_ends_a_connection_is_refused_a_request_fails() {
        story.until("10:00:00", s -> orders.served(5));
        story.kernel(
                "app1.lab",
                "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/system.slice/orders.service,task_memcg=/system.slice/orders.service,task=python3,pid=1336,uid=996");
        story.until("10:00:01", s -> {});
        story.unit("app1.lab", "orders.service").isKilledBy(9, "KILL", "oom-kill");
        story.closes("app1.lab", "0.0.0.0:8081").until("10:00:03", s -> {}).until("10:00:30", s -> orders.refused(5));
        story.until("10:01:30", s -> orders.served(5));

        assertThat(chain())
                .containsExactly(
                        "-3 app1.lab: the kernel killed python3 (1336) for memory",
                        "-2 app1.lab: the main process of orders.service was ended by signal 9",
                        "-2 app1.lab: orders.service failed (oom-kill)",
                        "+0 edge1.lab: 10.85.0.21:8081 refused a connection",
                        "+0 edge1.lab: the first request failed with 502");
    }

    @Test
    void a_line_with_whole_seconds_counts_as_no_earlier_than_what_led_to_it() {
        story.until("10:00:00", s -> orders.served(5));
        long micros = story.now().plusMillis(700).toEpochMilli() * 1_000;
        story.journal(
                "app1.lab",
                "orders.service: Main process exited, code=exited, status=1/FAILURE",
                "\"_PID\":\"1\",\"_COMM\":\"systemd\",\"SYSLOG_IDENTIFIER\":\"systemd\",\"UNIT\":\"orders.service\","
                        + "\"MESSAGE_ID\":\"98e322203f7a4ed290d09fe03c09fe15\",\"_SOURCE_REALTIME_TIMESTAMP\":\""
                        + micros
                        + "\",\"EXIT_CODE\":\"exited\",\"EXIT_STATUS\":\"1\"");
        story.until("10:00:30", s -> orders.refused(5)).until("10:01:30", s -> orders.served(5));
        assertThat(story.incident().chain())
                .extracting(Incident.Link::offsetMillis)
                .containsExactly(0L, 0L, 0L);
        assertThat(story.incident().chain().getFirst().at()).isEqualTo("2026-11-22T10:00:00.700Z");
    }

    @Test
    void an_operator_who_takes_a_server_out_stands_before_the_requests_that_fail() {
        story.until("10:00:00", s -> catalog.served(5));
        catalog.maintenance();
        story.until("10:00:05", s -> {}).until("10:00:30", s -> catalog.noServer(5));
        assertThat(chain())
                .containsExactly(
                        "-5 edge2.lab: be_catalog/app2 was taken out of service",
                        "+0 edge2.lab: the first request failed with 503: be_catalog had no server left to try");
    }

    @Test
    void a_cause_and_its_effect_within_one_second_stand_in_this_order() {
        story.until("10:00:00", s -> orders.served(5));
        story.until("10:00:30", s -> {
            orders.refused(5);
            if (s.now().equals(Story.time("10:00:00"))) {
                s.unit("app1.lab", "orders.service").stops();
            }
        });
        assertThat(chain())
                .startsWith("+0 app1.lab: orders.service was asked to stop")
                .endsWith("+0 edge1.lab: the first request failed with 502");
    }

    @Test
    void a_reload_comes_before_the_refusals_that_it_leads_to() {
        story.until("10:00:00", s -> catalog.served(5));
        story.unit("edge2.lab", "haproxy.service").reloads();
        story.configures(
                        "edge2.lab",
                        Lab.haproxy(new Upstream(
                                "be_catalog", false, List.of(new Server("app2", "10.85.0.22:9999", true, false)))))
                .until("10:00:05", s -> {})
                .until("10:00:30", s -> catalog.noConnection(5));

        assertThat(chain().getFirst()).endsWith("edge2.lab: haproxy.service loaded its configuration anew");
        assertThat(chain().getLast()).contains("the first request failed with 503");
    }

    @Test
    void what_nobody_knows_the_reason_of_still_tells_what_was_seen() {
        story.withoutFactsOf("app1.lab").until("10:00:00", s -> orders.served(5));
        story.until("10:00:30", s -> orders.refused(5));
        assertThat(chain())
                .containsExactly(
                        "+0 edge1.lab: 10.85.0.21:8081 refused a connection",
                        "+0 edge1.lab: the first request failed with 502");
    }

    @Test
    void a_crash_loop_does_not_make_an_endless_chain() {
        Unit unit = story.unit("app1.lab", "orders.service");
        story.until("10:00:00", s -> orders.served(5));
        story.until("10:00:40", s -> {
            unit.exits((int) (s.now().getEpochSecond() % 7) + 1);
            unit.restartIsScheduled((int) (s.now().getEpochSecond() % 40));
            orders.refused(5);
            catalog.noConnection(1);
        });
        assertThat(story.incidents()).allSatisfy(i -> assertThat(i.chain()).hasSizeBetween(1, 8));
        assertThat(story.incidents().stream()
                        .filter(i -> i.cause().equals("app_crash"))
                        .flatMap(i -> i.chain().stream())
                        .map(Incident.Link::says))
                .contains("unit_main_exited", "connect_refused");
    }
}
