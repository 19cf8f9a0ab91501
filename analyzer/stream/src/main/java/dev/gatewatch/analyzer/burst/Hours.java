package dev.gatewatch.analyzer.burst;

import java.util.ArrayList;
import java.util.List;

/// The last hours of a service in slots of ten minutes, for what fails too seldom to show within seconds.
///
/// @param slots oldest first; none reaches further back than six hours
public record Hours(List<Slot> slots) {
    static final Hours NONE = new Hours(List.of());

    private static final long SLOT_SECONDS = 600;
    private static final int KEPT_SLOTS = 36;
    private static final long ONE_HOUR = 3_600;
    private static final long SIX_HOURS = 6 * ONE_HOUR;
    private static final long FAILURES_NEEDED = 10;
    private static final double RISE = 10;

    /// Of the probability that the share is not raised; the test asks for less than one in a thousand.
    private static final double LOG_OF_DOUBT = Math.log(1_000);

    public Hours {
        slots = List.copyOf(slots);
    }

    /// Ten minutes.
    ///
    /// @param second where it begins, seconds since 1970
    /// @param usual share of requests that failed as usual before it, 0 if too little was known of that
    /// @param firstFailure second of the first failure, -1 if there was none
    /// @param failures failed requests
    /// @param counts all requests, over all proxies
    public record Slot(long second, double usual, long firstFailure, long failures, Counts counts) {
        Slot with(ServiceState.Second more, Counts moreCounts) {
            long first = firstFailure < 0 && more.failures() > 0 ? more.second() : firstFailure;
            return new Slot(second, usual, first, failures + more.failures(), counts.and(moreCounts));
        }
    }

    /// The hours with a second that has passed.
    ///
    /// @param counts all proxies' counts of this second
    /// @param before what was usual before it
    Hours with(ServiceState.Second second, Counts counts, Baseline before) {
        long start = Math.floorDiv(second.second(), SLOT_SECONDS) * SLOT_SECONDS;
        boolean opens = slots.isEmpty() || slots.getLast().second() < start; // late seconds fall into the newest
        Slot newest = opens ? new Slot(start, before.knownShare(), -1, 0, Counts.NONE) : slots.getLast();
        List<Slot> more = new ArrayList<>(opens ? slots : slots.subList(0, slots.size() - 1));
        more.add(newest.with(second, counts));
        long oldest = newest.second() - KEPT_SLOTS * SLOT_SECONDS;
        while (more.getFirst().second() <= oldest) {
            more.removeFirst();
        }
        return new Hours(more);
    }

    /// From which second on far more has failed than usual, -1 if it has not: with a probability of more than
    /// 0.999 the share of failing requests within one hour or six is more than ten times what was usual before,
    /// and at least ten requests failed.
    ///
    /// @param recent seconds that are not in the hours yet
    long raisedSince(List<ServiceState.Second> recent) {
        if (recent.isEmpty() || slots.isEmpty()) {
            return -1;
        }
        long requests = 0;
        long failures = 0;
        long first = -1;
        for (ServiceState.Second second : recent) {
            requests += second.requests();
            failures += second.failures();
            first = first < 0 && second.failures() > 0 ? second.second() : first;
        }
        Slot rest = new Slot(0, 0, first, failures, Counts.ofRequests(requests));
        long now = recent.getLast().second();
        long within = raisedSince(rest, now - ONE_HOUR);
        return within >= 0 ? within : raisedSince(rest, now - SIX_HOURS);
    }

    private long raisedSince(Slot rest, long from) {
        double usual = 0;
        long first = -1;
        long requests = rest.counts().requests();
        long failures = rest.failures();
        for (Slot slot : slots) {
            if (slot.second() >= from) {
                usual = usual == 0 ? slot.usual() : usual;
                first = first < 0 ? slot.firstFailure() : first;
                requests += slot.counts().requests();
                failures += slot.failures();
            }
        }
        boolean raised = usual > 0 && failures >= FAILURES_NEEDED && isAbove(RISE * usual, requests, failures);
        return !raised ? -1 : first < 0 ? rest.firstFailure() : first;
    }

    /// Whether so many failures among so many requests leave less than a thousandth for a share of `share` or
    /// less. With a uniform prior the share's distribution is a beta distribution, whose tail is that of a
    /// binomial one; Chernoff's bound stands for it, which is a little on the safe side and has no series to
    /// sum up.
    ///
    /// Source of the bound: H. Chernoff, A measure of asymptotic efficiency for tests of a hypothesis based on
    /// the sum of observations, Annals of Mathematical Statistics 23 (1952).
    static boolean isAbove(double share, long requests, long failures) {
        double n = requests + 1.0;
        double seen = (failures + 1) / n;
        if (share >= 1 || seen <= share) {
            return false;
        }
        double rest = seen >= 1 ? 0 : (1 - seen) * Math.log((1 - seen) / (1 - share));
        return n * (seen * Math.log(seen / share) + rest) > LOG_OF_DOUBT;
    }

    /// What is counted from this second on.
    public Counts since(long second) {
        Counts sum = Counts.NONE;
        for (Slot slot : slots) {
            if (slot.second() + SLOT_SECONDS > second) {
                sum = sum.and(slot.counts());
            }
        }
        return sum;
    }
}
