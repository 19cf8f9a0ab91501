package dev.gatewatch.analyzer.burst;

import java.util.List;

/// The rule by which a burst begins: one of the cumulative sums reaches the threshold.
///
/// Failures of one client that asks again count once, so one client alone begins no burst, with three
/// exceptions: where nothing is served any more to anybody; where a quarter of all requests fail for most of a
/// minute, whoever asks for them, since all clients may be behind one address; and where it goes on for five
/// minutes, which is slow, but a fault of one page that only one client asks for is a fault.
public final class Detector {
    /// How long seconds are kept before they pass into what is usual.
    public static final long KEPT_SECONDS = 180;

    private static final int FAILURES_NEEDED = 5;
    private static final int FAILING_SECONDS_NEEDED = 4;
    private static final double SERVED_EXPECTED = 7;

    /// The same where all failures may be those of a few who ask again: then chance must not be enough, with e^-14.
    private static final double SERVED_EXPECTED_OF_FEW = 14;

    private static final int FEW_ASKERS = 3;

    private static final int PROVED_FAILURES_NEEDED = 2;
    private static final int PROVED_FAILING_SECONDS_NEEDED = 2;
    private static final long MINUTE = 60;
    private static final int MOST_OF_A_MINUTE = 30;
    private static final long ONE_OF = 4;
    private static final int FIVE_MINUTES = 300;

    private final BurstConfig config;

    public Detector(BurstConfig config) {
        this.config = config;
    }

    /// How near a burst is.
    public enum Alarm {
        /// Nothing unusual.
        NONE,
        /// Perhaps one, but a proxy that may have met its first failure is still to be heard.
        AWAITED,
        /// Enough to be a burst if a line proves what goes wrong.
        SUSPICION,
        /// A burst.
        BURST
    }

    /// What the rule finds.
    ///
    /// @param since second in which it began, -1 if nothing did
    public record Finding(Alarm alarm, long since) {
        static final Finding NOTHING = new Finding(Alarm.NONE, -1);
    }

    /// Whether a burst has begun.
    ///
    /// @param kept the seconds in which anything happened, oldest first
    public Finding find(List<Seconds.Total> kept, Past past) {
        if (!isAnythingFailing(kept)) {
            return Finding.NOTHING;
        }
        Sums sums = past.sums().with(kept, past.baseline());
        Cusum higher = higher(sums.tenfold(), sums.half());
        if (isBurst(higher)) {
            return new Finding(Alarm.BURST, higher.since());
        }
        Cusum repeated = sums.repeated();
        if (isBurst(repeated)
                && (isSilenced(kept) || isMostOf(repeated, kept) || repeated.failingSeconds() >= FIVE_MINUTES)) {
            return new Finding(Alarm.BURST, repeated.since());
        }
        Cusum highest = higher(repeated, higher);
        boolean suspicious = highest.score() >= config.mechanismThreshold()
                && highest.failures() >= PROVED_FAILURES_NEEDED
                && highest.failingSeconds() >= PROVED_FAILING_SECONDS_NEEDED;
        return suspicious ? new Finding(Alarm.SUSPICION, highest.since()) : Finding.NOTHING;
    }

    private static Cusum higher(Cusum a, Cusum b) {
        return b.score() > a.score() ? b : a;
    }

    private static boolean isAnythingFailing(List<Seconds.Total> kept) {
        for (Seconds.Total second : kept) {
            if (second.failures() > 0) {
                return true;
            }
        }
        return false;
    }

    private boolean isBurst(Cusum sum) {
        return sum.score() >= config.threshold()
                && sum.failures() >= FAILURES_NEEDED
                && sum.failingSeconds() >= FAILING_SECONDS_NEEDED;
    }

    /// Whether since some moment nothing is served and requests fail, although some would have been served by now at
    /// the pace of before, of which at least as long a time is known: not only one client's requests fail. What was
    /// served in the very second in which failures began does not speak against it.
    private static boolean isSilenced(List<Seconds.Total> kept) {
        long served = 0;
        long lastServed = kept.getFirst().second();
        long failures = 0;
        long askers = 0;
        int failingSeconds = 0;
        for (Seconds.Total second : kept) {
            boolean serves = second.requests() > second.failures();
            served += second.requests() - second.failures();
            lastServed = serves ? second.second() : lastServed;
            failures = serves ? 0 : failures + second.failures();
            askers = (serves ? 0 : askers) + second.fresh();
            failingSeconds = serves ? 0 : failingSeconds + (second.failures() > 0 ? 1 : 0);
        }
        double before = lastServed - kept.getFirst().second() + 1.0;
        double lasted = kept.getLast().second() - lastServed;
        return failures >= FAILURES_NEEDED
                && failingSeconds >= FAILING_SECONDS_NEEDED
                && lasted <= before
                && served / before * lasted >= (askers > FEW_ASKERS ? SERVED_EXPECTED : SERVED_EXPECTED_OF_FEW);
    }

    /// Whether within the last minute at least a quarter of the requests failed since the sum rose, in at least
    /// half of a minute's seconds, which one request with its retries cannot reach.
    private static boolean isMostOf(Cusum sum, List<Seconds.Total> kept) {
        long from = Math.max(sum.since() - 1, kept.getLast().second() - MINUTE);
        long requests = 0;
        long failures = 0;
        int failingSeconds = 0;
        for (Seconds.Total second : kept) {
            if (second.second() > from) {
                requests += second.requests();
                failures += second.failures();
                failingSeconds += second.failures() > 0 ? 1 : 0;
            }
        }
        return failingSeconds >= MOST_OF_A_MINUTE && failures * ONE_OF >= requests;
    }
}
