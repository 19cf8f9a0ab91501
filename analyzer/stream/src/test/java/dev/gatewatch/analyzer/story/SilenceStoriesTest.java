package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.wire.SourceKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Proxies of which nothing is heard any more.
class SilenceStoriesTest {
    private static Nginx refusedUntil(Story story, String clock) {
        Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
        story.until("10:00:00", s -> nginx.served(5));
        story.unit("app1.lab", "orders.service").stops();
        story.until(clock, s -> nginx.refused(5));
        assertThat(story.incident()).isOpen();
        return nginx;
    }

    @Test
    void where_the_log_is_read_to_its_end_silence_is_the_end_of_all_requests() {
        try (Story story = new Story()) {
            refusedUntil(story, "10:00:30");
            story.at("10:02:20");
            assertThat(story.incident()).isOpen();
            story.at("10:02:40");
            assertThat(story.incident()).isResolved();
        }
    }

    @Test
    void where_the_agent_does_not_come_to_read_the_log_silence_is_not_health() {
        try (Story story = new Story()) {
            Nginx nginx = refusedUntil(story, "10:00:30");
            story.behind("edge1.lab", SourceKind.NGINX_ACCESS)
                    .behind("edge1.lab", SourceKind.NGINX_ERROR)
                    .until("10:05:00", s -> nginx.refused(5));
            assertThat(story.incident()).isOpen();
            assertThat(story.incident().summary()).contains("nginx-access on edge1.lab is read up to 10:00:30 only");

            story.arrives("edge1.lab", SourceKind.NGINX_ACCESS)
                    .arrives("edge1.lab", SourceKind.NGINX_ERROR)
                    .until("10:05:20", s -> nginx.refused(5));
            assertThat(story.incident()).isOpen();
            assertThat(story.incident().summary()).doesNotContain("is read up to");

            story.until("10:06:00", s -> nginx.served(5));
            assertThat(story.incident()).isResolved();
            assertThat(story.incident().requests().failed()).containsEntry("502", 5L * 320);
        }
    }

    @Test
    void where_the_agent_is_silent_the_incident_stays_open_and_says_so() {
        try (Story story = new Story()) {
            refusedUntil(story, "10:00:30");
            story.withoutFactsOf("edge1.lab").at("10:20:00");
            Incident open = story.incident();
            assertThat(open).isOpen();
            assertThat(open.summary())
                    .endsWith(
                            "Whether they still fail is not known: the agent on edge1.lab reported last at 10:00:20.");
            assertThat(open.checks())
                    .filteredOn(c -> c.step().equals("proxy_logs"))
                    .singleElement()
                    .satisfies(
                            c -> assertThat(c.answer()).contains("the agent on edge1.lab reported last at 10:00:20"));
            assertThat(story.revisions()).hasSizeLessThan(12);

            story.withFactsOf("edge1.lab").at("10:20:30");
            assertThat(story.incident()).isResolved();
            assertThat(story.incident().summary()).doesNotContain("reported last");
        }
    }

    @Test
    void where_one_proxy_serves_again_the_incident_ends_though_another_is_silent() {
        try (Story story = new Story()) {
            Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
            Haproxy haproxy = story.haproxy("be_orders/app1");
            story.until("10:00:00", s -> {
                nginx.served(5);
                haproxy.served(5);
            });
            story.until("10:00:20", s -> {
                nginx.refused(5);
                haproxy.noConnection(5);
            });
            story.withoutFactsOf("edge2.lab").until("10:01:20", s -> nginx.served(5));
            assertThat(story.incident()).isResolved();
            assertThat(Duration.between(
                            story.incident().lastFailureAt(), story.incident().resolvedAt()))
                    .isLessThan(Duration.ofSeconds(60));
        }
    }

    @Test
    void a_server_whose_agent_falls_silent_as_it_stops_answering_is_on_a_host_that_is_down() {
        try (Story story = new Story()) {
            Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
            story.until("10:00:00", s -> nginx.served(5))
                    .withoutFactsOf("app1.lab")
                    .until("10:00:40", s -> nginx.connectTimeout(5));
            assertThat(story.incident())
                    .isCausedBy("host_unreachable/host_down")
                    .blames("app1.lab", null);
        }
    }

    @Test
    void a_host_that_tells_later_that_it_ran_all_the_time_was_not_down() {
        try (Story story = new Story()) {
            Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
            story.late("app1.lab", SourceKind.JOURNALD)
                    .until("10:00:00", s -> nginx.served(5))
                    .withoutFactsOf("app1.lab");
            story.until("10:00:40", s -> {
                nginx.connectTimeout(5);
                s.unit("app1.lab", "orders.service").says("Traceback (most recent call last):");
                s.unit("app1.lab", "cron.service").starts();
            });
            assertThat(story.incident()).isCausedBy("host_unreachable/host_down");
            story.until("10:01:30", s -> nginx.served(5));
            assertThat(story.incident()).isResolved();
            story.arrives("app1.lab", SourceKind.JOURNALD).at("10:02:00");
            assertThat(story.incident()).isResolved();
            assertThat(story.incident().cause()).isNotEqualTo("host_unreachable");
        }
    }
}
