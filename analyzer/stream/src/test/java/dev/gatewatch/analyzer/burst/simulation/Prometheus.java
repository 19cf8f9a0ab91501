package dev.gatewatch.analyzer.burst.simulation;

/// An alerting rule on two counters, requests and failures, as Prometheus 3 evaluates it: scraped every 15 s,
/// evaluated right after. A range without its left end holds samples that span 15 s less than it says; `rate`
/// extrapolates, so that the increase is divided by the span of the samples.
final class Prometheus implements SimulatedAlarm {
    private static final int INTERVAL = 15;
    private static final int MINUTE = 60;
    private static final int HOUR = 3_600;
    private static final int KEPT = HOUR / INTERVAL;

    /// When an alert is pending.
    private interface Expression {
        boolean isTrue(Prometheus counters);
    }

    private final Expression expression;
    private final int pendingSeconds;
    private final long[] requests;
    private final long[] failures;
    private long allRequests;
    private long allFailures;
    private int scrapes;
    private long trueSince = -1;
    private boolean firing;

    private Prometheus(Expression expression, int pendingSeconds, long[] requests, long[] failures) {
        this.expression = expression;
        this.pendingSeconds = pendingSeconds;
        this.requests = requests;
        this.failures = failures;
    }

    private Prometheus(Expression expression, int pendingSeconds) {
        this(expression, pendingSeconds, new long[KEPT], new long[KEPT]);
    }

    /// `rate(…{status="502"}[5m]) > 0.1` for two minutes.
    static Prometheus rateOfFailures() {
        return new Prometheus(p -> p.failures(5 * MINUTE) / (5 * MINUTE - INTERVAL) > 0.1, 2 * MINUTE);
    }

    /// More than 5 % of the requests within a minute, for a minute.
    static Prometheus shareOfFailures() {
        return new Prometheus(p -> p.share(MINUTE) > 0.05, MINUTE);
    }

    /// 14.4 times what 99.9 % allow, within an hour and within five minutes.
    static Prometheus burnRate() {
        double limit = 14.4 * 0.001;
        return new Prometheus(p -> p.share(5 * MINUTE) > limit && p.share(HOUR) > limit, 0);
    }

    @Override
    public Prometheus copy() {
        Prometheus copy = new Prometheus(expression, pendingSeconds, requests.clone(), failures.clone());
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
    public void second(long second, long moreRequests, long moreFailures) {
        allRequests += moreRequests;
        allFailures += moreFailures;
        long now = second + 1;
        if (now % INTERVAL != 0) {
            return;
        }
        requests[scrapes % KEPT] = allRequests;
        failures[scrapes % KEPT] = allFailures;
        scrapes++;
        boolean holds = expression.isTrue(this);
        trueSince = !holds ? -1 : trueSince < 0 ? now : trueSince;
        firing = holds && now - trueSince >= pendingSeconds;
    }

    private double failures(int range) {
        return increase(failures, range);
    }

    /// Not a number, which is above nothing, where there are no requests.
    private double share(int range) {
        return increase(failures, range) / increase(requests, range);
    }

    private double increase(long[] counter, int range) {
        int samples = Math.min(range / INTERVAL, scrapes);
        return counter[(scrapes - 1) % KEPT] - counter[(scrapes - samples) % KEPT];
    }
}
