package dev.gatewatch.analyzer.burst.simulation;

import dev.gatewatch.analyzer.burst.simulation.Prometheus.Rule;
import dev.gatewatch.analyzer.burst.simulation.RateRun.Who;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/// How often bursts are found where there are none, and how long those that are there go unnoticed, beside the
/// usual alerting rules over the same days and faults.
///
/// ```
/// BurstSimulation DAYS SEED
/// ```
/// Exit status: 0 the figures are reached, 1 they are not.
public final class BurstSimulation {
    private static final double[] RATES = {0.1, 1, 10, 100, 1_000, 100_000};
    private static final List<Who> AS_USUAL = List.of(Who.GATEWATCH, Who.PROVED, Who.RATE, Who.SHARE, Who.BURN);
    private static final List<Who> TUNED = List.of(Who.GATEWATCH, Who.TUNED_RATE, Who.TUNED_SHARE, Who.TUNED_BURN);

    private BurstSimulation() {}

    public static void main(String[] args) {
        int days = Integer.parseInt(args[0]);
        long seed = Long.parseLong(args[1]);
        List<RateRun> runs = DoubleStream.of(RATES)
                .parallel()
                .mapToObj(rate -> new RateRun(rate, seed, days).run())
                .toList();
        Delays polls = Polls.delays(seed);
        System.out.printf("%d service-days and %d faults for each rate and share, seed %d%n", days, days, seed);
        printFalseAlarms(runs);
        System.out.println("\nSeconds from the first failed request to the alarm: median / 95 % / share missed\n");
        printDelays(runs, AS_USUAL);
        System.out.printf(
                "%nThe same, each rule with its lowest threshold that has at most %s false alarms per"
                        + " service-day%n%n",
                RateRun.FALSE_ALARMS);
        printDelays(runs, TUNED);
        System.out.println("\nThese thresholds\n");
        printThresholds(runs);
        System.out.printf(
                "%nA client that polls a failing path each second for ten minutes, among 10 requests/s, is"
                        + " told of after: %s%n%n",
                polls);
        List<String> misses = new Verdict(runs, polls).misses();
        misses.forEach(miss -> System.out.println("MISSED: " + miss));
        System.exit(misses.isEmpty() ? 0 : 1);
    }

    static String text(double number) {
        return number < 1 ? Double.toString(number) : String.format(Locale.ROOT, "%,.0f", number);
    }

    private static void printFalseAlarms(List<RateRun> runs) {
        System.out.println("\nFalse alarms per service-day (share of the time that it fires)\n");
        List<Who> rules = List.of(Who.RATE, Who.SHARE, Who.BURN);
        System.out.printf("| %9s | %-9s | %-19s | %-17s |", "req/s", "Gatewatch", "95 % interval", "up to 8 retries");
        rules.forEach(who -> System.out.printf(" %-16s |", who.title));
        System.out.printf(
                "%n|----------:|-----------|---------------------|-------------------|%s%n",
                "------------------|".repeat(3));
        for (RateRun run : runs) {
            System.out.printf(
                    Locale.ROOT,
                    "| %9s | %-9s | %-19s | %-17s |",
                    text(run.perSecond()),
                    falseAlarms(run, Who.GATEWATCH),
                    Interval.of(run.falseAlarms(Who.GATEWATCH)).per(run.days()),
                    String.format(Locale.ROOT, "%.3f", run.falseAlarmsOnHardDays()));
            rules.forEach(who -> System.out.printf(" %-16s |", falseAlarms(run, who)));
            System.out.println();
        }
    }

    private static String falseAlarms(RateRun run, Who who) {
        double firing = run.firingShare(who);
        String often = String.format(Locale.ROOT, "%.3f", run.falseAlarmsPerDay(who));
        return firing < 0.01 ? often : String.format(Locale.ROOT, "%s (%.0f %%)", often, 100 * firing);
    }

    private static void printDelays(List<RateRun> runs, List<Who> columns) {
        System.out.printf("| %9s | %7s |", "req/s", "failing");
        columns.forEach(who -> System.out.printf(" %-18s |", who.title));
        System.out.printf("%n|----------:|--------:|%s%n", "--------------------|".repeat(columns.size()));
        for (RateRun run : runs) {
            for (double share : RateRun.SHARES) {
                System.out.printf(Locale.ROOT, "| %9s | %5.0f %% |", text(run.perSecond()), 100 * share);
                columns.forEach(who -> System.out.printf(" %-18s |", run.delays(share, who)));
                System.out.println();
            }
        }
    }

    private static void printThresholds(List<RateRun> runs) {
        System.out.printf(
                "| %9s | %-17s | %-12s | %-14s |%n", "req/s", "failures a second", "share in 1 m", "share in 1 h");
        System.out.println("|----------:|-------------------|--------------|----------------|");
        for (RateRun run : runs) {
            System.out.printf(
                    Locale.ROOT,
                    "| %9s | %-17.3f | %-12s | %-14s |%n",
                    text(run.perSecond()),
                    run.threshold(Rule.RATE),
                    share(run.threshold(Rule.SHARE)),
                    share(run.threshold(Rule.BURN)));
        }
    }

    private static String share(double threshold) {
        return Double.isInfinite(threshold) ? "none does" : String.format(Locale.ROOT, "%.3f %%", 100 * threshold);
    }
}
