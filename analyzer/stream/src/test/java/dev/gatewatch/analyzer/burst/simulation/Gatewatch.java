package dev.gatewatch.analyzer.burst.simulation;

import dev.gatewatch.analyzer.burst.Burst;
import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.analyzer.burst.Counts;
import dev.gatewatch.analyzer.burst.Detector;
import dev.gatewatch.analyzer.burst.Ending;
import dev.gatewatch.analyzer.burst.Past;
import dev.gatewatch.analyzer.burst.Seconds;
import dev.gatewatch.analyzer.service.Askers;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Our detector, told of each second at its end. It calls the rules that the burst machine calls, without the
/// machine's servers, lines and maps, which would take an hour; `GatewatchTest` holds the two against each
/// other.
final class Gatewatch implements SimulatedAlarm {
    private static final Detector DETECTOR = new Detector(BurstConfig.DEFAULT);
    private static final Ending ENDING = new Ending(BurstConfig.DEFAULT);

    private final Detector.Alarm enough;
    private final Kept kept;
    private Past past = Past.UNKNOWN;
    private @Nullable Burst burst;
    private long lastFailure;

    private Gatewatch(Detector.Alarm enough, Kept kept) {
        this.enough = enough;
        this.kept = kept;
    }

    Gatewatch() {
        this(Detector.Alarm.BURST, new Kept());
    }

    /// The same where lines prove what goes wrong.
    Gatewatch proved() {
        return copy(Detector.Alarm.SUSPICION);
    }

    @Override
    public Gatewatch copy() {
        return copy(enough);
    }

    private Gatewatch copy(Detector.Alarm enoughForIt) {
        Gatewatch copy = new Gatewatch(enoughForIt, kept.copy());
        copy.past = past;
        copy.burst = burst;
        copy.lastFailure = lastFailure;
        return copy;
    }

    @Override
    public boolean isFiring() {
        return burst != null;
    }

    @Override
    public void second(long second, SimulatedTraffic.Second happened) {
        if (happened.requests() > 0) {
            lastFailure = happened.failures() > 0 ? second : lastFailure;
            kept.add(second, happened);
            while (kept.first().second() < second - Detector.KEPT_SECONDS) {
                forget(kept.first());
            }
            if (burst == null) {
                find();
            } else {
                burst = with(burst, second, happened.requests(), happened.failures());
            }
        }
        if (burst != null && ENDING.isOver(burst, millis(second))) {
            kept.clearUpTo(Math.floorDiv(burst.lastFailureAt(), 1_000));
            past = past.afterBurst();
            burst = null;
        }
    }

    private static long millis(long second) {
        return second * 1_000 + 999;
    }

    private void forget(Seconds.Total old) {
        long last = kept.forget();
        if (burst == null) {
            past = past.with(old.second(), counts(old.requests(), old.failures()), last);
        }
    }

    private static Counts counts(long requests, long failures) {
        TreeMap<Integer, Long> failed = new TreeMap<>();
        if (failures > 0) {
            failed.put(502, failures);
        }
        return new Counts(requests, failed, new TreeMap<>(), 0, new TreeMap<>(), Askers.NONE, Askers.NONE);
    }

    private void find() {
        Detector.Finding finding = DETECTOR.find(kept.seconds(), past);
        if (finding.alarm().compareTo(enough) < 0) {
            return;
        }
        long requests = 0;
        long failures = 0;
        for (Seconds.Total second : kept.seconds()) {
            boolean counts = second.second() >= finding.since();
            requests += counts ? second.requests() : 0;
            failures += counts ? second.failures() : 0;
        }
        if (kept.first().second() > finding.since()) {
            Counts before = past.hours().since(finding.since());
            requests += before.requests();
            failures += before.failed().getOrDefault(502, 0L);
        }
        burst = burst(finding.since() * 1_000, millis(lastFailure), 0, requests, failures);
    }

    private static Burst burst(long startedAt, long lastFailureAt, long served, long requests, long failures) {
        return new Burst(
                startedAt,
                lastFailureAt,
                lastFailureAt,
                served,
                requests,
                counts(requests, failures).failed(),
                0,
                0);
    }

    private static Burst with(Burst b, long second, long requests, long failures) {
        long served = failures > 0 ? 0 : b.servedSince() + requests;
        long last = failures > 0 ? millis(second) : b.lastFailureAt();
        return burst(b.startedAt(), last, served, b.requests() + requests, b.failures() + failures);
    }
}
