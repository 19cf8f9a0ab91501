package dev.gatewatch.analyzer.burst.simulation;

import dev.gatewatch.analyzer.burst.simulation.RateRun.Who;
import java.util.ArrayList;
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
    private static final List<Who> RULES = List.of(Who.RATE, Who.SHARE, Who.BURN);
    private static final double FALSE_ALARMS = 0.02;
    private static final double DELAY = 4;
    private static final double PROVED_DELAY = 3;

    private BurstSimulation() {}

    public static void main(String[] args) {
        int days = Integer.parseInt(args[0]);
        long seed = Long.parseLong(args[1]);
        List<RateRun> runs = DoubleStream.of(RATES)
                .parallel()
                .mapToObj(rate -> new RateRun(rate, seed).days(days))
                .toList();
        System.out.printf("%d service-days and %d faults for each rate and share, seed %d%n", days, days, seed);
        printFalseAlarms(runs);
        printDelays(runs);
        List<String> misses = new ArrayList<>();
        runs.forEach(run -> check(run, misses));
        misses.forEach(miss -> System.out.println("MISSED: " + miss));
        System.exit(misses.isEmpty() ? 0 : 1);
    }

    private static String text(double number) {
        return number < 1 ? Double.toString(number) : String.format(Locale.ROOT, "%,.0f", number);
    }

    private static void printFalseAlarms(List<RateRun> runs) {
        System.out.println("\nFalse alarms per service-day (share of the time that it fires)\n");
        System.out.printf("| %9s |", "req/s");
        List<Who> all = List.of(Who.GATEWATCH, Who.RATE, Who.SHARE, Who.BURN);
        all.forEach(who -> System.out.printf(" %-16s |", who.title));
        System.out.printf("%n|----------:|%s%n", "------------------|".repeat(all.size()));
        for (RateRun run : runs) {
            System.out.printf("| %9s |", text(run.perSecond()));
            all.forEach(who -> System.out.printf(" %-16s |", falseAlarms(run, who)));
            System.out.println();
        }
    }

    private static String falseAlarms(RateRun run, Who who) {
        double firing = run.firingShare(who);
        String often = String.format(Locale.ROOT, "%.3f", run.falseAlarmsPerDay(who));
        return firing < 0.01 ? often : String.format(Locale.ROOT, "%s (%.0f %%)", often, 100 * firing);
    }

    private static void printDelays(List<RateRun> runs) {
        System.out.println("\nSeconds from the first failed request to the alarm: median / 95 % / share missed\n");
        System.out.printf("| %9s | %7s |", "req/s", "failing");
        for (Who who : Who.values()) {
            System.out.printf(" %-18s |", who.title);
        }
        System.out.printf("%n|----------:|--------:|%s%n", "--------------------|".repeat(Who.values().length));
        for (RateRun run : runs) {
            for (double share : RateRun.SHARES) {
                System.out.printf(Locale.ROOT, "| %9s | %5.0f %% |", text(run.perSecond()), 100 * share);
                for (Who who : Who.values()) {
                    System.out.printf(" %-18s |", run.delays(share, who));
                }
                System.out.println();
            }
        }
        System.out.println();
    }

    private static void check(RateRun run, List<String> misses) {
        String at = " at " + text(run.perSecond()) + " requests/s";
        if (run.falseAlarmsPerDay(Who.GATEWATCH) > FALSE_ALARMS) {
            misses.add("more than " + FALSE_ALARMS + " false alarms per service-day" + at);
        }
        if (run.perSecond() == 10) {
            double delay = run.delays(1, Who.GATEWATCH).median();
            double proved = run.delays(1, Who.PROVED).median();
            if (delay > DELAY || proved > PROVED_DELAY) {
                misses.add("total outage noticed after " + delay + " s, with a proof " + proved + " s" + at);
            }
        }
        for (Who rule : RULES) {
            if (run.falseAlarmsPerDay(Who.GATEWATCH) > run.falseAlarmsPerDay(rule)
                    && !run.delays(1, rule).isAlwaysFiring()) {
                misses.add("more false alarms than " + rule.title + at);
            }
            for (double share : RateRun.SHARES) {
                Delays theirs = run.delays(share, rule);
                boolean detects = !theirs.isAlwaysFiring() && Double.isFinite(theirs.median());
                if (detects && run.delays(share, Who.GATEWATCH).median() >= theirs.median()) {
                    misses.add(String.format(
                            Locale.ROOT, "slower than %s where %.0f %% fail%s", rule.title, 100 * share, at));
                }
            }
        }
    }
}
