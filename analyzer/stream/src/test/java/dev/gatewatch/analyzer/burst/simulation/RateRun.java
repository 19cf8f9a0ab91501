package dev.gatewatch.analyzer.burst.simulation;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Healthy days of services of one rate of traffic, and faults that begin somewhere in them: each day goes on
/// in health, and once for each share of failing requests, with copies of all alarms as they are then.
final class RateRun {
    static final List<Double> SHARES = List.of(1.0, 0.5, 0.2, 0.05);
    private static final long DAY_SECONDS = 86_400;
    private static final long FAULT_SECONDS = 1_800;
    private static final int DAYS_OF_A_SERVICE = 12;

    /// Who tells of failures.
    enum Who {
        GATEWATCH("Gatewatch"),
        PROVED("with a proof"),
        RATE("rate > 0.1, 2m"),
        SHARE("> 5 %, 1m"),
        BURN("burn rate 14.4");

        final String title;

        Who(String title) {
            this.title = title;
        }
    }

    private final double perSecond;
    private final SplittableRandom random;
    private final Map<Who, Long> falseAlarms = new EnumMap<>(Who.class);
    private final Map<Who, Long> firingSeconds = new EnumMap<>(Who.class);
    private final Map<Double, Map<Who, Delays>> delays = new LinkedHashMap<>();
    private int days;

    RateRun(double perSecond, long seed) {
        this.perSecond = perSecond;
        this.random = new SplittableRandom(seed + Double.hashCode(perSecond));
        for (double share : SHARES) {
            Map<Who, Delays> each = new EnumMap<>(Who.class);
            for (Who who : Who.values()) {
                each.put(who, new Delays());
            }
            delays.put(share, each);
        }
    }

    RateRun days(int wanted) {
        while (days < wanted) {
            service(Math.min(DAYS_OF_A_SERVICE, wanted - days));
        }
        return this;
    }

    double perSecond() {
        return perSecond;
    }

    double falseAlarmsPerDay(Who who) {
        return falseAlarms.getOrDefault(who, 0L) / (double) days;
    }

    double firingShare(Who who) {
        return firingSeconds.getOrDefault(who, 0L) / (double) (days * DAY_SECONDS);
    }

    Delays delays(double share, Who who) {
        return delays.get(share).get(who);
    }

    private void service(int daysOfIt) {
        Map<Who, SimulatedAlarm> alarms = new EnumMap<>(Who.class);
        alarms.put(Who.GATEWATCH, new Gatewatch());
        alarms.put(Who.RATE, Prometheus.rateOfFailures());
        alarms.put(Who.SHARE, Prometheus.shareOfFailures());
        alarms.put(Who.BURN, Prometheus.burnRate());
        SimulatedTraffic traffic = new SimulatedTraffic(random.split(), perSecond);
        for (int day = 0; day < daysOfIt; day++, days++) {
            long fault = day * DAY_SECONDS + random.nextLong(DAY_SECONDS);
            for (long second = day * DAY_SECONDS; second < (day + 1) * DAY_SECONDS; second++) {
                if (second == fault) {
                    SHARES.forEach(share -> fault(alarms, fault, share));
                }
                healthy(alarms, second, traffic.healthy(second));
            }
        }
    }

    private void healthy(Map<Who, SimulatedAlarm> alarms, long second, SimulatedTraffic.Second happened) {
        alarms.forEach((who, alarm) -> {
            boolean fired = alarm.isFiring();
            alarm.second(second, happened.requests(), happened.failures());
            if (alarm.isFiring()) {
                firingSeconds.merge(who, 1L, Long::sum);
                falseAlarms.merge(who, fired ? 0L : 1L, Long::sum);
            }
        });
    }

    private void fault(Map<Who, SimulatedAlarm> before, long start, double share) {
        Map<Who, SimulatedAlarm> waiting = new EnumMap<>(Who.class);
        before.forEach((who, alarm) -> waiting.put(who, alarm.copy()));
        waiting.put(Who.PROVED, ((Gatewatch) before.get(Who.GATEWATCH)).proved());
        noticed(waiting, share, -1);
        SimulatedTraffic traffic = new SimulatedTraffic(random.split(), perSecond);
        double from = random.nextDouble();
        double first = -1;
        for (long second = start; second < start + FAULT_SECONDS && !waiting.isEmpty(); second++) {
            SimulatedTraffic.Second happened = traffic.with(second, share, second == start ? from : 0);
            first = first < 0 && happened.firstFaulty() >= 0 ? second + happened.firstFaulty() : first;
            for (SimulatedAlarm alarm : waiting.values()) {
                alarm.second(second, happened.requests(), happened.failures());
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
