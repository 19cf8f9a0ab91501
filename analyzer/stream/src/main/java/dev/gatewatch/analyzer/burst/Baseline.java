package dev.gatewatch.analyzer.burst;

/// How often a service's requests fail when nothing is wrong: an average over the past that fades, with a
/// prior for the time when little is known.
///
/// @param requests faded number of requests
/// @param failures faded number of failures among them
/// @param at up to when it counts, milliseconds since 1970
public record Baseline(double requests, double failures, long at) {
    static final Baseline UNKNOWN = new Baseline(0, 0, 0);

    private static final double HALF_LIFE_MILLIS = 6 * 3_600_000.0;
    private static final double PRIOR_REQUESTS = 1_000;
    private static final double LOWEST_SHARE = 0.001;

    /// The share of requests that fail as usual, never below one in a thousand.
    double share() {
        return Math.max(LOWEST_SHARE, (failures + LOWEST_SHARE * PRIOR_REQUESTS) / (requests + PRIOR_REQUESTS));
    }

    /// The same where enough has been seen to tell it, else 0.
    double knownShare() {
        return requests >= PRIOR_REQUESTS ? share() : 0;
    }

    Baseline with(long moreRequests, long moreFailures, long until) {
        double faded = at == 0 ? 1 : Math.pow(0.5, Math.max(0, until - at) / HALF_LIFE_MILLIS);
        return new Baseline(requests * faded + moreRequests, failures * faded + moreFailures, Math.max(at, until));
    }
}
