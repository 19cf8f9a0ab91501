package dev.gatewatch.analyzer.burst;

import dev.gatewatch.analyzer.burst.Detector.Alarm;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.service.Sighting;
import dev.gatewatch.analyzer.service.Tally;
import dev.gatewatch.analyzer.service.Target;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The rules of bursts: how a report changes what is known of a service, whether a burst has begun, whether
/// it is over.
public final class BurstMachine {
    /// How long seconds and lines are kept, in milliseconds.
    private static final long KEPT_MILLIS = Detector.KEPT_SECONDS * 1_000;

    /// How long before a burst's beginning lines may speak for it, in milliseconds.
    private static final long BEFORE_MILLIS = 120_000;

    private static final int KEPT_ENDPOINTS = 64;
    private static final int KEPT_KINDS_OF_LINES = 64;

    private final Detector detector;
    private final Ending ending;

    public BurstMachine(BurstConfig config) {
        this.detector = new Detector(config);
        this.ending = new Ending(config);
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
            change(seconds, tally.second(), proxy, counts -> counts.with(tally));
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
                change(seconds, Math.floorDiv(sighting.firstAt(), 1_000), proxy, counts -> counts.with(sighting));
                endpoint(
                        endpoints,
                        report.host(),
                        sighting.target(),
                        e -> e.failed(sighting.firstAt(), sighting.lastAt(), 0, sighting.count()));
            }
            remember(seen, new Seen(report.host(), report.kind(), sighting));
            clock = clock.after(sighting.lastAt(), wallNow);
        }
        ServiceState taken = new ServiceState(
                state.service(),
                seconds,
                endpoints,
                seen,
                state.baseline(),
                state.hours(),
                state.sums(),
                clock,
                state.burst());
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
        boolean accessLogged = after.accessLogged().contains(report.kind() + "@" + report.host());
        Burst sum = burst;
        for (Tally tally : report.tallies()) {
            if (tally.lastAt() >= burst.startedAt()) {
                sum = plus(sum, tally);
            }
        }
        for (Sighting sighting : report.sightings()) {
            boolean counts = FailedTry.isOne(sighting.signal()) && !accessLogged;
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
        return burst == null ? now - KEPT_MILLIS : burst.startedAt() - BEFORE_MILLIS;
    }

    private static ServiceState forgetOld(ServiceState state, long now) {
        long oldest = Math.floorDiv(now - KEPT_MILLIS, 1_000);
        Past past = state.past();
        NavigableMap<Long, SortedMap<String, Counts>> seconds = new TreeMap<>(state.seconds());
        Set<String> accessLogged = state.accessLogged();
        while (!seconds.isEmpty() && seconds.firstKey() < oldest) {
            long second = seconds.pollFirstEntry().getKey();
            past = state.burst() == null ? with(past, state, second, accessLogged) : past;
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
                past.baseline(),
                past.hours(),
                past.sums(),
                state.clock(),
                burst);
    }

    private static Past with(Past past, ServiceState state, long second, Set<String> accessLogged) {
        Counts settled = state.settled(second, accessLogged);
        List<Counts> following = settled.failures() == 0
                ? List.of()
                : state.seconds().subMap(second, false, second + Repeats.SPAN_SECONDS, true).keySet().stream()
                        .map(later -> state.settled(later, accessLogged))
                        .toList();
        return past.with(second, settled, Repeats.last(settled, following));
    }

    private static <T> List<T> newest(List<T> all, int limit, Comparator<T> age) {
        if (all.size() > limit) {
            all.sort(age.reversed());
            return List.copyOf(all.subList(0, limit));
        }
        return List.copyOf(all);
    }

    /// Whether a burst has begun; only asked while none goes on.
    public Alarm alarm(ServiceState state, long wallNow) {
        return find(state, wallNow).alarm();
    }

    private Detector.Finding find(ServiceState state, long wallNow) {
        long now = state.clock().at(wallNow);
        return detector.find(state.seconds(now - KEPT_MILLIS, now), state.past());
    }

    /// The state with the burst that has just been noticed.
    public ServiceState begin(ServiceState state, long wallNow) {
        long now = state.clock().at(wallNow);
        long since = Math.max(0, find(state, wallNow).since()) * 1_000;
        long first = Math.min(now, firstFailureWithin(state, since));
        Counts counts = countsBetween(state, since, now);
        long last = state.endpoints().stream()
                .mapToLong(Endpoint::lastFailureAt)
                .max()
                .orElse(first);
        return withBurst(
                state,
                new Burst(
                        first,
                        now,
                        Math.max(first, last),
                        0,
                        counts.requests(),
                        counts.allFailed(),
                        Counts.sum(counts.passed()),
                        counts.masked()));
    }

    private static Counts countsBetween(ServiceState state, long since, long now) {
        long first = Math.floorDiv(since, 1_000);
        Counts counts =
                state.seconds().containsKey(first) ? Counts.NONE : state.hours().since(first);
        Set<String> accessLogged = state.accessLogged();
        for (ServiceState.Second second : state.seconds(since, now)) {
            counts = counts.and(state.settled(second.second(), accessLogged));
        }
        return counts;
    }

    /// The first failure of a second, to the millisecond where a server's is known.
    private static long firstFailureWithin(ServiceState state, long since) {
        return state.endpoints().stream()
                .mapToLong(Endpoint::firstFailureAt)
                .filter(at -> at >= since && at < since + 1_000)
                .min()
                .orElse(since);
    }

    /// Whether the burst that goes on is over.
    public boolean isOver(ServiceState state, long wallNow) {
        return state.burst() != null
                && ending.isOver(state.burst(), state.clock().at(wallNow));
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
        Past past = state.past().afterBurst();
        return new ServiceState(
                state.service(),
                seconds,
                state.endpoints(),
                seen,
                past.baseline(),
                past.hours(),
                past.sums(),
                state.clock(),
                null);
    }

    private static ServiceState withBurst(ServiceState state, @Nullable Burst burst) {
        return new ServiceState(
                state.service(),
                state.seconds(),
                state.endpoints(),
                state.seen(),
                state.baseline(),
                state.hours(),
                state.sums(),
                state.clock(),
                burst);
    }
}
