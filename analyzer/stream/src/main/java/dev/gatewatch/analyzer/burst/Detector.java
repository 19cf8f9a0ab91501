package dev.gatewatch.analyzer.burst;

import java.util.List;

/// The rule by which a burst begins: the CUSUM over the last seconds, or else far more failures than usual over
/// hours.
public final class Detector {
    /// How long seconds are kept before they pass into what is usual.
    public static final long KEPT_SECONDS = 180;

    /// How far back the CUSUM looks.
    private static final long LOOK_BACK_SECONDS = 120;

    private static final int FAILURES_NEEDED = 5;
    private static final int FAILING_SECONDS_NEEDED = 4;
    private static final double SERVED_EXPECTED = 7;
    private static final int PROVED_FAILURES_NEEDED = 2;
    private static final int PROVED_FAILING_SECONDS_NEEDED = 2;

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
    public record Finding(Alarm alarm, long since) {}

    /// Whether a burst has begun.
    ///
    /// @param kept the seconds in which anything happened, oldest first
    /// @param now second that the service's clock has reached
    public Finding find(List<ServiceState.Second> kept, long now, Past past) {
        Cusum sum = Cusum.of(kept, now - LOOK_BACK_SECONDS, past.baseline().share());
        boolean enough = sum.failures() >= FAILURES_NEEDED && sum.failingSeconds() >= FAILING_SECONDS_NEEDED;
        double score = enough && isSilenced(sum, kept) ? sum.full() : sum.score();
        if (enough && score >= config.threshold()) {
            return new Finding(Alarm.BURST, sum.since());
        }
        long raisedSince = past.hours().raisedSince(kept);
        if (raisedSince >= 0) {
            return new Finding(Alarm.BURST, raisedSince);
        }
        boolean suspicious = sum.full() >= config.mechanismThreshold()
                && sum.failures() >= PROVED_FAILURES_NEEDED
                && sum.failingSeconds() >= PROVED_FAILING_SECONDS_NEEDED;
        return new Finding(suspicious ? Alarm.SUSPICION : Alarm.NONE, sum.since());
    }

    /// In which second the failures began that were noticed in another, -1 if they do not stand out.
    long since(List<ServiceState.Second> kept, long noticed, Past past) {
        return Cusum.of(kept, noticed - LOOK_BACK_SECONDS, past.baseline().share())
                .since();
    }

    /// Whether nothing has been served since the first failure, although some would have been by now at the
    /// pace of before, of which at least as long a time is known: not only one client's requests fail.
    private static boolean isSilenced(Cusum sum, List<ServiceState.Second> kept) {
        if (sum.served() > 0) {
            return false;
        }
        long served = 0;
        for (ServiceState.Second second : kept) {
            served += second.second() < sum.since() ? second.requests() - second.failures() : 0;
        }
        double before = Math.max(1, sum.since() - kept.getFirst().second());
        double lasted = kept.getLast().second() - sum.since() + 1.0;
        return lasted <= before && served / before * lasted >= SERVED_EXPECTED;
    }
}
