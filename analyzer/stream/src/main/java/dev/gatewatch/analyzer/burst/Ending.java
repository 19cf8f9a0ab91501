package dev.gatewatch.analyzer.burst;

/// The rule by which a burst is over. What fails seldom must be quiet for longer than what fails all the time,
/// or else one trickle would be told as many bursts.
public final class Ending {
    private static final int SERVED_NEEDED = 3;

    /// A burst is over when so many answers in a row, of a share of failures as before, are less likely than
    /// this: one in ten thousand.
    private static final double LOG_OF_CHANCE = Math.log(10_000);

    /// As with total outages: after few answers they are over.
    private static final double HIGHEST_SHARE = 0.96;

    private static final double PAUSES = 10;
    private static final long LONGEST_SILENCE_MILLIS = 6 * 3_600_000;

    private final BurstConfig config;

    public Ending(BurstConfig config) {
        this.config = config;
    }

    /// Whether nothing failed for a while, and requests are served again or nothing was heard for long.
    ///
    /// @param now the service's clock, milliseconds since 1970
    public boolean isOver(Burst burst, long now) {
        return isOver(burst, now, true);
    }

    /// The same where it is known whether silence tells anything. If it does not, a burst of which nothing is
    /// heard is over after six hours.
    ///
    /// @param heard whether all proxies would be heard if they had anything to say
    public boolean isOver(Burst burst, long now, boolean heard) {
        long since = now - burst.lastFailureAt();
        if (since < config.quiet().toMillis()) {
            return false;
        }
        return isServed(burst) || since >= (heard ? silent(burst) : LONGEST_SILENCE_MILLIS);
    }

    private static boolean isServed(Burst burst) {
        double share = Math.min(HIGHEST_SHARE, burst.failures() / (double) Math.max(1, requestsWhileFailing(burst)));
        return burst.servedSince() >= SERVED_NEEDED && -Math.log1p(-share) * burst.servedSince() >= LOG_OF_CHANCE;
    }

    private static long requestsWhileFailing(Burst burst) {
        return Math.max(burst.failures(), burst.requests() - burst.servedSince());
    }

    /// Many times the usual pause between two failures, but at least what is configured.
    private long silent(Burst burst) {
        double pause = (burst.lastFailureAt() - burst.startedAt()) / (double) Math.max(1, burst.failures() - 1);
        return Math.max(config.silent().toMillis(), Math.round(Math.min(PAUSES * pause, LONGEST_SILENCE_MILLIS)));
    }
}
