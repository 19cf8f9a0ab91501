package dev.gatewatch.analyzer.burst;

import java.util.List;

/// The score of a run of seconds: how much likelier they are if failures are ten times as frequent as usual
/// than if all is as usual, as a clipped cumulative sum that never falls below zero.
///
/// Source of the method: E. S. Page, Continuous inspection schemes, Biometrika 41 (1954); the clip per second
/// is an addition.
///
/// @param score the sum after the last second
/// @param since second in which it last rose from zero, -1 if it is zero
/// @param failures failures since then
/// @param failingSeconds seconds with a failure since then
record Cusum(double score, long since, long failures, int failingSeconds) {
    /// What one second can add at most: a quarter of the usual threshold, so that no alarm comes from fewer
    /// than four seconds.
    static final double CLIP = 4;

    private static final double RISE = 10;
    private static final double LOWEST_RAISED_SHARE = 0.02;
    private static final double HIGHEST_RAISED_SHARE = 0.9;
    private static final double CAP = 32;

    private static final Cusum ZERO = new Cusum(0, -1, 0, 0);

    /// The sum over the seconds from `from` on.
    static Cusum of(List<ServiceState.Second> seconds, long from, double usualShare) {
        double usual = Math.min(usualShare, 0.5);
        double raised = Math.clamp(RISE * usual, LOWEST_RAISED_SHARE, HIGHEST_RAISED_SHARE);
        double perFailure = Math.log(raised / usual);
        double perSuccess = Math.log((1 - raised) / (1 - usual));
        Cusum sum = ZERO;
        for (ServiceState.Second second : seconds) {
            if (second.second() >= from) {
                sum = sum.plus(second, perFailure, perSuccess);
            }
        }
        return sum;
    }

    boolean reaches(double threshold, int failuresNeeded, int failingSecondsNeeded) {
        return score >= threshold && failures >= failuresNeeded && failingSeconds >= failingSecondsNeeded;
    }

    private Cusum plus(ServiceState.Second second, double perFailure, double perSuccess) {
        long succeeded = Math.max(0, second.requests() - second.failures());
        double gain = Math.min(CLIP, second.failures() * perFailure + succeeded * perSuccess);
        double next = Math.min(CAP, score + gain);
        if (next <= 0) {
            return ZERO;
        }
        return new Cusum(
                next,
                since < 0 ? second.second() : since,
                failures + second.failures(),
                failingSeconds + (second.failures() > 0 ? 1 : 0));
    }
}
