package dev.gatewatch.analyzer.burst.simulation;

import dev.gatewatch.analyzer.burst.simulation.Prometheus.Rule;
import java.util.Arrays;

/// Finds the lowest threshold with which a rule stays below a number of false alarms on healthy days, to one
/// per cent.
///
/// A rule fires with a threshold if the lowest value of its pending time is above it. So whenever this lowest
/// value rises, an alarm begins for each threshold that it passes.
final class Tuning {
    private static final double STEP = 1.01;
    private static final int STEPS = 1_500;

    private final Rule rule;
    private final double[] pending;
    private final long[] beginning = new long[2 * STEPS + 2];
    private Prometheus counters;
    private int evaluations;
    private double lowest;

    Tuning(Rule rule) {
        this.rule = rule;
        this.pending = new double[rule.pendingSeconds / Prometheus.INTERVAL + 1];
        this.counters = new Prometheus(rule, rule.threshold);
    }

    /// Goes on with another service.
    void another() {
        counters = new Prometheus(rule, rule.threshold);
        evaluations = 0;
        lowest = 0;
    }

    void second(long second, SimulatedTraffic.Second happened) {
        counters.second(second, happened);
        if (!Prometheus.isEvaluatedAfter(second)) {
            return;
        }
        double value = counters.value();
        pending[evaluations++ % pending.length] = Double.isNaN(value) ? 0 : value;
        double before = lowest;
        lowest = evaluations < pending.length ? 0 : Arrays.stream(pending).min().orElse(0);
        if (lowest > before) {
            beginning[stepAbove(before)]++;
            beginning[stepAbove(lowest)]--;
        }
    }

    /// The lowest threshold that is not below the value, as a number of steps.
    private int stepAbove(double value) {
        double steps = Math.ceil(Math.log(value / rule.threshold) / Math.log(STEP));
        return (int) Math.clamp(steps + STEPS, 0, 2 * STEPS + 1);
    }

    /// The threshold; of shares none keeps the number if it would have to be one or more.
    double threshold(long falseAlarms) {
        long[] alarms = beginning.clone();
        Arrays.parallelPrefix(alarms, Long::sum);
        int step = alarms.length - 1;
        while (step > 0 && alarms[step - 1] <= falseAlarms) {
            step--;
        }
        double threshold = rule.threshold * Math.pow(STEP, step - STEPS);
        return rule.isOfShares && threshold >= 1 ? Double.POSITIVE_INFINITY : threshold;
    }
}
