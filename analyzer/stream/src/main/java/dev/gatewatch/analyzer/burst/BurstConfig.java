package dev.gatewatch.analyzer.burst;

import dev.gatewatch.program.Default;
import dev.gatewatch.program.Require;
import java.time.Duration;

/// How bursts are told from noise.
///
/// The detector sums up, over one-second buckets, binomial log-likelihood ratios between "as usual" and a raised
/// share of failures ([Sums]). With a threshold of 16 the mean time between false alarms of one such sum is at least
/// e^16 seconds at any rate of traffic, in the ideal case; of both that count, half of that, which is 51 days.
///
/// @param threshold score at which a burst begins
/// @param mechanismThreshold score that is enough where a line proves what goes wrong
/// @param quiet how long no request may fail before a burst is over
/// @param silent how long nothing at all may be heard before a burst without any traffic is over
public record BurstConfig(
        @Default("16") double threshold,
        @Default("8") double mechanismThreshold,
        @Default("30s") Duration quiet,
        @Default("120s") Duration silent) {
    /// What is used where nothing is configured.
    public static final BurstConfig DEFAULT = new BurstConfig(16, 8, Duration.ofSeconds(30), Duration.ofSeconds(120));

    public BurstConfig {
        Require.check(
                mechanismThreshold > 0 && mechanismThreshold <= threshold,
                "mechanism_threshold",
                mechanismThreshold,
                "above 0 and no more than threshold, which is " + threshold);
        Require.positive("quiet", quiet);
        Require.check(silent.compareTo(quiet) >= 0, "silent", silent, "no shorter than quiet");
    }
}
