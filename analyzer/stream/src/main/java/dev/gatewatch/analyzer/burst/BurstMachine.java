package dev.gatewatch.analyzer.burst;

import dev.gatewatch.analyzer.burst.Detector.Alarm;
import dev.gatewatch.analyzer.service.Askers;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.service.Sighting;
import dev.gatewatch.analyzer.service.Tally;
import dev.gatewatch.analyzer.service.Target;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/// The rules of bursts: how a report changes what is known of a service, whether a burst has begun, whether
/// it is over.
public final class BurstMachine {
    /// How long seconds and lines are kept, in milliseconds.
    private static final long KEPT_MILLIS = Detector.KEPT_SECONDS * 1_000;

    /// So many seconds are forgotten at a time.
    private static final long FORGOTTEN_SECONDS = 4;

    /// How long before a burst's beginning lines may speak for it, in milliseconds.
    private static final long BEFORE_MILLIS = 120_000;

    /// How long after the first failure a proxy is waited for that has not been heard since, in milliseconds.
    private static final long AWAITED_MILLIS = 5_000;

    /// From how long before it is told which proxies are usually heard.
    private static final long USUAL_SECONDS = 60;

    /// A proxy with fewer requests than one in so many seconds is not waited for.
    private static final long SELDOM_SECONDS = 5;

    private static final Set<Signal.Outcome> FAILING =
            Set.of(Signal.Outcome.FAILED, Signal.Outcome.PASSED_THROUGH, Signal.Outcome.RELAYED);

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
        String proxy = Seconds.proxy(report.kind(), report.host());
        Seconds.Edit seconds = new Seconds.Edit(state.seconds());
        boolean isHeard = state.seconds().isHeard();
        List<Endpoint> endpoints = new ArrayList<>(state.endpoints());
        List<Seen> seen = new ArrayList<>(state.seen());
        EventClock clock = clockBefore(state, report, wallNow);
        long burstBegan = state.burst() == null ? Long.MAX_VALUE : state.burst().startedAt();
        long oldest = clock.equals(EventClock.UNSET) ? 0 : oldestLine(state, clock.at(wallNow));
        for (Tally tally : report.tallies()) {
            boolean relayed = tally.outcome() == Signal.Outcome.RELAYED;
            seconds.change(tally.second(), relayed ? Seconds.relay(proxy) : proxy, counts -> counts.with(tally));
            boolean toldElsewhere = relayed && isHeard;
            if (tally.lastAt() >= oldest && !toldElsewhere) {
                count(endpoints, report.host(), tally, burstBegan);
            }
            clock = clock.after(tally.lastAt(), wallNow);
        }
        for (Sighting sighting : report.sightings()) {
            if (sighting.lastAt() < oldest) {
                continue;
            }
            if (FailedTry.isOne(sighting.signal())) {
                seconds.change(second(sighting.firstAt()), proxy, counts -> counts.with(sighting));
                endpoint(
                        endpoints,
                        report.host(),
                        sighting.target(),
                        e -> e.failed(sighting.firstAt(), sighting.lastAt(), 0, sighting.count(), burstBegan));
            }
            remember(seen, new Seen(report.host(), report.kind(), sighting));
            clock = clock.after(sighting.lastAt(), wallNow);
        }
        ServiceState taken = state.with(seconds.seconds(), endpoints, seen).at(clock);
        long now = clock.at(wallNow);
        boolean heardAtLast = !isHeard && taken.seconds().isHeard();
        ServiceState heard = heardAtLast ? withoutRelayedServers(taken, state) : taken;
        return forgetOld(withBurstCounts(state, heard, report, now), now);
    }

    /// The service's clock when the report comes.
    private static EventClock clockBefore(ServiceState state, ServiceReport report, long wallNow) {
        EventClock clock = state.clock();
        return clock.isSilent(wallNow)
                ? clock.backTo(report.after(clock.newest()).firstAt(), wallNow)
                : clock;
    }

    /// The state without the servers that only proxies in front of the service named: they are no servers of
    /// it.
    private static ServiceState withoutRelayedServers(ServiceState heard, ServiceState before) {
        List<Endpoint> endpoints = new ArrayList<>(heard.endpoints());
        before.endpoints().stream()
                .filter(e -> e.lastServedAt() == 0)
                .forEach(relayed -> endpoints.removeIf(relayed::isSameServer));
        return heard.with(heard.seconds(), endpoints, heard.seen());
    }

    private static void count(List<Endpoint> endpoints, String host, Tally tally, long burstBegan) {
        Target target = new Target("", tally.upstream(), tally.address(), tally.server(), tally.configured());
        switch (tally.outcome()) {
            case SERVED, MASKED -> endpoint(endpoints, host, target, e -> e.served(tally.lastAt()));
            case FAILED, PASSED_THROUGH, RELAYED ->
                endpoint(
                        endpoints,
                        host,
                        target,
                        e -> e.failed(tally.firstAt(), tally.lastAt(), tally.count(), 0, burstBegan));
            case ASIDE -> {}
        }
    }

    private static void endpoint(List<Endpoint> endpoints, String host, Target target, UnaryOperator<Endpoint> change) {
        Endpoint unused = new Endpoint(
                host, target.upstream(), target.address(), target.server(), target.configured(), 0, 0, 0, 0, 0);
        for (int i = 0; i < endpoints.size(); i++) {
            Endpoint e = endpoints.get(i);
            if (e.isSameServer(unused)) {
                endpoints.set(i, change.apply(e));
                return;
            }
        }
        endpoints.add(change.apply(unused));
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

    /// Counts a report into the burst that goes on. Counts are by whole seconds, so that they are the same in
    /// whatever order lines come and however they were batched.
    private ServiceState withBurstCounts(ServiceState before, ServiceState after, ServiceReport report, long now) {
        Burst burst = after.burst();
        if (burst == null) {
            return after;
        }
        Burst sum = plus(after, burst, report);
        long oldest = oldestSecond(now);
        if (second(burst.startedAt()) >= oldest) {
            boolean late = failingSeconds(report).anyMatch(second -> second <= second(burst.startedAt()));
            if (late || !after.seconds().accessLogged().equals(before.seconds().accessLogged())) {
                long startedAt = late ? startedAt(after, burst) : burst.startedAt();
                sum = recounted(after, sum, startedAt);
            }
        }
        boolean failedSince = sum.lastFailureAt() > burst.lastFailureAt();
        return after.withBurst(failedSince ? servedSince(after, sum) : sum);
    }

    private static long second(long millis) {
        return Math.floorDiv(millis, 1_000);
    }

    private static long oldestSecond(long now) {
        return Math.floorDiv(now - KEPT_MILLIS, FORGOTTEN_SECONDS * 1_000) * FORGOTTEN_SECONDS;
    }

    private static LongStream failingSeconds(ServiceReport report) {
        return LongStream.concat(
                report.tallies().stream()
                        .filter(t -> FAILING.contains(t.outcome()))
                        .mapToLong(Tally::second),
                report.sightings().stream()
                        .filter(s -> FailedTry.isOne(s.signal()))
                        .mapToLong(s -> second(s.firstAt())));
    }

    /// When the burst began, by what is known now of the time until it was noticed: what came late may have
    /// happened before what came first.
    private long startedAt(ServiceState state, Burst burst) {
        long since = detector.find(state.seconds().totals(0, burst.detectedAt()), state.past())
                .since();
        if (since < 0 || since > second(burst.startedAt())) {
            return burst.startedAt();
        }
        OptionalLong known = knownFailureWithin(state, since * 1_000);
        return since < second(burst.startedAt())
                ? known.orElse(since * 1_000)
                : Math.min(burst.startedAt(), known.orElse(burst.startedAt()));
    }

    private static Burst recounted(ServiceState state, Burst b, long startedAt) {
        Counts counts = countsSince(state, startedAt);
        return Burst.of(startedAt, b.detectedAt(), b.lastFailureAt(), counts).withServedSince(b.servedSince());
    }

    /// The burst after a further failure: of the requests that were served, those after it count.
    private static Burst servedSince(ServiceState state, Burst b) {
        Counts counts = countsSince(state, (second(b.lastFailureAt()) + 1) * 1_000);
        return b.withServedSince(counts.requests() - counts.failures());
    }

    private static Burst plus(ServiceState after, Burst burst, ServiceReport report) {
        long start = second(burst.startedAt());
        Burst sum = burst;
        for (Tally tally : report.tallies()) {
            boolean toldElsewhere =
                    tally.outcome() == Signal.Outcome.RELAYED && after.seconds().isHeard();
            if (tally.second() >= start && !toldElsewhere) {
                sum = sum.and(tally);
            }
        }
        List<Sighting> tries = report.sightings().stream()
                .filter(s -> FailedTry.isOne(s.signal()) && second(s.firstAt()) >= start)
                .toList();
        String proxy = Seconds.proxy(report.kind(), report.host());
        if (!tries.isEmpty() && !after.seconds().accessLogged().contains(proxy)) {
            for (Sighting one : tries) {
                sum = sum.and(one);
            }
        }
        return sum;
    }

    /// From when on lines are remembered, milliseconds since 1970; older ones would be taken for what is
    /// going on.
    private static long oldestLine(ServiceState state, long now) {
        Burst burst = state.burst();
        return burst == null ? now - KEPT_MILLIS : burst.startedAt() - BEFORE_MILLIS;
    }

    private static ServiceState forgetOld(ServiceState state, long now) {
        long oldest = oldestSecond(now);
        Past past = state.past();
        if (state.burst() == null && state.seconds().first() < oldest) {
            Set<String> accessLogged = state.seconds().accessLogged();
            for (Seconds.Second second : state.seconds().between(Long.MIN_VALUE, oldest)) {
                past = with(past, state.seconds(), second.number(), accessLogged);
            }
        }
        long oldestLine = oldestLine(state, now);
        List<Seen> seen = new ArrayList<>(state.seen());
        seen.removeIf(s -> s.sighting().lastAt() < oldestLine);
        List<Endpoint> endpoints = new ArrayList<>(state.endpoints());
        return state.with(
                        state.seconds().from(oldest),
                        newest(endpoints, KEPT_ENDPOINTS, Comparator.comparingLong(Endpoint::lastSeenAt)),
                        newest(
                                seen,
                                KEPT_KINDS_OF_LINES,
                                Comparator.comparingLong(s -> s.sighting().lastAt())))
                .after(past);
    }

    private static Past with(Past past, Seconds seconds, long second, Set<String> accessLogged) {
        Counts settled = seconds.settled(second, second + 1, accessLogged).getFirst();
        long failures = settled.failures();
        List<Askers> following =
                failures == 0 ? List.of() : seconds.askers(second + 1, second + Repeats.SPAN_SECONDS + 1, accessLogged);
        return past.with(second, settled, Repeats.last(failures, settled.askers(), following));
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
        Detector.Finding finding = find(state, wallNow);
        boolean early = finding.alarm() != Alarm.NONE
                && state.clock().at(wallNow) < finding.since() * 1_000 + AWAITED_MILLIS
                && isAwaited(state, finding.since());
        return early ? Alarm.AWAITED : finding.alarm();
    }

    /// Whether a proxy that tells of the service every few seconds has not been heard since a second: it may
    /// have met the first failure, by which an incident is named.
    private static boolean isAwaited(ServiceState state, long since) {
        Map<String, Long> requestsBefore = new HashMap<>();
        for (Seconds.Second second : state.seconds().between(since - USUAL_SECONDS, since)) {
            second.proxies()
                    .forEach(p -> requestsBefore.merge(p.name(), p.counts().requests(), Long::sum));
        }
        for (Seconds.Second second : state.seconds().between(since, Long.MAX_VALUE)) {
            second.proxies().stream()
                    .filter(p -> p.counts().isAccessLogged())
                    .forEach(p -> requestsBefore.remove(p.name()));
        }
        return requestsBefore.values().stream().anyMatch(requests -> requests >= USUAL_SECONDS / SELDOM_SECONDS);
    }

    private Detector.Finding find(ServiceState state, long wallNow) {
        long now = state.clock().at(wallNow);
        return detector.find(state.seconds().totals(oldestSecond(now) * 1_000, now), state.past());
    }

    /// The state with the burst that has just been noticed.
    public ServiceState begin(ServiceState state, long wallNow) {
        long now = state.clock().at(wallNow);
        long since = Math.max(0, find(state, wallNow).since()) * 1_000;
        long first = Math.min(now, knownFailureWithin(state, since).orElse(since));
        boolean longAgo = !state.seconds().contains(second(since));
        Counts before = longAgo ? state.hours().since(second(since)) : Counts.NONE;
        Counts counts = before.and(countsSince(state, since));
        Burst begun = Burst.of(first, now, Math.max(first, lastFailureAt(state, since)), counts);
        return state.withBurst(servedSince(state, begun));
    }

    /// Counts of the kept seconds from that of a moment on, in milliseconds since 1970.
    private static Counts countsSince(ServiceState state, long since) {
        Seconds seconds = state.seconds();
        return seconds.settled(second(since), Long.MAX_VALUE, seconds.accessLogged()).stream()
                .reduce(Counts.NONE, Counts::and);
    }

    /// The first failure of a second that a server is known to have met, to the millisecond.
    private static OptionalLong knownFailureWithin(ServiceState state, long since) {
        return state.endpoints().stream()
                .mapToLong(Endpoint::firstFailureAt)
                .filter(at -> at >= since && at < since + 1_000)
                .min();
    }

    private static long lastFailureAt(ServiceState state, long since) {
        return state.endpoints().stream()
                .mapToLong(Endpoint::lastFailureAt)
                .max()
                .orElse(since);
    }

    /// Whether the burst that goes on is over.
    ///
    /// @param heard whether all its proxies would be heard if they had anything to say
    public boolean isOver(ServiceState state, long wallNow, boolean heard) {
        return state.burst() != null
                && ending.isOver(state.burst(), state.clock().at(wallNow), heard);
    }

    /// The state without a burst; the failures of the one that ended do not begin another.
    public ServiceState end(ServiceState state) {
        ServiceState ended = state.after(state.past().afterBurst()).withBurst(null);
        Burst burst = state.burst();
        return burst == null
                ? ended
                : ended.with(
                        state.seconds().from(second(burst.lastFailureAt()) + 1),
                        state.endpoints().stream().map(Endpoint::afterBurst).toList(),
                        state.seen().stream()
                                .filter(s -> s.sighting().lastAt() > burst.lastFailureAt())
                                .toList());
    }
}
