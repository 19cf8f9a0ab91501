package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.incident.Incident.Verdict;
import dev.gatewatch.wire.SourceKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Lines and facts that come when the incident that they explain is over.
class LateStoriesTest {

    /// Twenty seconds of refused connections, and the incident that was resolved after them.
    private static Incident refusedAndResolved(Story story) {
        Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
        story.until("10:00:20", s -> nginx.refused(5)).until("10:01:10", s -> nginx.served(5));
        Incident resolved = story.incident();
        assertThat(resolved).isResolved();
        return resolved;
    }

    private static void before(Story story) {
        Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
        story.until("10:00:00", s -> nginx.served(5));
    }

    private static void isRevisionOf(Incident revised, Incident resolved) {
        assertThat(revised).isResolved();
        assertThat(revised.id()).isEqualTo(resolved.id());
        assertThat(revised.revision()).isEqualTo(resolved.revision() + 1);
        assertThat(revised.resolvedAt()).isEqualTo(resolved.resolvedAt());
        assertThat(revised.startedAt()).isEqualTo(resolved.startedAt());
    }

    @Test
    void a_journal_that_comes_after_the_end_tells_the_cause_and_opens_nothing() {
        try (Story story = new Story()) {
            story.late("app1.lab", SourceKind.JOURNALD);
            before(story);
            story.unit("app1.lab", "orders.service").exits(1);
            Incident resolved = refusedAndResolved(story);
            assertThat(resolved.cause()).isNotEqualTo("app_crash");

            story.arrives("app1.lab", SourceKind.JOURNALD).at("10:01:30");

            Incident revised = story.incident();
            isRevisionOf(revised, resolved);
            assertThat(revised)
                    .isCausedBy("app_crash/exit_error")
                    .isConfirmed()
                    .blames("app1.lab", "orders.service")
                    .shows("unit_main_exited");
            assertThat(revised.requests().failed())
                    .isEqualTo(resolved.requests().failed());
        }
    }

    @Test
    void a_kernel_line_that_comes_after_the_end_takes_the_place_of_a_weaker_proof() {
        try (Story story = new Story()) {
            story.late("app1.lab", SourceKind.KERNEL);
            before(story);
            story.kernel(
                    "app1.lab",
                    "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/system.slice/orders.service,task_memcg=/system.slice/orders.service,task=python3,pid=1336,uid=0");
            story.unit("app1.lab", "orders.service").isKilledBy(9, "KILL", "signal");
            Incident resolved = refusedAndResolved(story);
            assertThat(resolved).isCausedBy("app_crash/killed");

            story.arrives("app1.lab", SourceKind.KERNEL).at("10:01:30");

            isRevisionOf(story.incident(), resolved);
            assertThat(story.incident()).isCausedBy("app_crash/oom_kill").isConfirmed();
        }
    }

    @Test
    void facts_that_come_after_the_end_tell_whose_address_it_was() {
        try (Story story = new Story()) {
            story.withoutFactsOf("app1.lab");
            before(story);
            story.unit("app1.lab", "orders.service").stops();
            Incident resolved = refusedAndResolved(story);
            assertThat(resolved).isCausedBy("unknown");

            story.withFactsOf("app1.lab").at("10:01:30");

            assertThat(story.incident()).isResolved().isCausedBy("backend_down/clean_stop");
            assertThat(story.incident().resolvedAt()).isEqualTo(resolved.resolvedAt());
        }
    }

    @Test
    void what_comes_more_than_ten_minutes_after_the_end_changes_nothing() {
        try (Story story = new Story()) {
            story.late("app1.lab", SourceKind.JOURNALD);
            before(story);
            story.unit("app1.lab", "orders.service").exits(1);
            Incident resolved = refusedAndResolved(story);

            story.at("10:11:30").arrives("app1.lab", SourceKind.JOURNALD).at("10:12:00");

            assertThat(story.incident()).isEqualTo(resolved);
        }
    }

    @Test
    void without_anything_late_an_incident_is_resolved_once() {
        try (Story story = new Story()) {
            before(story);
            story.unit("app1.lab", "orders.service").stops();
            Incident resolved = refusedAndResolved(story);
            story.unit("app1.lab", "orders.service").starts();
            story.at("10:12:00");
            assertThat(story.incident()).isEqualTo(resolved);
        }
    }

    @Test
    void another_proxys_log_that_comes_after_the_end_is_counted_there_and_begins_no_second_incident() {
        try (Story story = new Story()) {
            Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
            Haproxy haproxy = story.haproxy("be_orders/app1");
            story.until("09:59:50", s -> {
                nginx.served(5);
                haproxy.served(5);
            });
            story.late("edge2.lab", SourceKind.HAPROXY).until("10:00:00", s -> {
                nginx.served(5);
                haproxy.served(5);
            });
            story.unit("app1.lab", "orders.service").stops();
            story.until("10:00:20", s -> {
                        nginx.refused(5);
                        haproxy.noConnection(3);
                    })
                    .until("10:01:10", s -> {
                        nginx.served(5);
                        haproxy.served(5);
                    });
            Incident resolved = story.incident();
            assertThat(resolved).isResolved();
            assertThat(resolved.requests().failed()).containsExactlyEntriesOf(java.util.Map.of("502", 100L));

            story.arrives("edge2.lab", SourceKind.HAPROXY).at("10:01:30");

            assertThat(story.incident()).isResolved().isCausedBy("backend_down/clean_stop");
            assertThat(story.incident().id()).isEqualTo(resolved.id());
            assertThat(story.incident().resolvedAt()).isEqualTo(resolved.resolvedAt());
            assertThat(story.incident().requests().failed())
                    .containsEntry("502", 100L)
                    .containsEntry("503", 60L);
            assertThat(story.incident().proxies())
                    .extracting(Incident.Proxy::host)
                    .containsExactly("edge1.lab", "edge2.lab");
        }
    }

    @Test
    void a_new_burst_is_a_new_incident_and_late_lines_still_find_the_one_before() {
        try (Story story = new Story()) {
            Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
            story.late("app1.lab", SourceKind.JOURNALD);
            before(story);
            story.unit("app1.lab", "orders.service").exits(1);
            Incident first = refusedAndResolved(story);
            story.until("10:04:00", s -> nginx.served(5)).until("10:04:20", s -> nginx.refused(5));
            assertThat(story.incidents()).hasSize(2);
            assertThat(story.incidents().getLast()).isOpen().isNotEqualTo(first);

            story.arrives("app1.lab", SourceKind.JOURNALD).until("10:04:30", s -> nginx.refused(5));

            List<Incident> both = story.incidents();
            assertThat(both).hasSize(2);
            assertThat(both.getFirst().id()).isEqualTo(first.id());
            assertThat(both.getFirst()).isResolved().isCausedBy("app_crash/exit_error");
            assertThat(both.getLast()).isOpen();
            assertThat(both.getLast().cause()).isNotEqualTo("app_crash");
        }
    }

    @Test
    void late_lines_that_come_twice_revise_once() {
        try (Story story = new Story()) {
            story.everythingTwice().late("app1.lab", SourceKind.JOURNALD);
            before(story);
            story.unit("app1.lab", "orders.service").exits(1);
            Incident resolved = refusedAndResolved(story);
            story.arrives("app1.lab", SourceKind.JOURNALD).at("10:01:30");
            story.again().at("10:03:00");
            isRevisionOf(story.incident(), resolved);
        }
    }

    @Test
    void what_is_known_of_a_host_does_not_weaken_a_resolved_incident_by_being_forgotten() {
        try (Story story = new Story()) {
            before(story);
            story.unit("app1.lab", "orders.service").stops();
            story.closes("app1.lab", "0.0.0.0:8081");
            Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
            story.until("10:09:00", s -> nginx.refused(1)).until("10:09:50", s -> nginx.served(5));
            Incident resolved = story.incident();
            assertThat(resolved)
                    .isResolved()
                    .isCausedBy("backend_down/clean_stop")
                    .is(Verdict.CONFIRMED);

            story.at("10:15:10").journal("app1.lab", "something else", "\"_PID\":\"5\"");
            story.unit("app1.lab", "other.service").starts();
            story.at("10:19:00");

            assertThat(story.incident()).isEqualTo(resolved);
        }
    }
}
