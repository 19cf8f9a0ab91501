package dev.gatewatch.analyzer.burst;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CusumTest {
    /// Nothing is known: one of a thousand requests may fail.
    private static final Baseline USUAL = Baseline.UNKNOWN;

    private static List<Seconds.Total> seconds(int count, long requests, long failures) {
        return seconds(count, requests, failures, failures);
    }

    private static List<Seconds.Total> seconds(int count, long requests, long failures, long fresh) {
        return LongStream.range(0, count)
                .mapToObj(s -> new Seconds.Total(1_000 + s, requests, failures, fresh))
                .toList();
    }

    private static Sums sums(List<Seconds.Total> seconds) {
        return Sums.ZERO.with(seconds, USUAL);
    }

    private static Baseline usually(double share) {
        return new Baseline(1e9, share * 1e9, share * 1e9, 1);
    }

    @Test
    void nothing_and_nothing_but_answers_score_nothing() {
        assertThat(sums(List.of())).isEqualTo(Sums.ZERO);
        assertThat(sums(seconds(100, 50, 0))).isEqualTo(Sums.ZERO);
    }

    @Test
    void a_second_adds_no_more_than_the_clip_however_much_fails_in_it() {
        assertThat(sums(seconds(1, 100_000, 100_000)).tenfold().score()).isEqualTo(Cusum.CLIP);
        assertThat(sums(seconds(3, 9, 9)).tenfold()).isEqualTo(new Cusum(3 * Cusum.CLIP, 1_000, 27, 3));
    }

    @Test
    void a_lone_failure_adds_how_much_likelier_it_is_when_failures_are_raised() {
        assertThat(sums(seconds(1, 1, 1)).tenfold().score()).isCloseTo(Math.log(0.02 / 0.001), within(1e-9));
        Sums often = Sums.ZERO.with(seconds(1, 1, 1), usually(0.02));
        assertThat(often.tenfold().score()).isCloseTo(Math.log(10), within(1e-3));
        assertThat(often.half().score()).isCloseTo(Math.log(0.5 / 0.02), within(1e-3));
    }

    @Test
    void few_failures_among_many_answers_are_found_by_the_one_sum_and_many_among_few_by_the_other() {
        Sums few = sums(seconds(30, 20, 1));
        assertThat(few.tenfold().score()).isGreaterThan(16);
        assertThat(few.half()).isEqualTo(Cusum.ZERO);
        Sums many = Sums.ZERO.with(seconds(5, 1, 1), usually(0.02));
        assertThat(many.tenfold().score()).isLessThan(16);
        assertThat(many.half().score()).isGreaterThan(16);
    }

    @Test
    void answers_take_back_what_failures_added() {
        List<Seconds.Total> both = new ArrayList<>(seconds(2, 5, 5));
        both.add(new Seconds.Total(1_002, 10_000, 0, 0));
        both.add(new Seconds.Total(1_003, 1, 1, 1));
        assertThat(sums(both).tenfold().since()).isEqualTo(1_003);
        assertThat(sums(both).tenfold().failures()).isEqualTo(1);
    }

    @Test
    void failures_of_those_who_ask_again_count_in_the_third_sum_only() {
        Sums sums = sums(seconds(10, 5, 5, 0));
        assertThat(sums.tenfold()).isEqualTo(Cusum.ZERO);
        assertThat(sums.half()).isEqualTo(Cusum.ZERO);
        assertThat(sums.repeated().failures()).isEqualTo(50);
    }

    @Test
    void the_score_has_a_ceiling_so_that_it_comes_down_again() {
        assertThat(sums(seconds(120, 10, 10)).tenfold().score()).isEqualTo(Cusum.CAP);
    }

    @Test
    void more_failures_than_requests_do_not_make_it_negative() {
        assertThat(sums(seconds(1, 0, 7)).tenfold().score()).isEqualTo(Cusum.CLIP);
    }

    @Test
    void what_fails_as_often_as_usual_scores_low_even_where_much_fails() {
        assertThat(Sums.ZERO.with(seconds(120, 10, 3), usually(0.3)).tenfold().score())
                .isLessThan(8);
        assertThat(Sums.ZERO.with(seconds(10, 10, 10), usually(0.3)).tenfold().score())
                .isGreaterThan(16);
    }

    @Test
    void a_sum_goes_on_where_it_was_left() {
        List<Seconds.Total> all = seconds(20, 30, 1);
        Sums half = sums(all.subList(0, 10));
        assertThat(half.with(all.subList(10, 20), USUAL)).isEqualTo(sums(all));
    }
}
