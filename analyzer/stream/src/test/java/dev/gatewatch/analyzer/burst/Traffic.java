package dev.gatewatch.analyzer.burst;

import dev.gatewatch.analyzer.burst.Detector.Alarm;
import dev.gatewatch.analyzer.service.Askers;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.service.Sighting;
import dev.gatewatch.analyzer.service.Tally;
import dev.gatewatch.analyzer.service.Target;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.analyzer.signal.Signal.Outcome;
import java.util.ArrayList;
import java.util.List;

/// A service's traffic, second by second, on a clock that the test owns, and what the machine makes of it.
final class Traffic {
    static final long START = 1_795_356_000_000L;

    private final BurstMachine machine = new BurstMachine(BurstConfig.DEFAULT);
    private String proxy;
    private String address = "10.85.0.21:8081";
    private ServiceState state = ServiceState.unknown("orders");
    private List<Tally> tallies = new ArrayList<>();
    private List<Sighting> sightings = new ArrayList<>();
    private long event = START;
    private long wall = START;
    private Alarm highest = Alarm.NONE;
    private int bursts;
    private int nextAsker = 1_000_000;

    Traffic() {
        this("edge1");
    }

    Traffic(String proxy) {
        this.proxy = proxy;
    }

    /// What is said from now on is about this server.
    Traffic server(String another) {
        address = another;
        return this;
    }

    /// Requests that end like this in this second, each of another client.
    Traffic requests(Outcome outcome, int status, long count) {
        boolean fails = outcome == Outcome.FAILED || outcome == Outcome.PASSED_THROUGH;
        return requests(outcome, status, count, fails ? newAskers(count) : Askers.NONE);
    }

    private Traffic requests(Outcome outcome, int status, long count, Askers askers) {
        if (count > 0) {
            tallies.add(new Tally(
                    Math.floorDiv(event, 1_000),
                    outcome,
                    "orders_api",
                    address,
                    "",
                    true,
                    status,
                    event,
                    event + 500,
                    count,
                    askers));
        }
        return this;
    }

    Traffic served(long count) {
        return requests(Outcome.SERVED, 200, count);
    }

    Traffic failed(long count) {
        return requests(Outcome.FAILED, 502, count);
    }

    /// What is said from now on, another proxy says.
    Traffic throughProxy(String another) {
        proxy = another;
        return this;
    }

    /// One client's requests for one path fail.
    Traffic failedFor(int client, long count) {
        return requests(Outcome.FAILED, 502, count, Askers.of(client));
    }

    private Askers newAskers(long count) {
        Askers askers = Askers.NONE;
        for (int i = 0; i < Math.min(count, Askers.MOST + 1); i++) {
            askers = askers.and(Askers.of(nextAsker++));
        }
        return askers;
    }

    /// Lines of the error log in this second.
    Traffic tries(String id, long count) {
        if (count > 0) {
            Target target = new Target("orders", "orders_api", address, "", true);
            Signal signal = new Signal.Trouble(id, "nginx", event, "", address, "", 111, "/a", "10.0.0.7", false);
            sightings.add(new Sighting(signal, target, "nginx-error", "…", event + 500, count, newAskers(count)));
        }
        return this;
    }

    /// The second is over: its lines are read, and a burst begins or ends if the rules say so.
    Traffic second() {
        wall += 1_000;
        read();
        event += 1_000;
        if (state.burst() != null && machine.isOver(state, wall, true)) {
            state = machine.end(state);
        }
        return this;
    }

    /// What has been gathered is read now, by the wall clock.
    Traffic read() {
        if (!tallies.isEmpty() || !sightings.isEmpty()) {
            state = machine.take(state, new ServiceReport("orders", proxy, "nginx", tallies, sightings), wall);
            tallies = new ArrayList<>();
            sightings = new ArrayList<>();
            if (state.burst() == null) {
                Alarm alarm = machine.alarm(state, wall);
                highest = alarm.compareTo(highest) > 0 ? alarm : highest;
                if (alarm == Alarm.BURST) {
                    bursts++;
                    state = machine.begin(state, wall);
                }
            }
        }
        return this;
    }

    /// Only the events' clock goes on, as with lines that are read long after they were written.
    Traffic nextEventSecond() {
        event += 1_000;
        return this;
    }

    Traffic seconds(int seconds, Runnable eachSecond) {
        for (int i = 0; i < seconds; i++) {
            eachSecond.run();
            second();
        }
        return this;
    }

    /// Nothing is heard for a while.
    Traffic silence(int seconds) {
        return seconds(seconds, () -> {});
    }

    /// The machine stands still, and then another goes on with what it knew.
    Traffic standsStill(long seconds) {
        wall += seconds * 1_000;
        state = state.resumed(wall);
        return this;
    }

    boolean isOver() {
        return machine.isOver(state, wall, true);
    }

    /// An agent that was away comes back: its lines are this old.
    Traffic behind(long seconds) {
        event = wall - seconds * 1_000;
        return this;
    }

    boolean isBursting() {
        return state.burst() != null;
    }

    Burst burst() {
        return state.burst();
    }

    ServiceState state() {
        return state;
    }

    BurstMachine machine() {
        return machine;
    }

    long wall() {
        return wall;
    }

    int bursts() {
        return bursts;
    }

    Alarm highestAlarm() {
        return highest;
    }
}
