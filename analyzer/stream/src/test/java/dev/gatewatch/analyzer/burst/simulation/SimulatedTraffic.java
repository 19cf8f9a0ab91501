package dev.gatewatch.analyzer.burst.simulation;

import java.util.random.RandomGenerator;

/// Requests of a service, second by second: Poisson traffic that swings over the day, failures now and
/// then, and clumps of a failed request and its client's one to three retries, which fail as well, 0.2,
/// 0.4 and 0.8 s apart.
final class SimulatedTraffic {
    private static final double SWING = 0.6;
    private static final double CLUMPS_PER_SECOND = 6 / 3_600.0;
    private static final double[] RETRIES_AFTER = {0, 0.2, 0.6, 1.4};
    private static final double DAY_SECONDS = 86_400;
    private static final double NORMAL_FROM = 50;

    private final RandomGenerator random;
    private final double perSecond;
    private final double failing;
    private final long[] retries = new long[3];

    /// @param perSecond requests per second in the mean of a day
    SimulatedTraffic(RandomGenerator random, double perSecond) {
        this.random = random;
        this.perSecond = perSecond;
        this.failing = perSecond >= 100_000 ? 0.0001 : perSecond >= 1_000 ? 0.0002 : 0.001;
    }

    /// One second.
    ///
    /// @param firstFaulty when in this second the first request failed of the fault, -1 if none did
    record Second(long requests, long failures, double firstFaulty) {}

    Second healthy(long second) {
        return with(second, 0, 1);
    }

    /// A second in which more fails.
    ///
    /// @param share of the requests that fail of the fault
    /// @param from when it begins within this second, from 0 to 1
    Second with(long second, double share, double from) {
        double rate = perSecond * (1 + SWING * Math.sin(2 * Math.PI * second / DAY_SECONDS));
        long faulty = poisson(rate * share * (1 - from));
        double kept = rate * (1 - share * (1 - from));
        long failed = poisson(kept * failing) + clumps();
        long served = poisson(kept * (1 - failing));
        return new Second(
                served + failed + faulty, failed + faulty, faulty == 0 ? -1 : from + (1 - from) * first(faulty));
    }

    /// The smallest of some even numbers from 0 to 1.
    private double first(long of) {
        return 1 - Math.pow(random.nextDouble(), 1.0 / of);
    }

    private long clumps() {
        if (random.nextDouble() < CLUMPS_PER_SECOND) {
            double begins = random.nextDouble();
            int failures = random.nextInt(2, RETRIES_AFTER.length + 1);
            for (int i = 0; i < failures; i++) {
                retries[(int) (begins + RETRIES_AFTER[i])]++;
            }
        }
        long now = retries[0];
        retries[0] = retries[1];
        retries[1] = retries[2];
        retries[2] = 0;
        return now;
    }

    private long poisson(double mean) {
        if (mean > NORMAL_FROM) {
            return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
        }
        double limit = Math.exp(-mean);
        long n = 0;
        for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
            n++;
        }
        return n;
    }
}
