package dev.gatewatch.analyzer.burst;

/// The score of a run of seconds: how much likelier they are if a raised share of the requests fails than if all
/// is as usual, as a cumulative sum of logarithms of likelihood ratios that never falls below zero.
///
/// Source of the method: E. S. Page, Continuous inspection schemes, Biometrika 41 (1954). That what one second
/// adds is clipped is an addition.
///
/// @param score the sum after the last second
/// @param since second in which it last rose from zero, -1 if it is zero
/// @param failures failures since then
/// @param failingSeconds seconds with a failure since then
public record Cusum(double score, long since, long failures, int failingSeconds) {
    /// What one second can add at most: a quarter of the usual threshold, so that no alarm comes from fewer
    /// than four seconds, however many clients one hitch of a second hits.
    static final double CLIP = 4;

    /// The highest score, so that it comes down soon when all is well again.
    static final double CAP = 32;

    static final Cusum ZERO = new Cusum(0, -1, 0, 0);

    private static final double HIGHEST_USUAL_SHARE = 0.5;

    /// A sum that goes on, for a usual and a raised share of failures.
    static final class Run {
        private final double perFailure;
        private final double perSuccess;
        private double score;
        private long since;
        private long failures;
        private int failingSeconds;

        Run(Cusum from, double usualShare, double raisedShare) {
            double usual = Math.min(usualShare, HIGHEST_USUAL_SHARE);
            this.perFailure = Math.log(raisedShare / usual);
            this.perSuccess = Math.log((1 - raisedShare) / (1 - usual));
            this.score = from.score;
            this.since = from.since;
            this.failures = from.failures;
            this.failingSeconds = from.failingSeconds;
        }

        /// Adds a second.
        void add(long second, long moreFailures, long moreServed) {
            if (moreFailures == 0 && since < 0) {
                return;
            }
            double gain = Math.min(CLIP, moreFailures * perFailure + moreServed * perSuccess);
            if (score + gain <= 0) {
                clear();
                return;
            }
            score = Math.min(CAP, score + gain);
            since = since < 0 ? second : since;
            failures += moreFailures;
            failingSeconds += moreFailures > 0 ? 1 : 0;
        }

        private void clear() {
            score = 0;
            since = -1;
            failures = 0;
            failingSeconds = 0;
        }

        Cusum sum() {
            return since < 0 ? ZERO : new Cusum(score, since, failures, failingSeconds);
        }
    }
}
