package dev.gatewatch.analyzer.burst.simulation;

/// An alerting rule on two counters, requests and failures, as Prometheus 3 evaluates it: scraped every 15 s,
/// evaluated right after. A range without its left end holds samples that span 15 s less than it says; `rate`
/// extrapolates, so that the increase is divided by the span of the samples.
final class Prometheus implements SimulatedAlarm {
    static final int INTERVAL = 15;
    private static final int MINUTE = 60;
    private static final int HOUR = 3_600;
    private static final int KEPT = HOUR / INTERVAL;

    /// A usual rule: an expression that must be above a threshold for some time.
    enum Rule {
        /// `rate(…{status="502"}[5m]) > 0.1` for two minutes
        RATE(0.1, 2 * MINUTE, false) {
            @Override
            double value(Prometheus counters) {
                return counters.failures(5 * MINUTE) / (5 * MINUTE - INTERVAL);
            }
        },
        /// more than 5 % of the requests within a minute, for a minute
        SHARE(0.05, MINUTE, true) {
            @Override
            double value(Prometheus counters) {
                return counters.share(MINUTE);
            }
        },
        /// 14.4 times what 99.9 % allow, within an hour and within five minutes
        BURN(14.4 * 0.001, 0, true) {
            @Override
            double value(Prometheus counters) {
                return Math.min(counters.share(5 * MINUTE), counters.share(HOUR));
            }
        };

        /// The threshold that is usual.
        final double threshold;

        final int pendingSeconds;
        final boolean isOfShares;

        Rule(double threshold, int pendingSeconds, boolean isOfShares) {
            this.threshold = threshold;
            this.pendingSeconds = pendingSeconds;
            this.isOfShares = isOfShares;
        }

        /// What is compared with the threshold; not a number, which is above nothing, where there are no requests.
        abstract double value(Prometheus counters);
    }

    private final Rule rule;
    private final double threshold;
    private final long[] requests;
    private final long[] failures;
    private long allRequests;
    private long allFailures;
    private int scrapes;
    private long trueSince = -1;
    private boolean firing;

    private Prometheus(Rule rule, double threshold, long[] requests, long[] failures) {
        this.rule = rule;
        this.threshold = threshold;
        this.requests = requests;
        this.failures = failures;
    }

    Prometheus(Rule rule, double threshold) {
        this(rule, threshold, new long[KEPT], new long[KEPT]);
    }

    @Override
    public Prometheus copy() {
        Prometheus copy = new Prometheus(rule, threshold, requests.clone(), failures.clone());
        copy.allRequests = allRequests;
        copy.allFailures = allFailures;
        copy.scrapes = scrapes;
        copy.trueSince = trueSince;
        copy.firing = firing;
        return copy;
    }

    @Override
    public boolean isFiring() {
        return firing;
    }

    @Override
    public void second(long second, SimulatedTraffic.Second happened) {
        allRequests += happened.requests();
        allFailures += happened.failures();
        long now = second + 1;
        if (!isEvaluatedAfter(second)) {
            return;
        }
        requests[scrapes % KEPT] = allRequests;
        failures[scrapes % KEPT] = allFailures;
        scrapes++;
        boolean holds = value() > threshold;
        trueSince = !holds ? -1 : trueSince < 0 ? now : trueSince;
        firing = holds && now - trueSince >= rule.pendingSeconds;
    }

    static boolean isEvaluatedAfter(long second) {
        return (second + 1) % INTERVAL == 0;
    }

    /// What the rule compared with its threshold last.
    double value() {
        return rule.value(this);
    }

    private double failures(int range) {
        return increase(failures, range);
    }

    private double share(int range) {
        return increase(failures, range) / increase(requests, range);
    }

    private double increase(long[] counter, int range) {
        int samples = Math.min(range / INTERVAL, scrapes);
        return counter[(scrapes - 1) % KEPT] - counter[(scrapes - samples) % KEPT];
    }
}
