package dev.gatewatch.analyzer.burst;

/// What was before the seconds that are kept one by one; it stands still during a burst.
///
/// @param baseline how often requests fail as usual
/// @param hours the last hours
public record Past(Baseline baseline, Hours hours) {
    /// Nothing is known.
    public static final Past UNKNOWN = new Past(Baseline.UNKNOWN, Hours.NONE);

    /// The past with a second more.
    ///
    /// @param settled what became of the requests of this second, over all proxies
    public Past with(long second, Counts settled) {
        return new Past(
                baseline.with(settled.requests(), settled.failures(), second * 1_000),
                hours.with(ServiceState.Second.of(second, settled), settled, baseline));
    }

    /// The past after a burst, whose failures do not begin another.
    public Past afterBurst() {
        return new Past(baseline, Hours.NONE);
    }
}
