package dev.gatewatch.analyzer.burst;

import java.util.List;

/// The cumulative sums of a service.
///
/// What will fail of a service is not known before, so two sums look for two sizes of trouble: a tenfold share
/// of failures, and half of the requests. Both leave repeated failures out ([Repeats]). A third one counts them,
/// for what is one client's trouble only, or where one client is all there is.
///
/// @param tenfold asks whether ten times as many requests fail as usual
/// @param half asks whether half of them fail
/// @param repeated the same as `tenfold`, with repeated failures
public record Sums(Cusum tenfold, Cusum half, Cusum repeated) {
    static final Sums ZERO = new Sums(Cusum.ZERO, Cusum.ZERO, Cusum.ZERO);

    private static final double RISE = 10;
    private static final double LOWEST_RAISED_SHARE = 0.02;
    private static final double HIGHEST_RAISED_SHARE = 0.9;
    private static final double HALF = 0.5;

    /// The sums after more seconds, which are in their order.
    Sums with(List<Seconds.Total> seconds, Baseline usual) {
        double fresh = usual.share();
        double all = usual.shareWithRepeats();
        Cusum.Run tens = new Cusum.Run(tenfold, fresh, raised(fresh));
        Cusum.Run halves = new Cusum.Run(half, fresh, Math.max(HALF, raised(fresh)));
        Cusum.Run repeats = new Cusum.Run(repeated, all, raised(all));
        for (Seconds.Total second : seconds) {
            long served = Math.max(0, second.requests() - second.failures());
            tens.add(second.second(), second.fresh(), served);
            halves.add(second.second(), second.fresh(), served);
            repeats.add(second.second(), second.failures(), served);
        }
        return new Sums(tens.sum(), halves.sum(), repeats.sum());
    }

    private static double raised(double usual) {
        return Math.clamp(RISE * usual, LOWEST_RAISED_SHARE, HIGHEST_RAISED_SHARE);
    }
}
