package dev.gatewatch.analyzer.burst.simulation;

import dev.gatewatch.analyzer.burst.simulation.Prometheus.Rule;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Healthy days of services of one rate of traffic, and faults that begin somewhere in them: each day goes on
/// in health, and once for each share of failing requests, with copies of all alarms as they are then.
final class RateRun {
    static final List<Double> SHARES = List.of(1.0, 0.5, 0.2, 0.05);
    static final double FALSE_ALARMS = 0.02;
    private static final long DAY_SECONDS = 86_400;
    private static final long FAULT_SECONDS = 1_800;
    private static final int DAYS_OF_A_SERVICE = 12;
    private static final int MOST_RETRIES = 3;

    /// On hard days clients try again more often; of these there are fewer.
    private static final int MOST_RETRIES_ON_HARD_DAYS = 8;

    private static final int HARD_DAYS = 4;

    /// Who tells of failures.
    enum Who {
        GATEWATCH("Gatewatch"),
        PROVED("with a proof"),
        RATE("rate > 0.1, 2m"),
        SHARE("> 5 %, 1m"),
        BURN("burn rate 14.4"),
        TUNED_RATE("rate, tuned"),
        TUNED_SHARE("share, tuned"),
        TUNED_BURN("burn rate, tuned");

        final String title;

        Who(String title) {
            this.title = title;
        }
    }

    private final double perSecond;
    private final long seed;
    private final SplittableRandom random;
    private final Map<Rule, Double> tuned = new EnumMap<>(Rule.class);
    private final Map<Who, Long> falseAlarms = new EnumMap<>(Who.class);
    private final Map<Who, Long> firingSeconds = new EnumMap<>(Who.class);
    private final Map<Double, Map<Who, Delays>> delays = new LinkedHashMap<>();
    private final int days;
    private long falseAlarmsOnHardDays;

    RateRun(double perSecond, long seed, int days) {
        this.perSecond = perSecond;
        this.seed = seed;
        this.days = days;
        this.random = new SplittableRandom(seed + Double.hashCode(perSecond));
        for (double share : SHARES) {
            Map<Who, Delays> each = new EnumMap<>(Who.class);
            for (Who who : Who.values()) {
                each.put(who, new Delays());
            }
            delays.put(share, each);
        }
    }

    /// Tunes the rules on the days, and then looks at all alarms on the same days.
    RateRun run() {
        Map<Rule, Tuning> tunings = new EnumMap<>(Rule.class);
        for (Rule rule : Rule.values()) {
            tunings.put(rule, new Tuning(rule));
        }
        for (int first = 0; first < days; first += DAYS_OF_A_SERVICE) {
            tune(tunings, first);
        }
        tunings.forEach((rule, tuning) -> tuned.put(rule, tuning.threshold((long) (FALSE_ALARMS * days))));
        for (int first = 0; first < days; first += DAYS_OF_A_SERVICE) {
            service(first);
        }
        for (int first = 0; first < days / HARD_DAYS; first += DAYS_OF_A_SERVICE) {
            hardDays(first);
        }
        return this;
    }

    double perSecond() {
        return perSecond;
    }

    int days() {
        return days;
    }

    double threshold(Rule rule) {
        return tuned.getOrDefault(rule, Double.POSITIVE_INFINITY);
    }

    long falseAlarms(Who who) {
        return falseAlarms.getOrDefault(who, 0L);
    }

    double falseAlarmsPerDay(Who who) {
        return falseAlarms(who) / (double) days;
    }

    double falseAlarmsOnHardDays() {
        return falseAlarmsOnHardDays / (double) Math.max(1, days / HARD_DAYS);
    }

    double firingShare(Who who) {
        return firingSeconds.getOrDefault(who, 0L) / (double) (days * DAY_SECONDS);
    }

    Delays delays(double share, Who who) {
        return delays.get(share).get(who);
    }

    private SimulatedTraffic traffic(int firstDay, int mostRetries) {
        long seedOfIt = seed * 31 + Double.hashCode(perSecond) + firstDay;
        return new SimulatedTraffic(new SplittableRandom(seedOfIt), perSecond, mostRetries);
    }

    private static long end(int firstDay, int lastDay) {
        return Math.min(DAYS_OF_A_SERVICE, lastDay - firstDay) * DAY_SECONDS;
    }

    private void tune(Map<Rule, Tuning> tunings, int firstDay) {
        tunings.values().forEach(Tuning::another);
        SimulatedTraffic traffic = traffic(firstDay, MOST_RETRIES);
        for (long second = 0; second < end(firstDay, days); second++) {
            SimulatedTraffic.Second happened = traffic.healthy(second);
            for (Tuning tuning : tunings.values()) {
                tuning.second(second, happened);
            }
        }
    }

    private void service(int firstDay) {
        Map<Who, SimulatedAlarm> alarms = new EnumMap<>(Who.class);
        alarms.put(Who.GATEWATCH, new Gatewatch());
        alarms.put(Who.RATE, new Prometheus(Rule.RATE, Rule.RATE.threshold));
        alarms.put(Who.SHARE, new Prometheus(Rule.SHARE, Rule.SHARE.threshold));
        alarms.put(Who.BURN, new Prometheus(Rule.BURN, Rule.BURN.threshold));
        alarms.put(Who.TUNED_RATE, new Prometheus(Rule.RATE, threshold(Rule.RATE)));
        alarms.put(Who.TUNED_SHARE, new Prometheus(Rule.SHARE, threshold(Rule.SHARE)));
        alarms.put(Who.TUNED_BURN, new Prometheus(Rule.BURN, threshold(Rule.BURN)));
        SimulatedTraffic traffic = traffic(firstDay, MOST_RETRIES);
        long fault = -1;
        for (long second = 0; second < end(firstDay, days); second++) {
            fault = second % DAY_SECONDS == 0 ? second + random.nextLong(DAY_SECONDS) : fault;
            if (second == fault) {
                for (double share : SHARES) {
                    fault(alarms, fault, share);
                }
            }
            healthy(alarms, second, traffic.healthy(second));
        }
    }

    private void hardDays(int firstDay) {
        Gatewatch alarm = new Gatewatch();
        SimulatedTraffic traffic = traffic(firstDay, MOST_RETRIES_ON_HARD_DAYS);
        for (long second = 0; second < end(firstDay, days / HARD_DAYS); second++) {
            boolean fired = alarm.isFiring();
            alarm.second(second, traffic.healthy(second));
            falseAlarmsOnHardDays += alarm.isFiring() && !fired ? 1 : 0;
        }
    }

    private void healthy(Map<Who, SimulatedAlarm> alarms, long second, SimulatedTraffic.Second happened) {
        for (Map.Entry<Who, SimulatedAlarm> entry : alarms.entrySet()) {
            SimulatedAlarm alarm = entry.getValue();
            boolean fired = alarm.isFiring();
            alarm.second(second, happened);
            if (alarm.isFiring()) {
                firingSeconds.merge(entry.getKey(), 1L, Long::sum);
                falseAlarms.merge(entry.getKey(), fired ? 0L : 1L, Long::sum);
            }
        }
    }

    private void fault(Map<Who, SimulatedAlarm> before, long start, double share) {
        Map<Who, SimulatedAlarm> waiting = new EnumMap<>(Who.class);
        before.forEach((who, alarm) -> waiting.put(who, alarm.copy()));
        waiting.put(Who.PROVED, ((Gatewatch) before.get(Who.GATEWATCH)).proved());
        noticed(waiting, share, -1);
        SimulatedTraffic traffic = new SimulatedTraffic(random.split(), perSecond, MOST_RETRIES);
        double from = random.nextDouble();
        double first = -1;
        for (long second = start; second < start + FAULT_SECONDS && !waiting.isEmpty(); second++) {
            SimulatedTraffic.Second happened = traffic.with(second, share, second == start ? from : 0);
            first = first < 0 && happened.firstFaulty() >= 0 ? second + happened.firstFaulty() : first;
            for (SimulatedAlarm alarm : waiting.values()) {
                alarm.second(second, happened);
            }
            noticed(waiting, share, first < 0 ? -1 : second + 1 - first);
        }
        waiting.keySet().forEach(who -> delays(share, who).missed());
    }

    /// @param delay since the first failed request, -1 if there has been none yet
    private void noticed(Map<Who, SimulatedAlarm> waiting, double share, double delay) {
        waiting.forEach((who, alarm) -> {
            if (alarm.isFiring()) {
                delays(share, who).add(delay);
            }
        });
        waiting.values().removeIf(SimulatedAlarm::isFiring);
    }
}
