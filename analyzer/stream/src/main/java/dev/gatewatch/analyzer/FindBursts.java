package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.burst.Burst;
import dev.gatewatch.analyzer.burst.BurstMachine;
import dev.gatewatch.analyzer.burst.Detector;
import dev.gatewatch.analyzer.burst.ServiceState;
import dev.gatewatch.analyzer.cause.Catalogue;
import dev.gatewatch.analyzer.cause.Finding;
import dev.gatewatch.analyzer.cause.Scene;
import dev.gatewatch.analyzer.host.Hosts;
import dev.gatewatch.analyzer.report.IncidentId;
import dev.gatewatch.analyzer.report.IncidentWriter;
import dev.gatewatch.analyzer.serde.JsonSerde;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.analyzer.table.EventsTable;
import dev.gatewatch.analyzer.table.FactsTable;
import dev.gatewatch.incident.Incident;
import java.time.Duration;
import java.util.List;
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
/// lasts, since what is known of the hosts grows, and closes it when it is over.
final class FindBursts implements Processor<String, ServiceReport, String, Incident> {
    private static final String SERVICES = "services";
    private static final Duration TICK = Duration.ofSeconds(1);

    /// How often an incident is told anew at most if only its counts changed, in milliseconds.
    private static final long COUNTS_MILLIS = 5_000;

    /// How long a service of which nothing is heard any more is kept.
    private static final Duration KEPT = Duration.ofDays(2);

    private final BurstMachine machine;
    private final IncidentWriter writer;
    private final AnalyzerEvents events;
    private final TreeSet<String> active = new TreeSet<>();
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
        try (KeyValueIterator<String, Watched> all = services.all()) {
            all.forEachRemaining((KeyValue<String, Watched> entry) -> {
                if (entry.value.told() != null) {
                    active.add(entry.key);
                }
            });
        }
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
        context.schedule(Duration.ofHours(1), PunctuationType.WALL_CLOCK_TIME, this::forgetSilent);
        context.schedule(Duration.ofMinutes(1), PunctuationType.WALL_CLOCK_TIME, this::countState);
    }

    private void forgetSilent(long now) {
        try (KeyValueIterator<String, Watched> all = services.all()) {
            all.forEachRemaining(entry -> {
                if (entry.value.told() == null && entry.value.state().clock().wall() < now - KEPT.toMillis()) {
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
        ServiceState state = known == null
                ? ServiceState.unknown(record.key())
                : known.state().resumed(resumedAt);
        long now = context.currentSystemTimeMs();
        Watched taken = new Watched(machine.take(state, record.value(), now), known == null ? null : known.told());
        boolean mayBegin =
                taken.told() == null && (tellsOfTrouble(record.value()) || isNewSecond(state, taken.state()));
        services.put(record.key(), mayBegin ? openIfBurst(taken, now) : taken);
        events.requestsCounted(record.value());
    }

    private static boolean tellsOfTrouble(ServiceReport report) {
        return !report.sightings().isEmpty()
                || report.tallies().stream().anyMatch(tally -> tally.outcome() != Signal.Outcome.SERVED);
    }

    /// Whether the service's clock has reached another second: what was served within the same one changes little.
    private static boolean isNewSecond(ServiceState before, ServiceState after) {
        return before.clock().event() / 1_000 != after.clock().event() / 1_000;
    }

    private void tick(long now) {
        for (String key : List.copyOf(active)) {
            try {
                tick(key, now);
            } catch (KafkaException e) {
                throw e;
            } catch (RuntimeException e) { // one service that fails does not hold up the others
                events.serviceFailed(key, e);
            }
        }
    }

    private void tick(String key, long now) {
        Watched watched = services.get(key);
        if (watched == null || watched.told() == null) {
            active.remove(key);
        } else {
            goOn(watched.state().resumed(resumedAt), watched.told(), now).ifPresent(next -> services.put(key, next));
        }
    }

    private Watched openIfBurst(Watched watched, long now) {
        Detector.Alarm alarm = machine.alarm(watched.state(), now);
        if (alarm == Detector.Alarm.NONE) {
            return watched;
        }
        ServiceState begun = machine.begin(watched.state(), now);
        Scene scene = scene(begun);
        Catalogue.Diagnosis diagnosis = Catalogue.examine(scene);
        boolean proved = diagnosis.best().strength() == Finding.Strength.PROVED;
        if (alarm == Detector.Alarm.SUSPICION && !proved) {
            return watched;
        }
        active.add(begun.service());
        String id = IncidentId.of(begun.service(), scene.burst().startedAt());
        return new Watched(begun, tell(new IncidentWriter.Revision(id, 1, null), begun, scene, diagnosis, now));
    }

    /// What becomes of an open incident; empty if there is nothing new to tell.
    private Optional<Watched> goOn(ServiceState state, Watched.Told told, long now) {
        Scene scene = scene(state);
        Catalogue.Diagnosis diagnosis = Catalogue.examine(scene);
        long clock = state.clock().at(now);
        if (machine.isOver(state, now)) {
            tell(new IncidentWriter.Revision(told.id(), told.revision() + 1, clock), state, scene, diagnosis, now);
            return Optional.of(new Watched(machine.end(state), null));
        }
        boolean changed = !gist(scene, diagnosis).equals(told.gist());
        boolean counted = scene.burst().failures() != told.failures() && clock >= told.at() + COUNTS_MILLIS;
        if (!changed && !counted) {
            return Optional.empty();
        }
        IncidentWriter.Revision next = new IncidentWriter.Revision(told.id(), told.revision() + 1, null);
        return Optional.of(new Watched(state, tell(next, state, scene, diagnosis, now)));
    }

    private Watched.Told tell(
            IncidentWriter.Revision revision,
            ServiceState state,
            Scene scene,
            Catalogue.Diagnosis diagnosis,
            long now) {
        Incident incident = writer.write(revision, state, scene, diagnosis);
        context.forward(new Record<>(incident.id(), incident, now));
        events.incidentWritten(incident);
        return new Watched.Told(
                revision.id(),
                revision.number(),
                state.clock().at(now),
                gist(scene, diagnosis),
                scene.burst().failures());
    }

    private static String gist(Scene scene, Catalogue.Diagnosis diagnosis) {
        Finding best = diagnosis.best();
        return best.id() + " " + best.strength() + " " + best.culpritHost() + " " + best.culpritUnit() + " "
                + scene.proxies() + " "
                + scene.backends().stream().map(b -> b.label()).sorted().toList();
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
                    Stores.keyValueStoreBuilder(kept.store(SERVICES), Serdes.String(), new JsonSerde<>(Watched.class))
                            .withCachingEnabled());
        }
    }
}
