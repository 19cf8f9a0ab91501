package dev.gatewatch.analyzer.burst.simulation;

import dev.gatewatch.analyzer.burst.Burst;
import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.analyzer.burst.Counts;
import dev.gatewatch.analyzer.burst.Detector;
import dev.gatewatch.analyzer.burst.Ending;
import dev.gatewatch.analyzer.burst.Past;
import dev.gatewatch.analyzer.burst.ServiceState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Our detector, told of each second at its end. It calls the rules that the burst machine calls, without the
/// machine's servers, lines and maps, which would take an hour; `GatewatchTest` holds the two against each
/// other.
final class Gatewatch implements SimulatedAlarm {
    private static final Detector DETECTOR = new Detector(BurstConfig.DEFAULT);
    private static final Ending ENDING = new Ending(BurstConfig.DEFAULT);

    private final Detector.Alarm enough;
    private final List<ServiceState.Second> kept;
    private Past past = Past.UNKNOWN;
    private @Nullable Burst burst;
    private long lastFailure;

    private Gatewatch(Detector.Alarm enough, List<ServiceState.Second> kept) {
        this.enough = enough;
        this.kept = new ArrayList<>(kept);
    }

    Gatewatch() {
        this(Detector.Alarm.BURST, List.of());
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
        Gatewatch copy = new Gatewatch(enoughForIt, kept);
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
    public void second(long second, long requests, long failures) {
        if (requests > 0) {
            lastFailure = failures > 0 ? second : lastFailure;
            kept.add(new ServiceState.Second(second, requests, failures));
            while (kept.getFirst().second() < second - Detector.KEPT_SECONDS) {
                forget(kept.removeFirst());
            }
            if (burst == null) {
                find(second);
            } else {
                burst = with(burst, second, requests, failures);
            }
        }
        if (burst != null && ENDING.isOver(burst, millis(second))) {
            long last = Math.floorDiv(burst.lastFailureAt(), 1_000);
            kept.removeIf(s -> s.second() <= last);
            past = past.afterBurst();
            burst = null;
        }
    }

    private static long millis(long second) {
        return second * 1_000 + 999;
    }

    private void forget(ServiceState.Second old) {
        if (burst == null) {
            past = past.with(old.second(), counts(old.requests(), old.failures()));
        }
    }

    private static Counts counts(long requests, long failures) {
        TreeMap<Integer, Long> failed = new TreeMap<>();
        if (failures > 0) {
            failed.put(502, failures);
        }
        return new Counts(requests, failed, new TreeMap<>(), 0, new TreeMap<>());
    }

    private void find(long now) {
        Detector.Finding finding = DETECTOR.find(kept, now, past);
        if (finding.alarm().compareTo(enough) < 0) {
            return;
        }
        long requests = 0;
        long failures = 0;
        for (ServiceState.Second second : kept) {
            boolean counts = second.second() >= finding.since();
            requests += counts ? second.requests() : 0;
            failures += counts ? second.failures() : 0;
        }
        if (kept.getFirst().second() > finding.since()) {
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
