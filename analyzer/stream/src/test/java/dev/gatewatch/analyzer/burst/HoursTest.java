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
    void nothing_is_said_of_a_service_that_is_hardly_known() {
        slow(60, 0);
        slow(60, 5);
        assertThat(traffic.bursts()).isZero();
    }

    @Test
    void ten_failures_are_needed_and_a_share_that_is_raised_beyond_doubt() {
        assertThat(Hours.isAbove(0.01, 360, 18)).isTrue();
        assertThat(Hours.isAbove(0.01, 360, 4)).isFalse();
        assertThat(Hours.isAbove(0.01, 1_000, 10)).isFalse();
        assertThat(Hours.isAbove(1, 10, 10)).isFalse();
        assertThat(Hours.isAbove(0.5, 30, 30)).isTrue();
        assertThat(Hours.isAbove(0.01, 2_000_000_000L, 30_000_000L)).isTrue();
    }

    /// The bound stands for the sum that it bounds: the tail of the binomial distribution.
    @Test
    void is_never_surer_than_the_beta_distribution_is() {
        int checked = 0;
        for (int n = 10; n <= 400; n += 13) {
            for (int k = 0; k <= n; k++) {
                if (Hours.isAbove(0.05, n, k)) {
                    assertThat(tail(n + 1, 0.05, k + 1)).as("%d of %d", k, n).isLessThan(0.001);
                    checked++;
                }
            }
        }
        assertThat(checked).isGreaterThan(1_000);
    }

    /// Probability of `least` or more of `n`.
    private static double tail(int n, double share, int least) {
        double term = Math.pow(1 - share, n);
        double sum = least <= 0 ? term : 0;
        for (int i = 1; i <= n; i++) {
            term *= (n - i + 1) / (double) i * share / (1 - share);
            sum += i >= least ? term : 0;
        }
        return sum;
    }

    @Test
    void days_of_traffic_take_no_more_room_than_hours_of_it() {
        for (int i = 0; i < 12 * HOUR; i++) {
            traffic.served(2).second();
        }
        assertThat(traffic.state().hours().slots()).hasSizeBetween(35, 36);
    }

    @Test
    void a_state_that_was_written_before_there_were_hours_can_be_read() throws IOException {
        slow(100, 0);
        JsonMapper json = new JsonMapper();
        String now = json.writeValueAsString(traffic.state());
        assertThat(json.readValue(now, ServiceState.class)).isEqualTo(traffic.state());
        String before = now.replaceFirst("\"hours\":\\{\"slots\":\\[.*?\\]\\},", "");
        assertThat(before).doesNotContain("hours").hasSizeLessThan(now.length());
        assertThat(json.readValue(before, ServiceState.class).hours()).isEqualTo(Hours.NONE);
    }
}
