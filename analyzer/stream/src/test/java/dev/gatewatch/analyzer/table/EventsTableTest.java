package dev.gatewatch.analyzer.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.signal.Signal;
import org.junit.jupiter.api.Test;

class EventsTableTest {
    private static final long START = 1_795_356_000_000L;
    private static final long MINUTE = 60_000;

    private final EventsTable table = EventsTable.builder().build();

    private static HostEvent exit(long at, int kind) {
        Signal signal = new Signal.AppEvent("app_error_" + kind, at, "orders.service", 7, "");
        return new HostEvent(signal, "journald", "line at " + at, at, 1);
    }

    @Test
    void events_of_a_host_are_kept_together() {
        table.add("app1", exit(START, 1), START);
        table.add("app1", exit(START + 1, 1), START);
        table.add("app2", exit(START, 1), START);
        assertThat(table.all().get("app1").events()).hasSize(2);
        assertThat(table.size()).isEqualTo(3);
    }

    @Test
    void a_host_that_is_silent_for_an_hour_is_given_up_and_one_that_catches_up_is_not() {
        table.add("silent", exit(START, 1), START);
        table.add("behind", exit(START - 300 * MINUTE, 1), START);
        for (long minute = 1; minute <= 61; minute++) {
            table.add("busy", exit(START + minute * MINUTE, 1), START + minute * MINUTE);
            table.add("behind", exit(START + (minute - 300) * MINUTE, 1), START + minute * MINUTE);
        }
        assertThat(table.all()).containsOnlyKeys("busy", "behind");
        assertThat(table.size())
                .isEqualTo(table.all().values().stream()
                        .mapToLong(history -> history.events().size())
                        .sum());
    }

    @Test
    void a_host_whose_clock_was_ahead_and_is_set_back_is_heard_at_once() {
        table.add("app1", exit(START + 60 * MINUTE, 1), START);
        table.add("app1", exit(START + MINUTE, 2), START + MINUTE);
        assertThat(table.all().get("app1").events()).extracting(HostEvent::at).containsExactly(START, START + MINUTE);
    }

    @Test
    void of_a_thousand_noisy_hosts_those_are_given_up_of_which_nothing_came_for_longest() {
        for (int event = 0; event < 100; event++) {
            for (int host = 0; host < 1_000; host++) {
                table.add("app" + host, exit(START + event, event % 10), START);
            }
        }
        assertThat(table.size()).isLessThanOrEqualTo(EventsTable.MOST_EVENTS);
        assertThat(table.all()).containsKeys("app998", "app999").hasSizeGreaterThan(400);
        assertThat(table.all().get("app999").events()).contains(exit(START + 99, 9));
    }

    @Test
    void a_table_that_is_closed_is_empty() {
        table.add("app1", exit(START, 1), START);
        table.close();
        assertThat(table.all()).isEmpty();
        assertThat(table.size()).isZero();
    }
}
