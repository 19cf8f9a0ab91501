package dev.gatewatch.analyzer.burst;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SecondsTest {
    private static final long SEED = 20261127;

    private final Seconds.Edit edit = new Seconds.Edit(Seconds.NONE);

    private void requests(long second, String proxy, long requests) {
        edit.change(second, proxy, before -> before.and(Counts.ofRequests(requests)));
    }

    @Test
    void whatever_the_order_in_which_counts_come_they_stand_as_in_a_sorted_map() {
        Random random = new Random(SEED);
        SortedMap<Long, SortedMap<String, Long>> plain = new TreeMap<>();
        Seconds seconds = Seconds.NONE;
        for (int round = 0; round < 500; round++) {
            Seconds.Edit more = new Seconds.Edit(seconds);
            for (int i = random.nextInt(5); i > 0; i--) {
                long second = random.nextLong(-20, 200);
                String proxy = "nginx@edge" + random.nextInt(6);
                long requests = random.nextLong(1, 100);
                more.change(second, proxy, before -> before.and(Counts.ofRequests(requests)));
                plain.computeIfAbsent(second, s -> new TreeMap<>()).merge(proxy, requests, Long::sum);
            }
            seconds = more.seconds();
        }
        assertThat(asMap(seconds)).isEqualTo(plain);
        for (long from = -22; from < 203; from += 3) {
            assertThat(asMap(seconds.from(from))).isEqualTo(plain.tailMap(from));
            assertThat(asMap(new Seconds(seconds.between(from, from + 40)))).isEqualTo(plain.subMap(from, from + 40));
            assertThat(seconds.contains(from)).isEqualTo(plain.containsKey(from));
        }
        assertThat(seconds.first()).isEqualTo(plain.firstKey());
        assertThat(seconds.last()).isEqualTo(plain.lastKey());
        assertThat(seconds.size())
                .isEqualTo(plain.values().stream().mapToInt(Map::size).sum());
    }

    private static SortedMap<Long, SortedMap<String, Long>> asMap(Seconds seconds) {
        SortedMap<Long, SortedMap<String, Long>> map = new TreeMap<>();
        for (Seconds.Second second : seconds.all()) {
            SortedMap<String, Long> byProxy = new TreeMap<>();
            second.proxies().forEach(p -> byProxy.put(p.name(), p.counts().requests()));
            map.put(second.number(), byProxy);
        }
        return map;
    }

    @Test
    void a_change_leaves_what_was_there_before_as_it_was() {
        requests(7, "nginx@edge", 1);
        Seconds before = edit.seconds();
        requests(7, "nginx@edge", 10);
        requests(8, "nginx@edge", 10);
        assertThat(before.totals(0, 9_999)).containsExactly(new Seconds.Total(7, 1, 0, 0));
    }

    @Test
    void a_thousand_proxies_of_one_second_are_counted_but_not_all_told_apart() {
        for (int proxy = 0; proxy < 1_000; proxy++) {
            requests(7, "haproxy@lb" + proxy, 2);
            requests(7, Seconds.relay("haproxy@lb" + proxy), 1);
        }
        requests(7, "haproxy@lb999", 3);
        Seconds seconds = edit.seconds();
        assertThat(seconds.size()).isBetween(Seconds.MOST_PROXIES, Seconds.MOST_PROXIES + 2);
        assertThat(seconds.all().getFirst().proxies())
                .extracting(Seconds.Proxy::name)
                .contains("haproxy@lb0", "haproxy@others", "haproxy@others relay");
        assertThat(seconds.totals(0, 9_999)).containsExactly(new Seconds.Total(7, 2_003, 0, 0));
    }

    @Test
    void what_a_proxy_passed_on_counts_only_while_the_one_behind_is_not_heard() {
        requests(7, Seconds.relay("nginx@edge"), 5);
        assertThat(edit.seconds().isHeard()).isFalse();
        assertThat(edit.seconds().accessLogged()).isEqualTo(Set.of("nginx@edge relay"));
        requests(7, "nginx@inner", 4);
        assertThat(edit.seconds().isHeard()).isTrue();
        assertThat(edit.seconds().accessLogged()).isEqualTo(Set.of("nginx@inner"));
    }

    @Test
    void without_seconds_there_is_nothing() {
        assertThat(Seconds.NONE.isEmpty()).isTrue();
        assertThat(Seconds.NONE.totals(0, Long.MAX_VALUE / 2)).isEmpty();
        assertThat(Seconds.NONE.from(5)).isEqualTo(Seconds.NONE);
        assertThat(Seconds.NONE.first()).isGreaterThan(Seconds.NONE.last());
    }
}
