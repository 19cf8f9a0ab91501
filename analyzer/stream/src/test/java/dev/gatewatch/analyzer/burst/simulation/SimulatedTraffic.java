package dev.gatewatch.analyzer.burst.simulation;

import dev.gatewatch.analyzer.service.Askers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Requests of a service, second by second: Poisson traffic that swings over the day, failures now and then, and
/// clumps of a failed request and its client's retries, which fail as well. Who asks for what is drawn from 200
/// clients and 50 paths, both by Zipf's law.
final class SimulatedTraffic {
    private static final double SWING = 0.6;
    private static final double CLUMPS_PER_SECOND = 6 / 3_600.0;
    private static final double FIRST_PAUSE = 0.2;
    private static final double DAY_SECONDS = 86_400;
    private static final double NORMAL_FROM = 50;
    private static final int POLLER = -1;

    /// More failures of one second than this are of more askers than are told apart.
    private static final int MANY_FAILURES = 100;

    private static final Zipf CLIENTS = new Zipf(200);
    private static final Zipf PATHS = new Zipf(50);

    private final RandomGenerator random;
    private final double perSecond;
    private final double failing;
    private final int mostRetries;
    private final List<List<Integer>> retries = new ArrayList<>();

    /// @param perSecond requests per second in the mean of a day
    /// @param mostRetries how often a client tries again at most, after 0.2, 0.4, 0.8 s and so on
    SimulatedTraffic(RandomGenerator random, double perSecond, int mostRetries) {
        this.random = random;
        this.perSecond = perSecond;
        this.failing = perSecond >= 100_000 ? 0.0001 : perSecond >= 1_000 ? 0.0002 : 0.001;
        this.mostRetries = mostRetries;
    }

    /// The first `n` whole numbers, of which the k-th is drawn in proportion to 1/k.
    private static final class Zipf {
        private final double[] upTo;

        Zipf(int n) {
            upTo = new double[n];
            double sum = 0;
            for (int k = 0; k < n; k++) {
                sum += 1.0 / (k + 1);
                upTo[k] = sum;
            }
        }

        int draw(RandomGenerator random) {
            int at = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
            return at < 0 ? -at - 1 : at;
        }
    }

    /// One second.
    ///
    /// @param firstFaulty when in this second the first request failed of the fault, -1 if none did
    /// @param askers whose requests failed
    record Second(long requests, long failures, double firstFaulty, Askers askers) {

        /// The same with a client that polls a path which always fails.
        Second withPoller() {
            return new Second(requests + 1, failures + 1, firstFaulty, askers.and(Askers.of(POLLER)));
        }
    }

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
        long failed = poisson(kept * failing);
        long served = poisson(kept * (1 - failing));
        List<Integer> clump = clumps();
        long failures = failed + faulty + clump.size();
        Askers askers = failures == 0 ? Askers.NONE : askers(failed + faulty, clump);
        return new Second(served + failures, failures, faulty == 0 ? -1 : from + (1 - from) * first(faulty), askers);
    }

    /// The smallest of some even numbers from 0 to 1.
    private double first(long of) {
        return 1 - Math.pow(random.nextDouble(), 1.0 / of);
    }

    private Askers askers(long alone, List<Integer> clump) {
        TreeSet<Integer> all = new TreeSet<>(clump);
        for (int i = 0; i < Math.min(alone, MANY_FAILURES) && all.size() <= Askers.MOST; i++) {
            all.add(asker());
        }
        return new Askers(all);
    }

    private int asker() {
        return CLIENTS.draw(random) * 1_000 + PATHS.draw(random);
    }

    /// Whose first tries and retries fail in this second.
    private List<Integer> clumps() {
        if (random.nextDouble() < CLUMPS_PER_SECOND) {
            int asker = asker();
            double at = random.nextDouble();
            double pause = FIRST_PAUSE;
            for (int tries = random.nextInt(2, mostRetries + 2); tries > 0; tries--) {
                while (retries.size() <= (int) at) {
                    retries.add(new ArrayList<>(1));
                }
                retries.get((int) at).add(asker);
                at += pause;
                pause *= 2;
            }
        }
        return retries.isEmpty() ? List.of() : retries.removeFirst();
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
