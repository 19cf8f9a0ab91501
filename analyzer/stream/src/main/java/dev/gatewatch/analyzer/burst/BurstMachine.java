package dev.gatewatch.analyzer.burst;

import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.service.Sighting;
import dev.gatewatch.analyzer.service.Tally;
import dev.gatewatch.analyzer.service.Target;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The rules of bursts: how a report changes what is known of a service, whether a burst has begun, whether
/// it is over.
public final class BurstMachine {
    /// How long seconds and lines are kept, in milliseconds: the time in which a burst must build up.
    private static final long KEPT_MILLIS = 180_000;

    /// How far back the detector looks, in milliseconds.
    private static final long LOOK_BACK_MILLIS = 120_000;

    private static final int KEPT_ENDPOINTS = 64;
    private static final int KEPT_KINDS_OF_LINES = 64;

    private static final int FAILURES_NEEDED = 5;
    private static final int FAILING_SECONDS_NEEDED = 4;
    private static final int PROVED_FAILURES_NEEDED = 2;
    private static final int PROVED_FAILING_SECONDS_NEEDED = 2;
    private static final int SERVED_BEFORE_OVER = 3;

    private final BurstConfig config;

    public BurstMachine(BurstConfig config) {
        this.config = config;
    }

    /// The state after a report.
    ///
    /// @param wallNow wall clock, milliseconds since 1970
    public ServiceState take(ServiceState state, ServiceReport report, long wallNow) {
        String proxy = report.kind() + "@" + report.host();
        NavigableMap<Long, SortedMap<String, Counts>> seconds = new TreeMap<>(state.seconds());
        List<Endpoint> endpoints = new ArrayList<>(state.endpoints());
        List<Seen> seen = new ArrayList<>(state.seen());
        EventClock clock = state.clock();
        long oldest = clock.equals(EventClock.UNSET) ? 0 : oldestLine(state, clock.at(wallNow));
        for (Tally tally : report.tallies()) {
            change(
                    seconds,
                    tally.second(),
                    proxy,
                    counts -> counts.withRequests(tally.outcome(), tally.status(), tally.count()));
            if (tally.lastAt() >= oldest) {
                count(endpoints, report.host(), tally);
            }
            clock = clock.after(tally.lastAt(), wallNow);
        }
        for (Sighting sighting : report.sightings()) {
            if (sighting.lastAt() < oldest) {
                continue;
            }
            if (FailedTry.isOne(sighting.signal())) {
                change(
                        seconds,
                        Math.floorDiv(sighting.firstAt(), 1_000),
                        proxy,
                        counts -> counts.withTries(FailedTry.status(sighting.signal()), sighting.count()));
                endpoint(
                        endpoints,
                        report.host(),
                        sighting.target(),
                        e -> e.failed(sighting.firstAt(), sighting.lastAt(), 0, sighting.count()));
            }
            remember(seen, new Seen(report.host(), report.kind(), sighting));
            clock = clock.after(sighting.lastAt(), wallNow);
        }
        ServiceState taken =
                new ServiceState(state.service(), seconds, endpoints, seen, state.baseline(), clock, state.burst());
        return forgetOld(withBurstCounts(taken, report), clock.at(wallNow));
    }

    private interface Change<T> {
        T of(T before);
    }

    private static void change(
            NavigableMap<Long, SortedMap<String, Counts>> seconds, long second, String proxy, Change<Counts> change) {
        SortedMap<String, Counts> byProxy = new TreeMap<>(seconds.getOrDefault(second, new TreeMap<>()));
        byProxy.put(proxy, change.of(byProxy.getOrDefault(proxy, Counts.NONE)));
        seconds.put(second, byProxy);
    }

    private static void count(List<Endpoint> endpoints, String host, Tally tally) {
        Target target = new Target("", tally.upstream(), tally.address(), tally.server(), tally.configured());
        switch (tally.outcome()) {
            case SERVED, MASKED -> endpoint(endpoints, host, target, e -> e.served(tally.lastAt()));
            case FAILED, PASSED_THROUGH ->
                endpoint(endpoints, host, target, e -> e.failed(tally.firstAt(), tally.lastAt(), tally.count(), 0));
            case ASIDE -> {}
        }
    }

    private static void endpoint(List<Endpoint> endpoints, String host, Target target, Change<Endpoint> change) {
        for (int i = 0; i < endpoints.size(); i++) {
            Endpoint e = endpoints.get(i);
            if (e.upstream().equals(target.upstream())
                    && e.address().equals(target.address())
                    && e.server().equals(target.server())) {
                endpoints.set(i, change.of(e));
                return;
            }
        }
        endpoints.add(change.of(new Endpoint(
                host, target.upstream(), target.address(), target.server(), target.configured(), 0, 0, 0, 0, 0)));
    }

    private static void remember(List<Seen> seen, Seen more) {
        for (int i = 0; i < seen.size(); i++) {
            if (seen.get(i).isSameKindAs(more)) {
                seen.set(i, seen.get(i).and(more));
                return;
            }
        }
        seen.add(more);
    }

    /// Counts a report into the burst that goes on.
    private static ServiceState withBurstCounts(ServiceState after, ServiceReport report) {
        Burst burst = after.burst();
        if (burst == null) {
            return after;
        }
        Burst sum = burst;
        for (Tally tally : report.tallies()) {
            if (tally.lastAt() >= burst.startedAt()) {
                sum = plus(sum, tally);
            }
        }
        for (Sighting sighting : report.sightings()) {
            boolean counts =
                    FailedTry.isOne(sighting.signal()) && !after.isAccessLogged(report.kind() + "@" + report.host());
            if (counts && sighting.lastAt() >= burst.startedAt()) {
                sum = plusFailures(sum, FailedTry.status(sighting.signal()), sighting.count(), sighting.lastAt());
            }
        }
        return withBurst(after, sum);
    }

    private static Burst plus(Burst b, Tally tally) {
        return switch (tally.outcome()) {
            case ASIDE -> b;
            case SERVED, MASKED ->
                new Burst(
                        b.startedAt(),
                        b.detectedAt(),
                        b.lastFailureAt(),
                        b.servedSince() + (tally.firstAt() > b.lastFailureAt() ? tally.count() : 0),
                        b.requests() + tally.count(),
                        b.failed(),
                        b.passed(),
                        b.masked() + (tally.outcome() == Signal.Outcome.MASKED ? tally.count() : 0));
            case FAILED, PASSED_THROUGH -> {
                Burst failed = plusFailures(b, tally.status(), tally.count(), tally.lastAt());
                long passed = tally.outcome() == Signal.Outcome.PASSED_THROUGH ? tally.count() : 0;
                yield new Burst(
                        failed.startedAt(),
                        failed.detectedAt(),
                        failed.lastFailureAt(),
                        failed.servedSince(),
                        failed.requests(),
                        failed.failed(),
                        failed.passed() + passed,
                        failed.masked());
            }
        };
    }

    private static Burst plusFailures(Burst b, int status, long count, long lastAt) {
        SortedMap<Integer, Long> failed = new TreeMap<>(b.failed());
        failed.merge(status, count, Long::sum);
        return new Burst(
                b.startedAt(),
                b.detectedAt(),
                Math.max(b.lastFailureAt(), lastAt),
                lastAt > b.lastFailureAt() ? 0 : b.servedSince(),
                b.requests() + count,
                failed,
                b.passed(),
                b.masked());
    }

    /// From when on lines are remembered, milliseconds since 1970; older ones would be taken for what is
    /// going on.
    private static long oldestLine(ServiceState state, long now) {
        Burst burst = state.burst();
        return burst == null ? now - KEPT_MILLIS : burst.startedAt() - LOOK_BACK_MILLIS;
    }

    private static ServiceState forgetOld(ServiceState state, long now) {
        long oldest = Math.floorDiv(now - KEPT_MILLIS, 1_000);
        Baseline baseline = state.baseline();
        NavigableMap<Long, SortedMap<String, Counts>> seconds = new TreeMap<>(state.seconds());
        while (!seconds.isEmpty() && seconds.firstKey() < oldest) {
            ServiceState.Second past = state.second(seconds.firstKey());
            if (state.burst() == null) {
                baseline = baseline.with(past.requests(), past.failures(), past.second() * 1_000);
            }
            seconds.pollFirstEntry();
        }
        Burst burst = state.burst();
        long oldestLine = oldestLine(state, now);
        List<Seen> seen = new ArrayList<>(state.seen());
        seen.removeIf(s -> s.sighting().lastAt() < oldestLine);
        List<Endpoint> endpoints = new ArrayList<>(state.endpoints());
        return new ServiceState(
                state.service(),
                seconds,
                newest(endpoints, KEPT_ENDPOINTS, Comparator.comparingLong(Endpoint::lastSeenAt)),
                newest(
                        seen,
                        KEPT_KINDS_OF_LINES,
                        Comparator.comparingLong(s -> s.sighting().lastAt())),
                baseline,
                state.clock(),
                burst);
    }

    private static <T> List<T> newest(List<T> all, int limit, Comparator<T> age) {
        if (all.size() > limit) {
            all.sort(age.reversed());
            return List.copyOf(all.subList(0, limit));
        }
        return List.copyOf(all);
    }

    /// How near a burst is.
    public enum Alarm {
        /// Nothing unusual.
        NONE,
        /// Enough to be a burst if a line proves what goes wrong.
        SUSPICION,
        /// A burst.
        BURST
    }

    /// Whether a burst has begun; only asked while none goes on.
    public Alarm alarm(ServiceState state, long wallNow) {
        Cusum sum = score(state, wallNow);
        if (sum.score() >= config.threshold()
                && sum.failures() >= FAILURES_NEEDED
                && sum.failingSeconds() >= FAILING_SECONDS_NEEDED) {
            return Alarm.BURST;
        }
        boolean suspicious = sum.score() >= config.mechanismThreshold()
                && sum.failures() >= PROVED_FAILURES_NEEDED
                && sum.failingSeconds() >= PROVED_FAILING_SECONDS_NEEDED;
        return suspicious ? Alarm.SUSPICION : Alarm.NONE;
    }

    private static Cusum score(ServiceState state, long wallNow) {
        long now = state.clock().at(wallNow);
        return Cusum.of(
                state.seconds(now - LOOK_BACK_MILLIS, now), state.baseline().share());
    }

    /// The state with the burst that has just been noticed.
    public ServiceState begin(ServiceState state, long wallNow) {
        long now = state.clock().at(wallNow);
        long since = Math.max(0, score(state, wallNow).since()) * 1_000;
        long first = Math.min(now, Math.max(since, firstFailureAfter(state, since)));
        Burst burst = new Burst(first, now, first, 0, 0, new TreeMap<>(), 0, 0);
        for (ServiceState.Second second : state.seconds(since, now)) {
            burst = countSecond(burst, state, second);
        }
        long last = state.endpoints().stream()
                .mapToLong(Endpoint::lastFailureAt)
                .max()
                .orElse(first);
        return withBurst(
                state,
                new Burst(
                        burst.startedAt(),
                        burst.detectedAt(),
                        Math.max(first, last),
                        0,
                        burst.requests(),
                        burst.failed(),
                        burst.passed(),
                        burst.masked()));
    }

    private static long firstFailureAfter(ServiceState state, long since) {
        return state.endpoints().stream()
                .mapToLong(Endpoint::firstFailureAt)
                .filter(at -> at >= since)
                .min()
                .orElse(since);
    }

    private static Burst countSecond(Burst burst, ServiceState state, ServiceState.Second second) {
        SortedMap<Integer, Long> failed = new TreeMap<>(burst.failed());
        long passed = burst.passed();
        long masked = burst.masked();
        for (var entry :
                state.seconds().getOrDefault(second.second(), new TreeMap<>()).entrySet()) {
            Counts counts = entry.getValue();
            counts.failures(state.isAccessLogged(entry.getKey()))
                    .forEach((status, n) -> failed.merge(status, n, Long::sum));
            passed += Counts.sum(counts.passed());
            masked += counts.masked();
        }
        return new Burst(
                burst.startedAt(),
                burst.detectedAt(),
                burst.lastFailureAt(),
                0,
                burst.requests() + second.requests(),
                failed,
                passed,
                masked);
    }

    /// Whether the burst that goes on is over: nothing failed for a while, and requests are served again or
    /// nothing was heard for long.
    public boolean isOver(ServiceState state, long wallNow) {
        Burst burst = state.burst();
        if (burst == null) {
            return false;
        }
        long since = state.clock().at(wallNow) - burst.lastFailureAt();
        boolean served = burst.servedSince() >= SERVED_BEFORE_OVER;
        return since >= (served ? config.quiet() : config.silent()).toMillis();
    }

    /// The state without a burst; the failures of the one that ended do not begin another.
    public ServiceState end(ServiceState state) {
        NavigableMap<Long, SortedMap<String, Counts>> seconds = new TreeMap<>(state.seconds());
        Burst burst = state.burst();
        if (burst != null) {
            seconds.headMap(Math.floorDiv(burst.lastFailureAt(), 1_000), true).clear();
        }
        List<Seen> seen = burst == null
                ? state.seen()
                : state.seen().stream()
                        .filter(s -> s.sighting().lastAt() > burst.lastFailureAt())
                        .toList();
        return new ServiceState(
                state.service(), seconds, state.endpoints(), seen, state.baseline(), state.clock(), null);
    }

    private static ServiceState withBurst(ServiceState state, @Nullable Burst burst) {
        return new ServiceState(
                state.service(),
                state.seconds(),
                state.endpoints(),
                state.seen(),
                state.baseline(),
                state.clock(),
                burst);
    }
}
