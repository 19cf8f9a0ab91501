package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.incident.Incident.Check;
import dev.gatewatch.incident.Incident.Result;
import dev.gatewatch.incident.Incident.Verdict;
import dev.gatewatch.wire.SourceKind;
import org.junit.jupiter.api.Test;

/// An agent that has not come to read what its host wrote when trouble began.
class BehindStoriesTest {
    private final String worker = "[2026-11-22 10:00:00 +0000] [1336] [CRITICAL] WORKER TIMEOUT (pid:4711)";

    private static Check check(Incident incident, String step) {
        return incident.checks().stream()
                .filter(c -> c.step().equals(step))
                .findFirst()
                .orElseThrow();
    }

    /// A minute behind with the journal, on a server whose workers are given up.
    private void slow(Story story, String until) {
        Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
        story.until("10:00:00", s -> nginx.served(5));
        story.unit("app1.lab", "orders.service").says(worker);
        story.until(until, s -> nginx.readTimeout(3));
    }

    @Test
    void what_the_journal_may_still_refute_is_not_confirmed_and_the_check_says_who_is_behind_by_how_much() {
        try (Story story = new Story()) {
            story.behind("app1.lab", SourceKind.JOURNALD);
            slow(story, "10:00:25");
            Incident incident = story.incident();
            assertThat(incident).isOpen().is(Verdict.LIKELY).isCausedBy("backend_timeout/slow_response");
            assertThat(incident.confidence()).isLessThan(0.88);
            assertThat(check(incident, "service_status").result()).isEqualTo(Result.UNKNOWN);
            assertThat(check(incident, "service_status").answer())
                    .containsPattern("the journal of app1\\.lab \\([3-5]\\d s behind, read up to 09:59:30\\)");
        }
    }

    @Test
    void when_the_lines_come_the_open_incident_is_revised() {
        try (Story story = new Story()) {
            story.behind("app1.lab", SourceKind.JOURNALD);
            slow(story, "10:00:25");
            Incident early = story.incident();
            Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
            story.arrives("app1.lab", SourceKind.JOURNALD).until("10:00:35", s -> nginx.readTimeout(3));
            assertThat(story.incident()).isOpen().isConfirmed().isCausedBy("backend_timeout/worker_timeout");
            assertThat(story.incident().id()).isEqualTo(early.id());
            assertThat(story.incident().confidence()).isGreaterThan(early.confidence());
        }
    }

    @Test
    void when_the_lines_come_after_the_end_the_resolved_incident_is_revised() {
        try (Story story = new Story()) {
            story.behind("app1.lab", SourceKind.JOURNALD);
            slow(story, "10:00:15");
            Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
            story.until("10:01:00", s -> nginx.served(5));
            Incident resolved = story.incident();
            assertThat(resolved).isResolved().is(Verdict.LIKELY);
            story.arrives("app1.lab", SourceKind.JOURNALD).at("10:01:20");
            assertThat(story.incident()).isResolved().isConfirmed().isCausedBy("backend_timeout/worker_timeout");
            assertThat(story.incident().resolvedAt()).isEqualTo(resolved.resolvedAt());
        }
    }

    @Test
    void when_the_agent_has_read_on_and_found_nothing_the_cause_is_confirmed() {
        try (Story story = new Story()) {
            Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
            story.behind("app1.lab", SourceKind.JOURNALD).until("10:00:00", s -> nginx.served(5));
            story.until("10:00:25", s -> nginx.readTimeout(3));
            assertThat(story.incident()).is(Verdict.LIKELY);
            story.arrives("app1.lab", SourceKind.JOURNALD).until("10:00:45", s -> nginx.readTimeout(3));
            assertThat(story.incident()).isConfirmed().isCausedBy("backend_timeout/slow_response");
        }
    }

    @Test
    void lines_on_their_way_are_not_behind() {
        try (Story story = new Story()) {
            Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
            story.until("09:59:59", s -> nginx.served(5));
            story.behind("app1.lab", SourceKind.JOURNALD).until("10:00:08", s -> nginx.readTimeout(5));
            assertThat(story.incident()).isConfirmed().isCausedBy("backend_timeout/slow_response");
        }
    }

    @Test
    void what_proves_itself_is_confirmed_whoever_is_behind() {
        try (Story story = new Story()) {
            Nginx nginx = story.nginx(Lab.PAYMENTS, "/api/payments/1");
            story.behind("app3.lab", SourceKind.JOURNALD)
                    .behind("app3.lab", SourceKind.KERNEL)
                    .until("10:00:00", s -> nginx.served(5))
                    .until(
                            "10:00:25",
                            s -> nginx.failed(
                                    5,
                                    502,
                                    "upstream SSL certificate verify error: (10:certificate has expired) while SSL handshaking to upstream"));
            assertThat(story.incident()).isConfirmed().isCausedBy("tls_mismatch/certificate_expired");
        }
    }

    @Test
    void a_host_that_nothing_was_heard_of_for_long_before_does_not_confirm_what_it_may_refute() {
        try (Story story = new Story()) {
            Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
            story.until("09:59:45", s -> nginx.served(5))
                    .withoutFactsOf("app1.lab")
                    .until("10:00:30", s -> nginx.served(5))
                    .until("10:00:50", s -> nginx.readTimeout(3));
            assertThat(story.incident()).isOpen().is(Verdict.LIKELY);
            assertThat(check(story.incident(), "service_status").answer())
                    .contains("everything on app1.lab (its agent reported last at 09:59:40)");
        }
    }
}
