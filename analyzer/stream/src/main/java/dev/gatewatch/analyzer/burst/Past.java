package dev.gatewatch.analyzer.burst;

import java.util.List;

/// What was before the seconds that are kept one by one; it stands still during a burst.
///
/// @param baseline how often requests fail as usual
/// @param hours what was counted in the last hours
/// @param sums the cumulative sums
public record Past(Baseline baseline, Hours hours, Sums sums) {
    /// Nothing is known.
    public static final Past UNKNOWN = new Past(Baseline.UNKNOWN, Hours.NONE, Sums.ZERO);

    /// The past with a second more.
    ///
    /// @param settled what became of the requests of this second, over all proxies
    /// @param fresh how many of its failures did not repeat one
    public Past with(long second, Counts settled, long fresh) {
        Seconds.Total more = Seconds.Total.of(second, settled, fresh);
        return new Past(baseline.with(more), hours.with(second, settled), sums.with(List.of(more), baseline));
    }

    /// The past after a burst, whose failures do not begin another.
    public Past afterBurst() {
        return new Past(baseline, Hours.NONE, Sums.ZERO);
    }
}
