package dev.gatewatch.analyzer.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewatch.analyzer.grammar.Stamp;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.service.Askers;
import dev.gatewatch.analyzer.service.Relay;
import dev.gatewatch.analyzer.service.ServiceMap;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.service.Sighting;
import dev.gatewatch.analyzer.service.Tally;
import dev.gatewatch.analyzer.service.Target;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Combines what the lines of one batch say, so that what goes on grows with services and seconds, not with
/// lines. Only one line of each kind is carried along.
final class Combiner {
    /// Longest line that is carried along as evidence, in bytes.
    private static final int EVIDENCE_BYTES = 2_048;

    /// How far an event may lie ahead of the moment at which its line was read, in milliseconds.
    private static final long AHEAD_MILLIS = 2_000;

    private static final long HOUR_MILLIS = 3_600_000;

    private final LineBatch batch;
    private final ServiceMap services;
    private final List<String> filedElsewhere;
    private final Map<TallyKey, Tally> tallies = new LinkedHashMap<>();
    private final Map<SightingKey, Sighting> sightings = new LinkedHashMap<>();
    private final Map<EventKey, HostEvent> events = new LinkedHashMap<>();

    private record TallyKey(String kind, Target target, long second, Signal.Outcome outcome, int status) {}

    private record SightingKey(String kind, Target target, String id, long second) {}

    private record EventKey(String id, Object subject, long second) {}

    Combiner(LineBatch batch, ServiceMap services, List<String> filedElsewhere) {
        this.batch = batch;
        this.services = services;
        this.filedElsewhere = filedElsewhere;
    }

    void add(Signal signal, int from, int to) {
        switch (signal) {
            case Signal.Request request -> request(request, from, to);
            case Signal.Trouble t -> {
                sighting(t.proxy(), target(t), t, from, to, true);
            }
            case Signal.ServerState s -> {
                Target target = services.target(batch.host(), "haproxy", s.upstream(), s.server(), "");
                sighting("haproxy", target, s, from, to, false);
                if (s.isOutOfReach() && !filedElsewhere.contains("haproxy")) { // concerns all services of that host
                    event(s, s.upstream() + "/" + s.server(), from, to);
                }
            }
            case Signal.ProxyEvent e -> event(e, e.kind() + e.detail(), from, to);
            case Signal.UnitEvent e -> event(e, e, from, to);
            case Signal.AppEvent e -> event(e, e.unit() + e.detail(), from, to);
            case Signal.KernelEvent e -> event(e, e.pid() + e.process() + e.detail(), from, to);
            case Signal.Packet e -> event(e, e.source() + e.destination() + e.port(), from, to);
        }
    }

    /// Adds ordinary requests that say the same, of one second.
    void add(Signal.Request like, Target target, long firstAt, long lastAt, long count) {
        tally(like.proxy(), target, like, clamped(firstAt), clamped(lastAt), count, Askers.NONE);
    }

    private Target target(Signal.Trouble t) {
        if (t.id().startsWith("dns_") && t.server().isEmpty() && !t.name().isEmpty()) {
            return services.unresolved(batch.host(), t.proxy(), t.name(), t.path());
        }
        if (t.ofProxyItself()) {
            return services.ofProxy(batch.host(), t.proxy(), t.server());
        }
        return t.proxy().equals("caddy")
                ? services.unnamed(batch.host(), t.proxy(), t.server(), t.path())
                : services.target(batch.host(), t.proxy(), t.upstream(), t.server(), t.path());
    }

    private void request(Signal.Request request, int from, int to) {
        if (!counts(request)) {
            return;
        }
        Target target = target(request);
        long at = clamped(request.at());
        boolean passedOn = request.outcome() == Signal.Outcome.PASSED_THROUGH;
        Askers askers = passedOn || request.outcome() == Signal.Outcome.FAILED
                ? asker(request.client(), request.path(), from, to)
                : Askers.NONE;
        Relay relay = passedOn || request.id().equals("status_5xx")
                ? services.relay(batch.host(), request.proxy(), target, request.path())
                : Relay.NONE;
        if (passedOn && !relay.targets().isEmpty()) {
            tally(request.proxy(), target, request.with(Signal.Outcome.SERVED), at, at, 1, Askers.NONE);
            if (relay.known()) {
                Target behind = relay.targets().getFirst();
                tally(request.proxy(), behind, request.with(Signal.Outcome.RELAYED), at, at, 1, askers);
            }
        } else {
            tally(request.proxy(), target, request, at, at, 1, askers);
            if (request.outcome() != Signal.Outcome.SERVED) {
                sighting(request.proxy(), target, request, from, to, true);
            }
        }
        for (Target behind : relay.targets()) {
            sighting(request.proxy(), behind, request.with(Signal.Outcome.RELAYED), from, to, true);
        }
    }

    /// A line that does not tell the client is an asker of its own.
    private Askers asker(String client, String path, int from, int to) {
        return Askers.of(
                client.isEmpty()
                        ? Arrays.hashCode(Arrays.copyOfRange(batch.lines(), from, to))
                        : Objects.hash(client, path));
    }

    /// Whether the request says something about a server, and is not counted from another log.
    boolean counts(Signal.Request request) {
        return request.outcome() != Signal.Outcome.ASIDE && !filedElsewhere.contains(request.proxy());
    }

    Target target(Signal.Request request) {
        return services.target(batch.host(), request.proxy(), request.upstream(), request.server(), request.path());
    }

    private void tally(
            String kind, Target target, Signal.Request request, long firstAt, long lastAt, long count, Askers askers) {
        int status = request.outcome() == Signal.Outcome.SERVED ? 0 : request.status(); // what was served counts alike
        TallyKey key = new TallyKey(kind, target, Math.floorDiv(firstAt, 1_000), request.outcome(), status);
        tallies.merge(
                key,
                new Tally(
                        key.second,
                        request.outcome(),
                        target.upstream(),
                        target.address(),
                        target.server(),
                        target.configured(),
                        status,
                        firstAt,
                        lastAt,
                        count,
                        askers),
                Tally::and);
    }

    /// @param each whether each line is an event of its own; the lines of a state are written several times
    private void sighting(String kind, Target target, Signal signal, int from, int to, boolean each) {
        if (filedElsewhere.contains(kind)) {
            return;
        }
        long at = clamped(signal.at());
        SightingKey key = new SightingKey(kind, target, signal.id(), Math.floorDiv(at, 1_000));
        Sighting known = sightings.get(key);
        Askers askers = signal instanceof Signal.Trouble t ? asker(t.client(), t.path(), from, to) : Askers.NONE;
        sightings.put(
                key,
                known == null
                        ? new Sighting(signal, target, batch.source().id(), text(from, to), at, 1, askers)
                        : known.and(
                                new Sighting(signal, target, known.source(), known.line(), at, each ? 1 : 0, askers)));
    }

    private void event(Signal signal, Object subject, int from, int to) {
        EventKey key = new EventKey(signal.id(), subject, Math.floorDiv(signal.at(), 1_000));
        HostEvent known = events.get(key);
        events.put(
                key,
                known == null
                        ? new HostEvent(signal, batch.source().id(), text(from, to), clamped(signal.at()), 1)
                        : new HostEvent(known.signal(), known.source(), known.line(), known.at(), known.count() + 1));
    }

    /// When it can have happened. A stamp without zone that is ahead by up to an hour was written before
    /// the clocks were put back, and read after.
    private long clamped(long at) {
        long readAt = batch.readAt().toEpochMilli();
        long ahead = at - readAt;
        if (at < Stamp.EARLIEST) {
            return readAt;
        }
        boolean zoneless = batch.source() == SourceKind.NGINX_ERROR || batch.source() == SourceKind.HAPROXY;
        if (zoneless && ahead > HOUR_MILLIS / 2 && ahead <= HOUR_MILLIS) {
            return at - HOUR_MILLIS;
        }
        return Math.min(at, readAt + AHEAD_MILLIS);
    }

    private String text(int from, int to) {
        return batch.source() == SourceKind.JOURNALD
                ? JournalText.of(batch.lines(), from, to, EVIDENCE_BYTES)
                : new String(batch.lines(), from, Math.min(to - from, EVIDENCE_BYTES), UTF_8);
    }

    List<HostEvent> events() {
        return List.copyOf(events.values());
    }

    /// One report per service and kind of proxy.
    List<ServiceReport> reports() {
        Map<Subject, Said> all = new LinkedHashMap<>();
        tallies.forEach((key, tally) -> said(all, key.target, key.kind).tallies.add(tally));
        sightings.forEach(
                (key, sighting) -> said(all, key.target, key.kind).sightings.add(sighting));
        List<ServiceReport> reports = new ArrayList<>(all.size());
        all.forEach((subject, said) -> reports.add(
                new ServiceReport(subject.service, batch.host(), subject.kind, said.tallies, said.sightings)));
        return reports;
    }

    private static Said said(Map<Subject, Said> all, Target target, String kind) {
        return all.computeIfAbsent(
                new Subject(target.service(), kind), key -> new Said(new ArrayList<>(), new ArrayList<>()));
    }

    private record Subject(String service, String kind) {}

    private record Said(List<Tally> tallies, List<Sighting> sightings) {}
}
