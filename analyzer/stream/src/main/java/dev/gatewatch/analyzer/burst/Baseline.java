package dev.gatewatch.analyzer.burst;

/// How often a service's requests fail when nothing is wrong: an average over the past that fades, with a
/// prior for the time when little is known.
///
/// @param requests faded number of requests
/// @param failures faded number of failures among them
/// @param fresh faded number of failures among these that did not repeat one
/// @param at up to when it counts, milliseconds since 1970
public record Baseline(double requests, double failures, double fresh, long at) {
    static final Baseline UNKNOWN = new Baseline(0, 0, 0, 0);

    private static final double HALF_LIFE_MILLIS = 6 * 3_600_000.0;
    private static final double LOWEST_SHARE = 0.001;

    /// So many requests the prior is worth. A service of six requests a minute whose clients meet a failure every
    /// ten minutes is soon known for that.
    private static final double PRIOR_REQUESTS = 100;

    /// The share of requests that fail as usual, repeated failures left out; never below one in a thousand.
    double share() {
        return share(fresh);
    }

    /// The same with repeated failures.
    double shareWithRepeats() {
        return share(failures);
    }

    /// A standard deviation more than what was seen, since that is an estimate.
    private double share(double failing) {
        double likely = failing + Math.sqrt(failing);
        return Math.max(LOWEST_SHARE, (likely + LOWEST_SHARE * PRIOR_REQUESTS) / (requests + PRIOR_REQUESTS));
    }

    Baseline with(Seconds.Total second) {
        long until = second.second() * 1_000;
        double faded = at == 0 ? 1 : Math.pow(0.5, Math.max(0, until - at) / HALF_LIFE_MILLIS);
        return new Baseline(
                requests * faded + second.requests(),
                failures * faded + second.failures(),
                fresh * faded + second.fresh(),
                Math.max(at, until));
    }
}
