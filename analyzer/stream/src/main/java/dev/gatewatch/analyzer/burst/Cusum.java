package dev.gatewatch.analyzer.burst;

import java.util.List;

/// The score of a run of seconds: how much likelier they are if failures are ten times as frequent as usual
/// than if all is as usual, as a clipped cumulative sum that never falls below zero.
///
/// A client whose request fails tries again a few times, and these failures are not independent. So a second
/// adds no more than [#CLIP], and so do three seconds together in which no more failed than what two
/// clients try.
///
/// Source of the method: E. S. Page, Continuous inspection schemes, Biometrika 41 (1954); the clips are an
/// addition.
///
/// @param score the sum after the last second
/// @param full the same, clipped by second only
/// @param since second in which it last rose from zero, -1 if it is zero
/// @param failures failures since then
/// @param failingSeconds seconds with a failure since then
/// @param served requests that did not fail since then
record Cusum(double score, double full, long since, long failures, int failingSeconds, long served) {
    /// What one second can add at most: a quarter of the usual threshold, so that no alarm comes from fewer
    /// than four seconds.
    static final double CLIP = 4;

    private static final double RISE = 10;
    private static final double LOWEST_RAISED_SHARE = 0.02;
    private static final double HIGHEST_RAISED_SHARE = 0.9;
    private static final double CAP = 32;
    private static final int CLUMP_SECONDS = 3;
    private static final int CLUMP_FAILURES = 8;

    static final Cusum ZERO = new Cusum(0, 0, -1, 0, 0, 0);

    /// The sum over the seconds from `from` on.
    static Cusum of(List<ServiceState.Second> seconds, long from, double usualShare) {
        double usual = Math.min(usualShare, 0.5);
        double raised = Math.clamp(RISE * usual, LOWEST_RAISED_SHARE, HIGHEST_RAISED_SHARE);
        Run run = new Run(Math.log(raised / usual), Math.log((1 - raised) / (1 - usual)));
        for (ServiceState.Second second : seconds) {
            if (second.second() >= from) {
                run.add(second);
            }
        }
        return run.sum();
    }

    /// The seconds since the sum last rose from zero.
    private static final class Run {
        private final double perFailure;
        private final double perSuccess;
        private double score;
        private double full;
        private long since = -1;
        private long failures;
        private int failingSeconds;
        private long served;
        private long clumpStart;
        private long clumpFailures;
        private double clumpGain;
        private double scoreBeforeClump;

        Run(double perFailure, double perSuccess) {
            this.perFailure = perFailure;
            this.perSuccess = perSuccess;
        }

        void add(ServiceState.Second second) {
            long succeeded = Math.max(0, second.requests() - second.failures());
            double gain = Math.min(CLIP, second.failures() * perFailure + succeeded * perSuccess);
            if (full + gain <= 0) {
                clear();
                return;
            }
            full = Math.min(CAP, full + gain);
            score = Math.min(CAP, declumped(second, gain));
            since = since < 0 ? second.second() : since;
            failures += second.failures();
            failingSeconds += second.failures() > 0 ? 1 : 0;
            served += succeeded;
        }

        private void clear() {
            full = 0;
            score = 0;
            since = -1;
            failures = 0;
            failingSeconds = 0;
            served = 0;
        }

        private double declumped(ServiceState.Second second, double gain) {
            boolean within = second.second() < clumpStart + CLUMP_SECONDS;
            if (since < 0 || (second.failures() > 0 && !within)) {
                clumpStart = second.second();
                clumpFailures = 0;
                clumpGain = 0;
                scoreBeforeClump = score;
            } else if (!within) {
                return Math.max(0, score + gain);
            }
            clumpFailures += second.failures();
            clumpGain += gain;
            double counted = clumpFailures <= CLUMP_FAILURES ? Math.min(CLIP, clumpGain) : clumpGain;
            return Math.max(0, scoreBeforeClump + counted);
        }

        Cusum sum() {
            return since < 0 ? ZERO : new Cusum(score, full, since, failures, failingSeconds, served);
        }
    }
}
