package dev.gatewatch.analyzer.burst.simulation;

import dev.gatewatch.analyzer.burst.simulation.RateRun.Who;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Which of the figures to reach were not reached.
///
/// Delays can be compared where false alarms are alike: who may be wrong often can be as fast as he likes. So a
/// rule that has more than [RateRun#FALSE_ALARMS] false alarms per service-day at some rate, or fires all the
/// time, is no rule for that rate. A rule that keeps to it, by itself or tuned to it, is compared with: at no
/// share of failing requests may it notice more of the faults, or notice half of them or more and be faster in
/// the median.
final class Verdict {
    private static final double DELAY = 4;
    private static final double PROVED_DELAY = 3;
    private static final double EARLIEST_POLL = 240;
    private static final List<Who> RULES =
            List.of(Who.RATE, Who.SHARE, Who.BURN, Who.TUNED_RATE, Who.TUNED_SHARE, Who.TUNED_BURN);

    private final List<String> misses = new ArrayList<>();

    Verdict(List<RateRun> runs, Delays polls) {
        runs.forEach(this::check);
        if (polls.quantile(0) < EARLIEST_POLL) {
            misses.add("one client's poll is told of after " + polls.quantile(0) + " s");
        }
    }

    List<String> misses() {
        return misses;
    }

    private void check(RateRun run) {
        String at = " at " + BurstSimulation.text(run.perSecond()) + " requests/s";
        if (run.falseAlarmsPerDay(Who.GATEWATCH) > RateRun.FALSE_ALARMS) {
            misses.add("more than " + RateRun.FALSE_ALARMS + " false alarms per service-day" + at);
        }
        if (run.falseAlarmsOnHardDays() > RateRun.FALSE_ALARMS) {
            misses.add("the same where clients try again up to eight times" + at);
        }
        if (run.perSecond() == 10) {
            double delay = run.delays(1, Who.GATEWATCH).median();
            double proved = run.delays(1, Who.PROVED).median();
            if (delay > DELAY || proved > PROVED_DELAY) {
                misses.add("total outage noticed after " + delay + " s, with a proof " + proved + " s" + at);
            }
        }
        for (Who rule : RULES) {
            if (run.falseAlarmsPerDay(rule) <= RateRun.FALSE_ALARMS) {
                RateRun.SHARES.forEach(share -> compare(run, share, rule, at));
            }
        }
    }

    private void compare(RateRun run, double share, Who rule, String at) {
        Delays ours = run.delays(share, Who.GATEWATCH);
        Delays theirs = run.delays(share, rule);
        String where = String.format(Locale.ROOT, " than %s where %.0f %% fail%s", rule.title, 100 * share, at);
        if (theirs.isAlwaysFiring()) {
            return;
        }
        if (ours.missedShare() > theirs.missedShare()) {
            misses.add("notices less" + where);
        }
        if (theirs.missedShare() <= 0.5 && ours.median() > theirs.median()) {
            misses.add("slower" + where);
        }
    }
}
