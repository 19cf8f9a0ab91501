package dev.gatewatch.analyzer.story;

import static dev.gatewatch.analyzer.story.IncidentAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.wire.SourceKind;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Lines that come minutes after they were written, all at once, and lines of hosts whose clocks are far
/// ahead.
class OtherTimesStoriesTest {
    private static final List<SourceKind> OF_EDGE = List.of(SourceKind.NGINX_ACCESS, SourceKind.NGINX_ERROR);

    private final Story story = new Story();
    private final Nginx nginx = story.nginx(Lab.ORDERS, "/api/orders/1");
    private final Unit orders = story.unit("app1.lab", "orders.service");

    @AfterEach
    void end() {
        story.close();
    }

    /// Nothing of what the agents on edge1 and app1 read arrives.
    private void away() {
        OF_EDGE.forEach(source -> story.late("edge1.lab", source));
        story.late("app1.lab", SourceKind.JOURNALD).withoutFactsOf("edge1.lab", "app1.lab");
    }

    private void back() {
        OF_EDGE.forEach(source -> story.arrives("edge1.lab", source));
        story.arrives("app1.lab", SourceKind.JOURNALD).withFactsOf("edge1.lab").withFactsOf("app1.lab");
    }

    @Test
    void an_outage_that_came_and_went_while_the_agents_were_away_is_one_incident() {
        story.until("10:00:00", s -> nginx.served(5));
        away();
        story.until("10:02:00", s -> nginx.served(5));
        orders.stops();
        story.until("10:04:00", s -> nginx.refused(5));
        orders.starts();
        story.until("10:10:00", s -> nginx.served(5));
        assertThat(story.incidents()).isEmpty();

        back();
        story.until("10:20:00", s -> nginx.served(5));

        Incident incident = story.incident();
        assertThat(incident).isResolved().isCausedBy("backend_down/clean_stop").blames("app1.lab", "orders.service");
        assertThat(incident.startedAt()).isEqualTo(Story.time("10:02:00"));
        assertThat(incident.requests().failed()).containsEntry("502", 600L);
    }

    @Test
    void an_outage_whose_end_the_agents_missed_is_no_second_incident_when_they_are_back() {
        story.until("10:00:00", s -> nginx.served(5));
        orders.stops();
        story.until("10:00:30", s -> nginx.refused(5));
        assertThat(story.incident()).isOpen();
        away();
        story.until("10:05:00", s -> nginx.refused(5)).until("10:10:00", s -> nginx.served(5));
        assertThat(story.incident()).isOpen();

        back();
        story.until("10:12:00", s -> nginx.served(5));

        assertThat(story.incident()).isResolved();
        assertThat(story.incident().requests().failed()).containsEntry("502", 1_500L);
        assertThat(story.incident().lastFailureAt()).isEqualTo(Story.time("10:04:59"));
        story.at("10:30:00");
        assertThat(story.incidents()).hasSize(1);
    }

    @Test
    void what_was_told_and_is_over_is_not_told_again_by_lines_that_come_later() {
        story.until("10:00:00", s -> nginx.served(5));
        orders.stops();
        story.until("10:00:30", s -> nginx.refused(5)).until("10:01:30", s -> nginx.served(5));
        Incident resolved = story.incident();
        assertThat(resolved).isResolved();
        away();
        story.until("10:20:00", s -> nginx.served(5));

        back();
        story.again().until("10:25:00", s -> nginx.served(5));

        assertThat(story.incident().id()).isEqualTo(resolved.id());
        assertThat(story.incident().requests().failed())
                .isEqualTo(resolved.requests().failed());
    }

    /// A balancer writes a file each five minutes.
    @Test
    void an_outage_in_a_file_that_comes_once_in_five_minutes_is_noticed() {
        Alb alb = new Alb(story, Lab.ORDERS);
        story.late(Alb.COLLECTOR, SourceKind.ALB);
        for (int file = 1; file <= 3; file++) {
            String outage = "10:%02d:10".formatted(5 * file - 5);
            String end = "10:%02d:50".formatted(5 * file - 5);
            story.until(outage, s -> alb.served(2));
            if (file == 3) {
                orders.stops();
                story.until(end, s -> alb.noConnection(2));
                orders.starts();
            }
            story.until("10:%02d:00".formatted(5 * file), s -> alb.served(2));
            story.arrives(Alb.COLLECTOR, SourceKind.ALB).at("10:%02d:01".formatted(5 * file));
            story.late(Alb.COLLECTOR, SourceKind.ALB);
        }

        assertThat(story.incident()).isCausedBy("backend_down/clean_stop");
        assertThat(story.incident().startedAt()).isEqualTo(Story.time("10:10:10"));
        assertThat(story.incident().requests().failed()).containsEntry("502", 80L);
        story.at("10:20:00");
        assertThat(story.incident()).isResolved();
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
