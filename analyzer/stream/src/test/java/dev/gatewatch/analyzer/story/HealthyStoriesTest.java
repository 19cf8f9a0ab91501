package dev.gatewatch.analyzer.story;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What happens every day and is no incident.
class HealthyStoriesTest {
    private final Story story = new Story();
    private final Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
    private final Haproxy haproxy = story.haproxy("be_orders/app1");

    @AfterEach
    void none() {
        assertThat(story.incidents()).isEmpty();
        story.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 500, 501})
    void answers_of_the_application_are_its_own_business(int status) {
        story.until("10:01:00", s -> {
            nginx.answered(20, status);
            haproxy.answered(20, status);
        });
    }

    @Test
    void clients_that_give_up_are_no_failures() {
        story.until("10:01:00", s -> nginx.givenUpByTheClient(20));
    }

    @Test
    void a_clump_of_retries_within_one_second_is_no_burst() {
        story.until("10:00:00", s -> nginx.served(5));
        nginx.refused(50);
        story.until("10:01:00", s -> nginx.served(5));
    }

    @Test
    void a_failure_now_and_then_is_no_burst() {
        story.until("10:10:00", s -> {
            nginx.served(50);
            if (s.now().getEpochSecond() % 60 == 0) {
                nginx.reset(1);
            }
        });
    }

    @Test
    void reloads_and_restarts_that_nobody_notices_are_no_incident() {
        story.until("10:00:00", s -> nginx.served(5));
        story.unit("edge1.lab", "nginx.service").reloads();
        story.unit("app1.lab", "orders.service").stopsForRestart();
        story.unit("app1.lab", "orders.service").starts();
        story.until("10:01:00", s -> nginx.served(5));
    }

    @Test
    void lines_of_every_sort_that_nobody_understands_are_no_incident() {
        story.until("10:00:00", s -> {
            for (var source : dev.gatewatch.wire.SourceKind.values()) {
                s.line("edge1.lab", source, "\u0000 502 503 504 upstream Connection refused \ufffd{");
            }
        });
    }
}
