package dev.gatewatch.analyzer.burst.simulation;

import java.util.SplittableRandom;

/// One client that polls a path every second for ten minutes and gets nothing but failures, in traffic that is
/// fine otherwise.
final class Polls {
    private static final int POLLS = 50;
    private static final double PER_SECOND = 10;
    private static final int MOST_RETRIES = 3;
    private static final long BEFORE_SECONDS = 3_600;
    private static final long POLL_SECONDS = 600;
    private static final long DAY_SECONDS = 86_400;

    private Polls() {}

    /// After which time each of them was told.
    static Delays delays(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Delays delays = new Delays();
        for (int i = 0; i < POLLS; i++) {
            SimulatedTraffic traffic = new SimulatedTraffic(random.split(), PER_SECOND, MOST_RETRIES);
            poll(traffic, random.nextLong(DAY_SECONDS), delays);
        }
        return delays;
    }

    private static void poll(SimulatedTraffic traffic, long start, Delays delays) {
        Gatewatch alarm = new Gatewatch();
        for (long second = start - BEFORE_SECONDS; second < start; second++) {
            alarm.second(second, traffic.healthy(second));
        }
        for (long second = start; second < start + POLL_SECONDS; second++) {
            alarm.second(second, traffic.healthy(second).withPoller());
            if (alarm.isFiring()) {
                delays.add((double) (second + 1 - start));
                return;
            }
        }
        delays.missed();
    }
}
