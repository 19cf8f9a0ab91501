package dev.gatewatch.analyzer.burst;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/// What fails too seldom to show within seconds, and when that is over.
class HoursTest {
    private static final int HOUR = 3_600;
    private final Traffic traffic = new Traffic();

    /// Two requests a second for a while; each minute one fails.
    private Traffic trickle(int minutes) {
        for (int i = 0; i < minutes; i++) {
            traffic.failed(1).served(1).second();
            traffic.seconds(59, () -> traffic.served(2));
        }
        return traffic;
    }

    /// A request every ten seconds.
    private Traffic slow(int requests, int oneFailsOf) {
        for (int i = 0; i < requests; i++) {
            if (oneFailsOf > 0 && i % oneFailsOf == 0) {
                traffic.failed(1);
            } else {
                traffic.served(1);
            }
            traffic.second().silence(9);
        }
        return traffic;
    }

    @Test
    void a_tenth_of_rare_requests_that_fails_is_noticed_within_half_an_hour_and_is_one_burst_until_it_ends() {
        slow(1_500, 0);
        long began = Traffic.START + 15_000_000;
        slow(180, 10);
        assertThat(traffic.bursts()).isEqualTo(1);
        assertThat(traffic.burst().startedAt()).isBetween(began, began + 1_000);
        assertThat(traffic.burst().failures()).isEqualTo(18);
        slow(1_000, 10);
        assertThat(traffic.isBursting()).isTrue();
        assertThat(traffic.bursts()).isEqualTo(1);
        slow(60, 0);
        assertThat(traffic.isBursting()).isTrue();
        slow(60, 0);
        assertThat(traffic.isBursting()).isFalse();
        slow(360, 0);
        assertThat(traffic.bursts()).isEqualTo(1);
    }

    @Test
    void one_failure_a_minute_that_is_usual_begins_nothing() {
        trickle(300);
        assertThat(traffic.bursts()).isZero();
    }

    @Test
    void one_failure_a_minute_where_there_was_none_is_noticed_within_an_hour() {
        traffic.seconds(3 * HOUR, () -> traffic.served(2));
        trickle(60);
        assertThat(traffic.bursts()).isEqualTo(1);
    }

    @Test
    void what_fails_of_a_service_that_is_hardly_known_is_soon_taken_for_usual() {
        slow(400, 10);
        assertThat(traffic.bursts()).isZero();
    }

    @Test
    void a_burst_that_began_before_the_seconds_that_are_kept_has_counts_from_then_on() {
        slow(1_500, 0);
        slow(60, 5);
        assertThat(traffic.burst().startedAt()).isEqualTo(Traffic.START + 15_000_000);
        assertThat(traffic.burst().failures()).isEqualTo(12);
    }

    @Test
    void days_of_traffic_take_no_more_room_than_hours_of_it() {
        for (int i = 0; i < 12 * HOUR; i++) {
            traffic.served(2).second();
        }
        assertThat(traffic.state().hours().slots()).hasSizeBetween(35, 36);
    }

    @Test
    void a_state_that_was_written_before_there_were_hours_and_sums_can_be_read() throws IOException {
        slow(100, 0);
        JsonMapper json = new JsonMapper();
        String now = json.writeValueAsString(traffic.state());
        assertThat(json.readValue(now, ServiceState.class)).isEqualTo(traffic.state());
        String before = now.replaceFirst("\"hours\":\\{.*?\\]\\},\"sums\":\\{.*?\\}\\},", "");
        assertThat(before).doesNotContain("hours", "sums").hasSizeLessThan(now.length());
        assertThat(json.readValue(before, ServiceState.class).hours()).isEqualTo(Hours.NONE);
        assertThat(json.readValue(before, ServiceState.class).sums()).isEqualTo(Sums.ZERO);
    }

    @Test
    void a_state_tells_who_asked_for_what_failed() throws IOException {
        JsonMapper json = new JsonMapper();
        traffic.served(3).second();
        traffic.failed(2).tries("connect_refused", 1).second();
        ServiceState read = json.readValue(json.writeValueAsString(traffic.state()), ServiceState.class);
        assertThat(read).isEqualTo(traffic.state());
        assertThat(read.seconds().all().getLast().proxies())
                .flatExtracting(proxy -> proxy.counts().askers().hashes())
                .containsExactly(1_000_000, 1_000_001);
    }
}
