package dev.gatewatch.analyzer.burst;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CusumTest {
    private static final double USUAL = 0.001;

    private static List<ServiceState.Second> seconds(int count, long requests, long failures) {
        return LongStream.range(0, count)
                .mapToObj(s -> new ServiceState.Second(1_000 + s, requests, failures))
                .toList();
    }

    @Test
    void nothing_and_nothing_but_answers_score_nothing() {
        assertThat(Cusum.of(List.of(), 0, USUAL)).isEqualTo(Cusum.ZERO);
        assertThat(Cusum.of(seconds(100, 50, 0), 0, USUAL)).isEqualTo(Cusum.ZERO);
    }

    @Test
    void a_second_adds_no_more_than_the_clip_however_much_fails_in_it() {
        assertThat(Cusum.of(seconds(1, 100_000, 100_000), 0, USUAL).score()).isEqualTo(Cusum.CLIP);
        assertThat(Cusum.of(seconds(3, 9, 9), 0, USUAL))
                .isEqualTo(new Cusum(3 * Cusum.CLIP, 3 * Cusum.CLIP, 1_000, 27, 3, 0));
    }

    @Test
    void a_lone_failure_adds_how_much_likelier_it_is_when_failures_are_raised() {
        assertThat(Cusum.of(seconds(1, 1, 1), 0, USUAL).score()).isCloseTo(Math.log(0.02 / USUAL), within(1e-9));
    }

    @Test
    void answers_take_back_what_failures_added() {
        List<ServiceState.Second> both = new java.util.ArrayList<>(seconds(2, 5, 5));
        both.add(new ServiceState.Second(1_002, 10_000, 0));
        both.add(new ServiceState.Second(1_003, 1, 1));
        assertThat(Cusum.of(both, 0, USUAL).since()).isEqualTo(1_003);
        assertThat(Cusum.of(both, 0, USUAL).failures()).isEqualTo(1);
    }

    @Test
    void the_score_has_a_ceiling_so_that_it_comes_down_again() {
        assertThat(Cusum.of(seconds(120, 10, 10), 0, USUAL).score()).isEqualTo(32);
    }

    @Test
    void more_failures_than_requests_do_not_make_it_negative() {
        assertThat(Cusum.of(seconds(1, 0, 7), 0, USUAL).score()).isEqualTo(Cusum.CLIP);
    }

    @Test
    void what_fails_as_often_as_usual_scores_low_even_where_much_fails() {
        assertThat(Cusum.of(seconds(120, 10, 3), 0, 0.3).score()).isLessThan(8);
        assertThat(Cusum.of(seconds(10, 10, 10), 0, 0.3).score()).isGreaterThan(16);
    }

    @Test
    void what_two_clients_try_within_three_seconds_adds_no_more_than_the_clip() {
        assertThat(Cusum.of(seconds(3, 2, 2), 0, USUAL).score()).isEqualTo(Cusum.CLIP);
        assertThat(Cusum.of(seconds(3, 3, 3), 0, USUAL).score()).isEqualTo(3 * Cusum.CLIP);
        assertThat(Cusum.of(seconds(4, 2, 2), 0, USUAL).score()).isEqualTo(2 * Cusum.CLIP);
    }

    @Test
    void seconds_before_those_that_are_looked_at_add_nothing() {
        assertThat(Cusum.of(seconds(10, 9, 9), 1_009, USUAL).failures()).isEqualTo(9);
    }
}
