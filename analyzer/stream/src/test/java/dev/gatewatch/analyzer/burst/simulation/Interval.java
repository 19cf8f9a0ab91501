package dev.gatewatch.analyzer.burst.simulation;

import java.util.Locale;

/// Between which means a Poisson-distributed number lies with 95 %: the exact interval.
///
/// Source: F. Garwood, Fiducial limits for the Poisson distribution, Biometrika 28 (1936).
record Interval(double low, double high) {
    private static final double TAIL = 0.025;

    static Interval of(long number) {
        return new Interval(number == 0 ? 0 : mean(number - 1, 1 - TAIL), mean(number, TAIL));
    }

    /// The mean at which this many or fewer have such a probability.
    private static double mean(long number, double probability) {
        double low = 0;
        double high = 20 + 3.0 * number;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            boolean likelier = upTo(number, middle) > probability;
            low = likelier ? middle : low;
            high = likelier ? high : middle;
        }
        return low;
    }

    private static double upTo(long number, double mean) {
        double term = Math.exp(-mean);
        double sum = term;
        for (long k = 1; k <= number; k++) {
            term *= mean / k;
            sum += term;
        }
        return sum;
    }

    String per(int days) {
        return String.format(Locale.ROOT, "%.3f to %.3f", low / days, high / days);
    }
}
