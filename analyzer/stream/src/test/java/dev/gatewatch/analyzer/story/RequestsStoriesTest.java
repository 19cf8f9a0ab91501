package dev.gatewatch.analyzer.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What an incident tells of the requests.
class RequestsStoriesTest {
    private final Story story = new Story();
    private final Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
    private final Unit orders = story.unit("app1.lab", "orders.service");

    @AfterEach
    void end() {
        story.close();
    }

    @Test
    void requests_per_second_show_how_a_long_incident_ends() {
        story.until("10:00:00", s -> nginx.served(5));
        orders.stops();
        story.until("10:05:00", s -> nginx.refused(5)).until("10:06:00", s -> nginx.served(5));

        List<List<Long>> rows = story.incident().requests().perSecond();
        long last = Story.time("10:04:59").getEpochSecond();
        assertThat(rows).hasSize(120).contains(List.of(last, 5L, 5L), List.of(last + 1, 5L, 0L));
    }
}
