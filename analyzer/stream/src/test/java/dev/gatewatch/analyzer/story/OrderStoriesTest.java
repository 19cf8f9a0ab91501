package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.wire.SourceKind;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Streams that overtake each other: what is told in the end is the same.
class OrderStoriesTest {
    private record Final(
            String id,
            Object startedAt,
            String cause,
            Incident.Culprit culprit,
            Incident.Requests requests,
            Object ends) {
        static Final of(Incident i) {
            return new Final(
                    i.id(),
                    i.startedAt(),
                    i.cause() + "/" + i.subCause() + " " + i.verdict(),
                    i.culprit(),
                    i.requests(),
                    i.lastFailureAt());
        }
    }

    private static List<Final> told(Consumer<Story> delays, Consumer<Story> plot) {
        try (Story story = new Story()) {
            delays.accept(story);
            plot.accept(story);
            story.at("10:01:40");
            assertThat(story.incidents()).allSatisfy(i -> assertThat(i).isResolved());
            return story.incidents().stream().map(Final::of).toList();
        }
    }

    private static Consumer<Story> delays(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return story -> {
            story.delayed("edge1.lab", SourceKind.NGINX_ACCESS, random.nextInt(6));
            story.delayed("edge1.lab", SourceKind.NGINX_ERROR, random.nextInt(6));
            story.delayed("edge2.lab", SourceKind.HAPROXY, random.nextInt(6));
            story.delayed("app1.lab", SourceKind.JOURNALD, random.nextInt(6));
            story.delayed("app1.lab", SourceKind.KERNEL, random.nextInt(6));
        };
    }

    /// Two proxies lose one server; one of them notices two seconds before the other.
    private static void twoProxies(Story story) {
        Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
        Haproxy haproxy = story.haproxy("be_orders/app1");
        story.until("10:00:00", s -> {
            nginx.served(2);
            haproxy.served(3);
        });
        story.unit("app1.lab", "orders.service").stops();
        story.until("10:00:02", s -> {
            nginx.served(1);
            haproxy.noServer(3);
        });
        story.until("10:00:20", s -> {
            nginx.refused(2);
            haproxy.noServer(3);
        });
        story.unit("app1.lab", "orders.service").starts();
        story.until("10:01:30", s -> {
            nginx.served(2);
            haproxy.served(3);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void two_proxies_in_whatever_order_are_one_incident_with_the_same_name_begin_and_counts(long seed) {
        assertThat(told(delays(seed), OrderStoriesTest::twoProxies))
                .isEqualTo(told(story -> {}, OrderStoriesTest::twoProxies))
                .hasSize(1);
    }

    /// Nothing is known of the service before, so that the error log counts until the access log comes.
    private static void fromTheFirstLineOn(Story story) {
        Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
        story.at("10:00:00");
        story.unit("app1.lab", "orders.service").exits(1);
        story.until("10:00:20", s -> nginx.refused(5)).until("10:01:30", s -> nginx.served(5));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void requests_are_counted_once_whichever_log_of_a_proxy_comes_first(long seed) {
        List<Final> told = told(delays(seed), OrderStoriesTest::fromTheFirstLineOn);
        assertThat(told).isEqualTo(told(story -> {}, OrderStoriesTest::fromTheFirstLineOn));
        assertThat(told.getFirst().requests().failed()).containsEntry("502", 100L);
    }

    @Test
    void a_proxy_that_comes_far_too_late_moves_the_begin_but_not_the_name() {
        try (Story story = new Story()) {
            Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
            Haproxy haproxy = story.haproxy("be_orders/app1");
            story.until("10:00:00", s -> {
                nginx.served(2);
                haproxy.served(3);
            });
            story.late("edge2.lab", SourceKind.HAPROXY).until("10:00:02", s -> {
                nginx.served(1);
                haproxy.noServer(3);
            });
            story.until("10:00:20", s -> {
                nginx.refused(2);
                haproxy.noServer(3);
            });
            Incident early = story.incident();
            assertThat(early.startedAt()).isEqualTo(Story.time("10:00:02"));

            story.arrives("edge2.lab", SourceKind.HAPROXY).until("10:01:10", s -> {
                nginx.served(2);
                haproxy.served(3);
            });

            assertThat(story.incident()).isResolved();
            assertThat(story.incident().id()).isEqualTo(early.id());
            assertThat(story.incident().startedAt()).isEqualTo(Story.time("10:00:00"));
            assertThat(story.incident().requests().failed())
                    .containsEntry("502", 36L)
                    .containsEntry("503", 60L);
        }
    }

    @Test
    void a_proxy_that_is_silent_delays_the_incident_by_no_more_than_five_seconds_after_the_first_failure() {
        try (Story story = new Story()) {
            Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
            Haproxy haproxy = story.haproxy("be_orders/app1");
            story.until("10:00:00", s -> {
                nginx.served(5);
                haproxy.served(3);
            });
            story.until("10:00:20", s -> nginx.refused(5));
            assertThat(Duration.between(
                            story.revisions().getFirst().startedAt(),
                            story.revisions().getFirst().detectedAt()))
                    .isLessThanOrEqualTo(Duration.ofSeconds(6));
        }
    }
}
