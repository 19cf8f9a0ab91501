package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Lines of hosts whose clocks are far ahead.
class FutureStoriesTest {
    private final Story story = new Story();
    private final Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
    private final Unit orders = story.unit("app1.lab", "orders.service");

    @AfterEach
    void end() {
        story.close();
    }

    /// As of a host that starts with a wrong clock, before it has asked what time it is.
    @Test
    void an_outage_is_noticed_though_a_line_of_the_future_came_before_it() {
        story.until("10:00:00", s -> nginx.served(5));
        story.clockAhead("edge1.lab", 600)
                .until("10:00:01", s -> nginx.served(1))
                .clockAhead("edge1.lab", 0);
        story.until("10:01:00", s -> nginx.served(5));
        orders.stops();
        story.until("10:01:30", s -> nginx.refused(5));

        assertThat(story.incident()).isOpen().isCausedBy("backend_down/clean_stop");
        assertThat(story.incident().startedAt()).isEqualTo(Story.time("10:01:00"));
    }

    @Test
    void an_outage_is_noticed_though_the_proxys_clock_is_ten_minutes_ahead() {
        story.clockAhead("edge1.lab", 600).until("10:01:00", s -> nginx.served(5));
        story.until("10:01:30", s -> nginx.refused(5));

        assertThat(story.incident()).isOpen();
        assertThat(story.incident().startedAt()).isEqualTo(Story.time("10:01:00"));
    }
}
