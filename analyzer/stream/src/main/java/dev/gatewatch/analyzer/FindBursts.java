package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.burst.Burst;
import dev.gatewatch.analyzer.burst.BurstMachine;
import dev.gatewatch.analyzer.burst.Detector;
import dev.gatewatch.analyzer.burst.ServiceState;
import dev.gatewatch.analyzer.cause.Behind;
import dev.gatewatch.analyzer.cause.Catalogue;
import dev.gatewatch.analyzer.cause.Finding;
import dev.gatewatch.analyzer.cause.Hearing;
import dev.gatewatch.analyzer.cause.Scene;
import dev.gatewatch.analyzer.host.Hosts;
import dev.gatewatch.analyzer.report.IncidentId;
import dev.gatewatch.analyzer.report.IncidentWriter;
import dev.gatewatch.analyzer.serde.JsonSerde;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.analyzer.table.BeforeCommit;
import dev.gatewatch.analyzer.table.EventsTable;
import dev.gatewatch.analyzer.table.FactsTable;
import dev.gatewatch.incident.Incident;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// Watches services: opens an incident when a burst begins, examines its cause again and again while it
/// lasts, since what is known of the hosts grows, closes it when it is over, and revises it for some minutes
/// more if lines come late.
final class FindBursts implements Processor<String, ServiceReport, String, Incident> {
    private static final String SERVICES = "services";
    private static final String COMMIT = "find-bursts-commit";
    private static final Duration TICK = Duration.ofSeconds(1);

    /// How often an incident is told anew at most if only its counts changed, in milliseconds.
    private static final long COUNTS_MILLIS = 5_000;

    /// How long a service of which nothing is heard any more is kept.
    private static final Duration KEPT = Duration.ofDays(2);

    /// How long after an incident was resolved late lines may revise it, on the wall clock.
    private static final Duration REVISED = Duration.ofMinutes(10);

    /// How often the resolved ones are examined.
    private static final Duration REVISION = Duration.ofSeconds(5);

    /// How far a service's clock may go on until it is examined, in milliseconds, if no commit comes before.
    private static final long UNEXAMINED_MILLIS = 4_000;

    private final BurstMachine machine;
    private final IncidentWriter writer;
    private final AnalyzerEvents events;
    private final TreeSet<String> active = new TreeSet<>();
    private final TreeSet<String> awaited = new TreeSet<>();
    private final Map<String, Long> unexamined = new LinkedHashMap<>(); // and from when on, on the service's clock
    private ProcessorContext<String, Incident> context;
    private WatchedServices services;
    private FactsTable facts;
    private EventsTable happened;
    private long resumedAt;

    FindBursts(BurstMachine machine, IncidentWriter writer, AnalyzerEvents events) {
        this.machine = machine;
        this.writer = writer;
        this.events = events;
    }

    @Override
    public void init(ProcessorContext<String, Incident> context) {
        this.context = context;
        resumedAt = context.currentSystemTimeMs();
        services = new WatchedServices(context.getStateStore(SERVICES));
        facts = context.getStateStore(FactsTable.NAME);
        happened = context.getStateStore(EventsTable.NAME);
        context.<BeforeCommit>getStateStore(COMMIT).each(context, this::beforeCommit);
        active.clear();
        unexamined.clear();
        awaited.clear();
        try (KeyValueIterator<String, Watched> all = services.all()) {
            all.forEachRemaining((KeyValue<String, Watched> entry) -> {
                if (entry.value.isActive()) {
                    active.add(entry.key);
                }
            });
        }
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
        context.schedule(REVISION, PunctuationType.WALL_CLOCK_TIME, this::reviseResolved);
        context.schedule(Duration.ofHours(1), PunctuationType.WALL_CLOCK_TIME, this::forgetSilent);
        context.schedule(Duration.ofMinutes(1), PunctuationType.WALL_CLOCK_TIME, this::countState);
    }

    private void forgetSilent(long now) {
        try (KeyValueIterator<String, Watched> all = services.all()) {
            all.forEachRemaining(entry -> {
                if (!entry.value.isActive() && entry.value.state().clock().wall() < now - KEPT.toMillis()) {
                    services.delete(entry.key);
                }
            });
        }
    }

    private void countState(long now) {
        events.stateCounted(SERVICES, context.taskId().partition(), services.size());
    }

    @Override
    public void process(Record<String, ServiceReport> record) {
        Watched known = services.get(record.key());
        long now = context.currentSystemTimeMs();
        Watched before = known == null ? Watched.unknown(record.key()) : known.resumed(resumedAt);
        Watched taken = take(before, record.value(), now);
        services.put(record.key(), taken);
        if (tellsOfTrouble(record.value()) || isNewSecond(before.state(), taken.state())) {
            long event = taken.state().clock().event();
            long since = unexamined.computeIfAbsent(
                    record.key(), key -> before.state().clock().event());
            if (event - since > UNEXAMINED_MILLIS) {
                unexamined.remove(record.key());
                openIfBurst(record.key(), now);
            }
        }
        events.requestsCounted(record.value());
    }

    /// What the reports since the last commit may have begun is seen before the next one: nobody could read it earlier.
    private void beforeCommit() {
        for (String key : List.copyOf(unexamined.keySet())) {
            unexamined.remove(key);
            alone(key, () -> openIfBurst(key, context.currentSystemTimeMs()));
        }
        services.write();
    }

    private static boolean tellsOfTrouble(ServiceReport report) {
        return !report.sightings().isEmpty()
                || report.tallies().stream().anyMatch(tally -> tally.outcome() != Signal.Outcome.SERVED);
    }

    /// Whether the service's clock has reached another second: what was served within the same one changes little.
    private static boolean isNewSecond(ServiceState before, ServiceState after) {
        return before.clock().event() / 1_000 != after.clock().event() / 1_000;
    }

    /// Lines about the time of an incident that is over belong to it, and begin no other.
    private Watched take(Watched watched, ServiceReport report, long now) {
        Watched.Resolved resolved = watched.resolved();
        if (resolved == null) {
            return watched.with(machine.take(watched.state(), report, now));
        }
        ServiceReport late = report.upTo(resolved.at());
        ServiceState then = resolved.state();
        Watched taken = late.isEmpty()
                ? watched
                : watched.with(
                        resolved.with(machine.take(then, late, then.clock().wall())));
        return taken.with(machine.take(watched.state(), report.after(resolved.at()), now));
    }

    private void tick(long now) {
        for (String key : List.copyOf(awaited)) {
            awaited.remove(key);
            alone(key, () -> openIfBurst(key, now));
        }
        for (String key : List.copyOf(active)) {
            alone(key, () -> goOn(key, now));
        }
    }

    private void reviseResolved(long now) {
        for (String key : List.copyOf(active)) {
            alone(key, () -> revise(key, now));
        }
    }

    /// One service that fails does not hold up the others.
    private void alone(String key, Runnable step) {
        try {
            step.run();
        } catch (KafkaException e) {
            throw e;
        } catch (RuntimeException e) {
            events.serviceFailed(key, e);
        }
    }

    private void openIfBurst(String key, long now) {
        Watched watched = services.get(key);
        if (watched != null && watched.told() == null) {
            services.put(key, openIfBurst(watched.resumed(resumedAt), now));
        }
    }

    private void goOn(String key, long now) {
        Watched watched = services.get(key);
        if (watched == null || !watched.isActive()) {
            active.remove(key);
        } else if (watched.told() != null) {
            goOn(watched.resumed(resumedAt), watched.told(), now).ifPresent(next -> services.put(key, next));
        }
    }

    private void revise(String key, long now) {
        Watched watched = services.get(key);
        if (watched != null && watched.resolved() != null) {
            revise(watched, watched.resolved(), now).ifPresent(next -> services.put(key, next));
        }
    }

    private Watched openIfBurst(Watched watched, long now) {
        Detector.Alarm alarm = machine.alarm(watched.state(), now);
        if (alarm == Detector.Alarm.AWAITED) {
            awaited.add(watched.state().service());
        }
        if (alarm == Detector.Alarm.NONE || alarm == Detector.Alarm.AWAITED) {
            return watched;
        }
        ServiceState begun = machine.begin(watched.state(), now);
        Scene scene = scene(begun);
        Catalogue.Diagnosis diagnosis = Catalogue.examine(scene);
        boolean proved = diagnosis.best().strength() == Finding.Strength.PROVED;
        boolean suspicionOnly = alarm == Detector.Alarm.SUSPICION && !proved;
        if (suspicionOnly || Catalogue.isToldElsewhere(scene, diagnosis.best())) {
            return watched;
        }
        active.add(begun.service());
        String id = IncidentId.of(begun.service(), scene.burst().startedAt());
        Watched.Told told =
                tell(new IncidentWriter.Revision(id, 1, null), begun, scene, diagnosis, Hearing.of(scene, now), now);
        return new Watched(begun, told, watched.resolved());
    }

    /// What becomes of an open incident; empty if there is nothing new to tell.
    private Optional<Watched> goOn(Watched watched, Watched.Told told, long now) {
        ServiceState state = watched.state();
        Scene scene = scene(state);
        Catalogue.Diagnosis diagnosis = Catalogue.examine(scene);
        Hearing hearing = Hearing.of(scene, now);
        long clock = state.clock().at(now);
        if (machine.isOver(state, now, hearing.isComplete())) {
            Watched.Told last = tell(next(told, clock), state, scene, diagnosis, Hearing.ALL, now);
            return Optional.of(new Watched(machine.end(state), null, new Watched.Resolved(state, last, clock, now)));
        }
        boolean changed = !gist(scene, diagnosis, hearing).equals(told.gist());
        boolean more = isMore(scene, diagnosis, told) && clock >= told.at() + COUNTS_MILLIS;
        return changed || more
                ? Optional.of(new Watched(
                        state, tell(next(told, null), state, scene, diagnosis, hearing, now), watched.resolved()))
                : Optional.empty();
    }

    /// What becomes of an incident that is over: late lines change what is told of it, but never open it
    /// again. Empty if nothing changes.
    private Optional<Watched> revise(Watched watched, Watched.Resolved resolved, long now) {
        if (now >= resolved.wall() + REVISED.toMillis()) {
            return Optional.of(watched.with((Watched.Resolved) null));
        }
        Watched.Told told = resolved.told();
        Scene scene = scene(resolved.state());
        Catalogue.Diagnosis diagnosis = Catalogue.examine(scene);
        boolean changed = !gist(scene, diagnosis, Hearing.ALL).equals(told.gist()) || isMore(scene, diagnosis, told);
        boolean weaker = diagnosis.best().strength().compareTo(told.strength()) < 0;
        if (!changed || (weaker && mayHaveForgotten(resolved, scene, now))) {
            return Optional.empty();
        }
        Watched.Told revised = tell(next(told, resolved.at()), resolved.state(), scene, diagnosis, Hearing.ALL, now);
        return Optional.of(watched.with(resolved.with(revised)));
    }

    /// Whether the evidence that an incident was told with may be gone, since it is too old, or since an
    /// instance that has ended knew it.
    private boolean mayHaveForgotten(Watched.Resolved resolved, Scene scene, long now) {
        long age = resolved.state().clock().at(now) - scene.troubleAt();
        return resolved.wall() < resumedAt || age >= Scene.REMEMBERED_MILLIS;
    }

    private static IncidentWriter.Revision next(Watched.Told told, @Nullable Long resolvedAt) {
        return new IncidentWriter.Revision(told.id(), told.revision() + 1, resolvedAt);
    }

    private static boolean isMore(Scene scene, Catalogue.Diagnosis diagnosis, Watched.Told told) {
        return scene.burst().failures() != told.failures()
                || diagnosis.best().proof().size() > told.proofs();
    }

    private Watched.Told tell(
            IncidentWriter.Revision revision,
            ServiceState state,
            Scene scene,
            Catalogue.Diagnosis diagnosis,
            Hearing hearing,
            long now) {
        Incident incident = writer.write(revision, state, scene, diagnosis, hearing);
        context.forward(new Record<>(incident.id(), incident, now));
        events.incidentWritten(incident);
        return new Watched.Told(
                revision.id(),
                revision.number(),
                state.clock().at(now),
                gist(scene, diagnosis, hearing),
                diagnosis.best().strength(),
                scene.burst().failures(),
                diagnosis.best().proof().size());
    }

    private static String gist(Scene scene, Catalogue.Diagnosis diagnosis, Hearing hearing) {
        Finding best = diagnosis.best();
        return best.id() + " " + best.strength() + " " + best.culpritHost() + " " + best.culpritUnit() + " "
                + scene.proxies() + " " + scene.relays() + " "
                + scene.backends().stream().map(b -> b.label()).sorted().toList() + " "
                + Behind.of(scene).stream().map(Behind::what).toList()
                + (hearing.isComplete() ? "" : " not heard");
    }

    private Scene scene(ServiceState state) {
        @Nullable Burst burst = state.burst();
        if (burst == null) {
            throw new IllegalStateException("service " + state.service() + " has an incident but no burst");
        }
        return new Scene(state, burst, new Hosts(facts.all(), happened.all(), facts.names()));
    }

    /// Makes the processor and the store that it keeps.
    record Supplier(BurstMachine machine, IncidentWriter writer, AnalyzerEvents events, StoreSuppliers kept)
            implements ProcessorSupplier<String, ServiceReport, String, Incident> {
        @Override
        public Processor<String, ServiceReport, String, Incident> get() {
            return new FindBursts(machine, writer, events);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(
                    BeforeCommit.builder(COMMIT),
                    Stores.keyValueStoreBuilder(kept.store(SERVICES), Serdes.String(), new JsonSerde<>(Watched.class)));
        }
    }
}
