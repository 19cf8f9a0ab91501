package dev.gatewatch.analyzer.burst.simulation;

import dev.gatewatch.analyzer.burst.Seconds;
import dev.gatewatch.analyzer.service.Askers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The last seconds of a service, which failures of them are fresh being kept up to date rather than found anew
/// each second, as the burst machine does.
final class Kept {
    private static final long SPAN_SECONDS = 30;

    private final List<Seconds.Total> seconds;
    private final List<Askers> askers;
    private final Map<Integer, Long> failedLast;

    private Kept(List<Seconds.Total> seconds, List<Askers> askers, Map<Integer, Long> failedLast) {
        this.seconds = new ArrayList<>(seconds);
        this.askers = new ArrayList<>(askers);
        this.failedLast = new HashMap<>(failedLast);
    }

    Kept() {
        this(List.of(), List.of(), Map.of());
    }

    Kept copy() {
        return new Kept(seconds, askers, failedLast);
    }

    List<Seconds.Total> seconds() {
        return seconds;
    }

    Seconds.Total first() {
        return seconds.getFirst();
    }

    void add(long second, SimulatedTraffic.Second happened) {
        Askers who = happened.askers().areMany() ? Askers.NONE : happened.askers();
        long fresh = happened.askers().areMany() ? happened.failures() : 0;
        for (int asker : who.hashes()) {
            Long before = failedLast.put(asker, second);
            fresh += before == null || second - before > SPAN_SECONDS ? 1 : 0;
        }
        seconds.add(new Seconds.Total(second, happened.requests(), happened.failures(), fresh));
        askers.add(who);
    }

    /// Drops the first second. Of an asker who fails again soon, that later failure is the fresh one now.
    ///
    /// @return how many fresh failures are dropped with it
    long forget() {
        Seconds.Total old = seconds.removeFirst();
        long dropped = old.fresh();
        for (int asker : askers.removeFirst().hashes()) {
            int next = next(asker, old.second() + SPAN_SECONDS);
            if (next >= 0) {
                Seconds.Total later = seconds.get(next);
                seconds.set(
                        next, new Seconds.Total(later.second(), later.requests(), later.failures(), later.fresh() + 1));
                dropped--;
            } else {
                failedLast.remove(asker, old.second());
            }
        }
        return dropped;
    }

    private int next(int asker, long last) {
        for (int i = 0; i < seconds.size() && seconds.get(i).second() <= last; i++) {
            if (askers.get(i).hashes().contains(asker)) {
                return i;
            }
        }
        return -1;
    }

    /// Drops all seconds up to this one.
    void clearUpTo(long second) {
        while (!seconds.isEmpty() && first().second() <= second) {
            seconds.removeFirst();
            askers.removeFirst();
        }
        failedLast.clear();
    }
}
