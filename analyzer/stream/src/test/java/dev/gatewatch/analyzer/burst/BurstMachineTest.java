package dev.gatewatch.analyzer.burst;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import dev.gatewatch.analyzer.burst.Detector.Alarm;
import dev.gatewatch.analyzer.signal.Signal.Outcome;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// When a burst begins, what it counts, and when it is over.
class BurstMachineTest {
    private final Traffic traffic = new Traffic();

    /// Requests of one second at a steady rate, be it below one a second.
    private static long steady(double perSecond, int second) {
        return (long) (perSecond * (second + 1)) - (long) (perSecond * second);
    }

    @ParameterizedTest
    @CsvSource({"0.2, 30", "1, 7", "5, 5", "100, 5", "10000, 5"})
    void a_total_outage_is_noticed_within_seconds_at_every_rate(double perSecond, int within) {
        for (int s = 0; s < 300; s++) {
            traffic.served(steady(perSecond, s)).second();
        }
        assertThat(traffic.isBursting()).isFalse();
        int took = 0;
        while (!traffic.isBursting() && took < 200) {
            traffic.failed(steady(perSecond, took++)).second();
        }
        assertThat(took).isLessThanOrEqualTo(within);
    }

    @Test
    void an_outage_of_a_service_that_was_never_heard_of_is_noticed_as_fast() {
        traffic.seconds(4, () -> traffic.failed(5));
        assertThat(traffic.isBursting()).isTrue();
    }

    @Test
    void five_of_a_hundred_requests_that_fail_are_noticed() {
        traffic.seconds(120, () -> traffic.served(100));
        traffic.seconds(6, () -> traffic.served(95).failed(5));
        assertThat(traffic.isBursting()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 5, 50, 5_000})
    void one_clump_of_retries_within_a_second_is_no_burst_and_not_even_suspicious(long clump) {
        traffic.seconds(60, () -> traffic.served(5));
        traffic.failed(clump).second();
        traffic.seconds(60, () -> traffic.served(5));
        assertThat(traffic.highestAlarm()).isEqualTo(Alarm.NONE);
    }

    @Test
    void a_clump_that_falls_into_two_seconds_is_no_burst() {
        traffic.seconds(60, () -> traffic.served(5));
        traffic.failed(40).second().failed(40).second();
        traffic.seconds(60, () -> traffic.served(5));
        assertThat(traffic.bursts()).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 1, 20, 1000})
    void healthy_traffic_with_clumps_of_retries_never_bursts(double perSecond) {
        long seed = Double.doubleToLongBits(perSecond);
        Random random = new Random(seed);
        for (int s = 0; s < 4_000; s++) {
            traffic.served(steady(perSecond, s));
            if (random.nextInt(300) == 0) {
                traffic.failedFor(random.nextInt(200), 1 + random.nextInt(8));
            }
            traffic.second();
        }
        assertThat(traffic.bursts()).as("seed %d", seed).isZero();
    }

    /// Doubling pauses: 0.2 s, 0.4 s and so on.
    @Test
    void a_client_that_tries_again_eight_times_is_no_burst_however_little_else_is_asked_for() {
        traffic.seconds(60, () -> traffic.served(0));
        int[] tries = {3, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1};
        for (int failures : tries) {
            traffic.failedFor(7, failures).second();
        }
        traffic.silence(12).failedFor(7, 1).second();
        assertThat(traffic.bursts()).isZero();
    }

    @Test
    void three_clients_that_try_again_at_once_are_no_burst() {
        traffic.seconds(60, () -> traffic.served(1));
        for (int client = 0; client < 3; client++) {
            traffic.served(1).failedFor(client, 2).second();
            traffic.served(1).failedFor(client, 1).second();
            traffic.served(1).failedFor(client, 1).second();
        }
        assertThat(traffic.bursts()).isZero();
    }

    @Test
    void one_client_whose_requests_fail_each_second_among_ten_others_is_told_of_after_five_minutes() {
        traffic.seconds(600, () -> traffic.served(10));
        traffic.seconds(290, () -> traffic.served(10).failedFor(7, 1));
        assertThat(traffic.bursts()).isZero();
        traffic.seconds(11, () -> traffic.served(10).failedFor(7, 1));
        assertThat(traffic.bursts()).isEqualTo(1);
        assertThat(traffic.burst().startedAt()).isEqualTo(Traffic.START + 600_000);
    }

    /// Four clients that ask for one page.
    @Test
    void a_total_outage_is_noticed_though_something_was_served_in_its_first_second() {
        traffic.seconds(20, () -> traffic.served(4));
        traffic.served(3);
        for (int client = 0; client < 4; client++) {
            traffic.failedFor(client, 1);
        }
        traffic.second();
        traffic.seconds(4, () -> {
            for (int client = 0; client < 4; client++) {
                traffic.failedFor(client, 1);
            }
        });
        assertThat(traffic.bursts()).isEqualTo(1);
    }

    /// As behind a load balancer that does not tell its clients, before a service with one path.
    @Test
    void half_of_the_requests_that_fail_are_noticed_within_half_a_minute_though_all_seem_to_be_of_one_client() {
        traffic.seconds(600, () -> traffic.served(10));
        traffic.seconds(31, () -> traffic.served(5).failedFor(7, 5));
        assertThat(traffic.bursts()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 14", "10, 5", "1000, 5"})
    void a_total_outage_is_noticed_soon_though_all_requests_seem_to_be_of_one_client(long perSecond, int within) {
        traffic.seconds(300, () -> traffic.served(perSecond));
        traffic.seconds(within, () -> traffic.failedFor(7, perSecond));
        assertThat(traffic.bursts()).isEqualTo(1);
    }

    /// A server of two is down, and all clients seem to be three.
    @Test
    void few_clients_are_enough_where_their_requests_fail_again_and_again() {
        traffic.seconds(600, () -> traffic.served(10));
        for (int s = 0; s < 35; s++) {
            traffic.served(7).failedFor(s % 3, 3).second();
        }
        assertThat(traffic.bursts()).isEqualTo(1);
    }

    @Test
    void who_asks_again_is_the_same_through_whichever_proxy() {
        Traffic first = new Traffic("edge1");
        for (int s = 0; s < 12; s++) {
            first.served(5).failedFor(s % 2, 1).second();
            first.throughProxy(s % 2 == 0 ? "edge2" : "edge1");
        }
        assertThat(first.bursts()).isZero();
        for (int s = 0; s < 12; s++) {
            first.served(5).failedFor(s, 1).second();
            first.throughProxy(s % 2 == 0 ? "edge2" : "edge1");
        }
        assertThat(first.bursts()).isEqualTo(1);
    }

    @Test
    void tries_that_were_saved_never_begin_a_burst() {
        traffic.seconds(120, () -> traffic.requests(Outcome.MASKED, 200, 20).tries("connect_refused", 20));
        assertThat(traffic.highestAlarm()).isEqualTo(Alarm.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {499, 404, 500, 400})
    void answers_that_are_not_the_gateways_never_begin_a_burst(int status) {
        traffic.seconds(120, () -> traffic.requests(Outcome.SERVED, status, 20));
        traffic.seconds(120, () -> traffic.requests(Outcome.ASIDE, status, 20));
        assertThat(traffic.highestAlarm()).isEqualTo(Alarm.NONE);
    }

    @Test
    void an_error_that_a_server_answered_itself_begins_one() {
        traffic.seconds(10, () -> traffic.requests(Outcome.PASSED_THROUGH, 503, 5));
        assertThat(traffic.burst().passed())
                .isEqualTo(traffic.burst().failures())
                .isEqualTo(50);
        assertThat(traffic.burst().failed()).containsExactly(entry(503, 50L));
    }

    @Test
    void a_proxy_without_access_log_is_heard_by_its_error_log() {
        traffic.seconds(10, () -> traffic.tries("connect_refused", 3).tries("upstream_timeout_header", 1));
        assertThat(traffic.burst().failed()).containsExactly(entry(502, 30L), entry(504, 10L));
    }

    @Test
    void lines_of_the_error_log_that_are_no_tries_begin_nothing() {
        traffic.seconds(
                60,
                () -> traffic.tries("upstream_closed_body", 5)
                        .tries("server_temporarily_disabled", 5)
                        .tries("fcgi_stderr", 5));
        assertThat(traffic.highestAlarm()).isEqualTo(Alarm.NONE);
    }

    @Test
    void failures_that_both_logs_tell_of_count_once() {
        traffic.seconds(60, () -> traffic.served(5));
        traffic.seconds(20, () -> traffic.failed(5).tries("connect_refused", 5));
        assertThat(traffic.burst().failed()).containsExactly(entry(502, 100L));
        assertThat(traffic.burst().requests()).isEqualTo(100);
        assertThat(traffic.state().endpoints())
                .singleElement()
                .satisfies(e -> assertThat(e.failures()).isEqualTo(100));
    }

    @Test
    void a_burst_begins_with_its_first_failure_and_counts_from_there() {
        traffic.seconds(60, () -> traffic.served(5));
        long first = Traffic.START + 60_000;
        traffic.seconds(10, () -> traffic.failed(4).requests(Outcome.MASKED, 200, 1));
        assertThat(traffic.burst().startedAt()).isEqualTo(first);
        assertThat(traffic.burst().failures()).isEqualTo(40);
        assertThat(traffic.burst().masked()).isEqualTo(10);
        assertThat(traffic.burst().requests()).isEqualTo(50);
        assertThat(traffic.burst().lastFailureAt()).isEqualTo(first + 9_500);
        assertThat(traffic.burst().detectedAt()).isBetween(first + 3_000, first + 5_000);
    }

    @Test
    void a_burst_is_over_when_requests_are_served_again_for_a_while() {
        traffic.seconds(10, () -> traffic.failed(5));
        traffic.seconds(29, () -> traffic.served(5));
        assertThat(traffic.isBursting()).isTrue();
        traffic.seconds(2, () -> traffic.served(5));
        assertThat(traffic.isBursting()).isFalse();
    }

    @Test
    void a_burst_whose_clients_have_gone_is_over_only_after_long_silence() {
        traffic.seconds(10, () -> traffic.failed(5));
        traffic.silence(118);
        assertThat(traffic.isBursting()).isTrue();
        traffic.silence(3);
        assertThat(traffic.isBursting()).isFalse();
    }

    @Test
    void two_answers_are_not_enough_to_call_it_over() {
        traffic.seconds(10, () -> traffic.failed(5)).served(2).second().silence(60);
        assertThat(traffic.isBursting()).isTrue();
    }

    @Test
    void a_failure_now_and_then_keeps_a_burst_going() {
        traffic.seconds(10, () -> traffic.failed(5));
        for (int i = 0; i < 10; i++) {
            traffic.seconds(20, () -> traffic.served(5)).failed(1);
        }
        assertThat(traffic.isBursting()).isTrue();
        assertThat(traffic.bursts()).isEqualTo(1);
    }

    @Test
    void the_failures_of_a_burst_that_ended_do_not_begin_another() {
        traffic.seconds(10, () -> traffic.failed(5));
        traffic.seconds(100, () -> traffic.served(5));
        assertThat(traffic.isBursting()).isFalse();
        assertThat(traffic.bursts()).isEqualTo(1);
        traffic.seconds(10, () -> traffic.failed(5));
        assertThat(traffic.bursts()).isEqualTo(2);
        assertThat(traffic.burst().startedAt()).isEqualTo(Traffic.START + 110_000);
    }

    @Test
    void an_agent_that_catches_up_on_old_lines_does_not_end_what_they_begin() {
        traffic.behind(3_600);
        for (int s = 0; s < 20; s++) {
            traffic.failed(5).read().nextEventSecond();
        }
        assertThat(traffic.isBursting()).isTrue();
        traffic.silence(100);
        assertThat(traffic.isBursting()).isTrue();
        traffic.silence(30);
        assertThat(traffic.isBursting()).isFalse();
    }

    @Test
    void old_lines_of_a_burst_and_of_its_end_that_come_at_once_tell_both() {
        traffic.behind(3_600);
        for (int s = 0; s < 20; s++) {
            traffic.failed(5).read().nextEventSecond();
        }
        for (int s = 0; s < 40; s++) {
            traffic.served(5).read().nextEventSecond();
        }
        assertThat(traffic.machine().isOver(traffic.state(), traffic.wall(), true))
                .isTrue();
        assertThat(traffic.bursts()).isEqualTo(1);
    }

    @Test
    void lines_that_arrive_out_of_order_count_alike() {
        Traffic ordered = new Traffic();
        ordered.seconds(60, () -> ordered.served(5));
        ordered.seconds(10, () -> ordered.failed(5));
        traffic.seconds(60, () -> traffic.served(5));
        for (int second : new int[] {4, 2, 0, 1, 3, 9, 7, 8, 5, 6}) {
            traffic.behind(-second).failed(5).read();
        }
        assertThat(traffic.burst().failed()).isEqualTo(ordered.burst().failed());
        assertThat(traffic.burst().lastFailureAt()).isEqualTo(ordered.burst().lastFailureAt());
    }

    @Test
    void a_share_of_failures_that_is_usual_is_no_burst_but_much_more_of_it_is() {
        Random random = new Random(7);
        for (int s = 0; s < 3_000; s++) {
            int failures = random.nextInt(100) == 0 ? 1 : 0;
            traffic.served(20 - failures).failed(failures).second();
        }
        assertThat(traffic.bursts()).isZero();
        traffic.seconds(10, () -> traffic.served(10).failed(10));
        assertThat(traffic.bursts()).isEqualTo(1);
    }

    @Test
    void a_day_of_traffic_costs_no_more_than_three_minutes_of_it() {
        Traffic day = new Traffic();
        for (int s = 0; s < 100_000; s++) {
            day.served(3);
            day.tries("connect_refused", s % 10 == 0 ? 1 : 0);
            day.requests(Outcome.MASKED, 200, s % 10 == 0 ? 1 : 0);
            day.second();
            if (s % 5_000 == 4_999) {
                assertThat(day.state().seconds().all()).hasSizeLessThanOrEqualTo(186);
                assertThat(day.state().seen()).hasSizeLessThanOrEqualTo(64);
                assertThat(day.state().endpoints()).hasSize(1);
            }
        }
        assertThat(day.bursts()).isZero();
    }

    /// Who reads nothing hears nothing, which is not the service's silence.
    @Test
    void a_burst_is_not_over_because_nobody_read_lines_for_a_while() {
        traffic.seconds(60, () -> traffic.served(50));
        traffic.seconds(20, () -> traffic.failed(50));
        traffic.standsStill(600);
        assertThat(traffic.isOver()).isFalse();
        traffic.seconds(119, () -> {});
        assertThat(traffic.burst()).isNotNull();
        traffic.seconds(3, () -> {});
        assertThat(traffic.burst()).isNull();
    }

    @Test
    void silence_of_which_nobody_knows_what_it_means_ends_a_burst_after_six_hours() {
        traffic.seconds(60, () -> traffic.served(50));
        traffic.seconds(20, () -> traffic.failed(50));
        long sixHours = traffic.burst().lastFailureAt() + 6 * 3_600_000;
        assertThat(traffic.machine().isOver(traffic.state(), sixHours - 10_000, true))
                .isTrue();
        assertThat(traffic.machine().isOver(traffic.state(), sixHours - 10_000, false))
                .isFalse();
        assertThat(traffic.machine().isOver(traffic.state(), sixHours + 10_000, false))
                .isTrue();
    }

    /// An agent that was away for ten minutes, in which all requests failed for one.
    @Test
    void an_outage_of_the_time_in_which_an_agent_was_away_is_noticed() {
        traffic.seconds(300, () -> traffic.served(5));
        traffic.silence(600).behind(600);
        for (int s = 0; s < 60; s++) {
            traffic.failed(5).read().nextEventSecond();
        }
        assertThat(traffic.bursts()).isEqualTo(1);
        assertThat(traffic.burst().startedAt()).isEqualTo(Traffic.START + 300_000);
        for (int s = 60; s < 600; s++) {
            traffic.served(5).read().nextEventSecond();
        }
        assertThat(traffic.burst().failures()).isEqualTo(300);
        assertThat(traffic.isOver()).isTrue();
    }

    @Test
    void lines_that_were_held_up_do_not_turn_the_clock_back_while_others_are_heard() {
        traffic.seconds(300, () -> traffic.served(5));
        long now = traffic.state().clock().at(traffic.wall());
        traffic.throughProxy("edge2").behind(250).failed(1).read();
        assertThat(traffic.state().clock().at(traffic.wall())).isEqualTo(now);
    }

    @Test
    void lines_that_come_again_after_a_silence_do_not_turn_the_clock_back() {
        traffic.seconds(300, () -> traffic.served(5));
        traffic.seconds(20, () -> traffic.failed(5));
        traffic.seconds(60, () -> traffic.served(5));
        assertThat(traffic.isBursting()).isFalse();
        traffic.silence(600).behind(640);
        for (int s = 0; s < 30; s++) {
            traffic.failed(5).read().nextEventSecond();
        }
        assertThat(traffic.bursts()).isEqualTo(1);
    }

    @Test
    void a_servers_failures_count_through_pauses_that_the_burst_survives() {
        traffic.seconds(10, () -> traffic.failed(5));
        traffic.silence(90).failed(5).second();
        assertThat(traffic.bursts()).isEqualTo(1);
        assertThat(traffic.burst().failures()).isEqualTo(55);
        assertThat(traffic.state().endpoints())
                .singleElement()
                .satisfies(e -> assertThat(e.failures()).isEqualTo(55));
    }

    @Test
    void a_servers_failures_long_before_a_burst_do_not_count_in_it() {
        traffic.server("10.85.0.22:8082").failed(1).second();
        traffic.seconds(120, () -> traffic.served(5));
        traffic.server("10.85.0.21:8081").seconds(10, () -> traffic.failed(5));
        traffic.server("10.85.0.22:8082").failed(2).second();
        assertThat(traffic.isBursting()).isTrue();
        assertThat(traffic.state().endpoints())
                .extracting(Endpoint::address, Endpoint::failures)
                .containsExactlyInAnyOrder(tuple("10.85.0.22:8082", 2L), tuple("10.85.0.21:8081", 50L));
    }

    @Test
    void a_servers_failures_in_a_burst_do_not_count_in_the_next_one() {
        traffic.seconds(10, () -> traffic.failed(5));
        traffic.seconds(35, () -> traffic.served(5));
        assertThat(traffic.isBursting()).isFalse();
        traffic.seconds(10, () -> traffic.failed(5));
        assertThat(traffic.bursts()).isEqualTo(2);
        assertThat(traffic.state().endpoints())
                .singleElement()
                .satisfies(e -> assertThat(e.failures()).isEqualTo(50));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:9000, 2", "unix:/run/php/php8.2-fpm.sock, 2", "10.85.0.21:9000, 1"})
    void an_address_of_the_proxys_own_host_is_another_server_on_each(String address, int servers) {
        traffic.server(address).failed(3).read();
        traffic.throughProxy("edge2").failed(4).read();
        assertThat(traffic.state().endpoints()).hasSize(servers);
        assertThat(traffic.state().endpoints().getFirst().proxyHost()).isEqualTo("edge1");
    }

    /// A line's stamp is a stranger's word.
    @Test
    void lines_dated_long_ago_do_not_pass_for_the_beginning_of_what_is_going_on() {
        traffic.seconds(60, () -> traffic.served(50));
        traffic.seconds(20, () -> traffic.failed(50).tries("connect_refused", 50));
        ServiceState before = traffic.state();
        Traffic late = traffic.behind(400_000_000);
        late.failed(1).tries("connect_refused", 1).read();

        assertThat(traffic.state().endpoints()).isEqualTo(before.endpoints());
        assertThat(traffic.state().seen()).isEqualTo(before.seen());
        assertThat(traffic.burst()).isEqualTo(before.burst());
        assertThat(traffic.state().clock()).isEqualTo(before.clock());
    }
}
