package dev.gatewatch.analyzer.burst;

import dev.gatewatch.analyzer.service.Askers;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// Tells the failures of those who ask again from fresh ones, second after second.
///
/// A client whose request fails tries again a few times, later and later. These failures are not independent,
/// which any statistics of failures takes them for. So who failed within the last [#SPAN_SECONDS] does not
/// count anew; nor do further failures of the same asker within one second.
final class Repeats {
    /// Clients usually double their pause from try to try; of one that begins with 0.2 s, eight retries come at
    /// most so long after each other.
    static final long SPAN_SECONDS = 30;

    private final Map<Integer, Long> failedLast = new HashMap<>();

    /// How many failures of the second are fresh. Seconds are asked for in their order.
    ///
    /// @param askers whose requests failed
    long fresh(long second, long failures, Askers askers) {
        if (isCountedInFull(askers)) {
            return failures;
        }
        long fresh = 0;
        for (int asker : askers.hashes()) {
            Long before = failedLast.put(asker, second);
            fresh += before == null || second - before > SPAN_SECONDS ? 1 : 0;
        }
        return fresh;
    }

    /// How many failures of a second count if of each asker the last one does, not the first. Added up this is
    /// the same; it is what can be told of a second that passes out of sight before those that follow it.
    ///
    /// @param following whose requests failed in each of the next [#SPAN_SECONDS]
    static long last(long failures, Askers askers, Collection<Askers> following) {
        if (isCountedInFull(askers)) {
            return failures;
        }
        long last = 0;
        for (int asker : askers.hashes()) {
            last += failsAgain(asker, following) ? 0 : 1;
        }
        return last;
    }

    private static boolean failsAgain(int asker, Collection<Askers> following) {
        for (Askers later : following) {
            if (!isCountedInFull(later) && later.hashes().contains(asker)) {
                return true;
            }
        }
        return false;
    }

    /// Where there are many askers, or none is known.
    private static boolean isCountedInFull(Askers askers) {
        return askers.areMany() || askers.hashes().isEmpty();
    }
}
