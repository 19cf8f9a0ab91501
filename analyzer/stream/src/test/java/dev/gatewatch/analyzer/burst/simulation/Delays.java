package dev.gatewatch.analyzer.burst.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How long faults went unnoticed, in seconds; what was never noticed lasted for ever.
final class Delays {
    private final List<Double> seconds = new ArrayList<>();
    private int already;

    /// An alarm that fires before the first failed request, -1, tells nobody anything of it.
    void add(double delay) {
        if (delay < 0) {
            already++;
        } else {
            seconds.add(delay);
        }
    }

    void missed() {
        seconds.add(Double.POSITIVE_INFINITY);
    }

    double median() {
        return quantile(0.5);
    }

    /// Of all faults before which it was quiet.
    double quantile(double share) {
        List<Double> sorted = seconds.stream().sorted().toList();
        return sorted.isEmpty()
                ? Double.POSITIVE_INFINITY
                : sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size()));
    }

    double missedShare() {
        long missed = seconds.stream().filter(s -> s.isInfinite()).count();
        return seconds.isEmpty() ? 1 : missed / (double) seconds.size();
    }

    /// Whether it was firing before most of the faults.
    boolean isAlwaysFiring() {
        return already > seconds.size();
    }

    @Override
    public String toString() {
        if (isAlwaysFiring()) {
            return "always firing";
        }
        return text(median()) + " / " + text(quantile(0.95))
                + (missedShare() == 0 ? "" : String.format(Locale.ROOT, " / %.0f %%", 100 * missedShare()));
    }

    private static String text(double seconds) {
        return Double.isInfinite(seconds) ? "-" : String.format(Locale.ROOT, seconds < 10 ? "%.1f" : "%.0f", seconds);
    }
}
