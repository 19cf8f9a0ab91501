package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.burst.Detector;
import dev.gatewatch.analyzer.burst.ServiceState;
import dev.gatewatch.analyzer.host.Hosts;
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

/// Watches services: takes what is reported of them, and lets their incidents go on ([IncidentLife]).
final class FindBursts implements Processor<String, List<ServiceReport>, String, Incident> {
    private static final String SERVICES = "services";
    private static final String COMMIT = "find-bursts-commit";
    private static final Duration TICK = Duration.ofSeconds(1);

    /// How long a service of which nothing is heard any more is kept.
    private static final Duration KEPT = Duration.ofDays(2);

    /// How often the resolved ones are examined.
    private static final Duration REVISION = Duration.ofSeconds(5);

    /// How far a service's clock may go on until it is examined, in milliseconds, if no commit comes before.
    private static final long UNEXAMINED_MILLIS = 4_000;

    private final IncidentLife life;
    private final AnalyzerEvents events;
    private final TreeSet<String> open = new TreeSet<>(); // with an incident that is open
    private final TreeSet<String> resolved = new TreeSet<>(); // with one that is over and may be revised
    private final TreeSet<String> awaited = new TreeSet<>();
    private final Map<String, Long> unexamined = new LinkedHashMap<>(); // and from when on, on the service's clock
    private ProcessorContext<String, Incident> context;
    private WatchedServices services;
    private FactsTable facts;
    private EventsTable happened;
    private long resumedAt;

    FindBursts(IncidentLife life, AnalyzerEvents events) {
        this.life = life;
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
        open.clear();
        resolved.clear();
        unexamined.clear();
        awaited.clear();
        try (KeyValueIterator<String, Watched> all = services.all()) {
            all.forEachRemaining((KeyValue<String, Watched> entry) -> follow(entry.key, entry.value));
        }
        context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, this::tick);
        context.schedule(REVISION, PunctuationType.WALL_CLOCK_TIME, this::reviseResolved);
        context.schedule(Duration.ofHours(1), PunctuationType.WALL_CLOCK_TIME, this::forgetSilent);
        context.schedule(Duration.ofMinutes(1), PunctuationType.WALL_CLOCK_TIME, this::countState);
    }

    private void forgetSilent(long now) {
        try (KeyValueIterator<String, Watched> all = services.all()) {
            all.forEachRemaining(entry -> {
                if (!entry.value.isActive() && entry.value.state().clock().heard() < now - KEPT.toMillis()) {
                    services.delete(entry.key);
                }
            });
        }
    }

    private void countState(long now) {
        events.stateCounted(SERVICES, context.taskId().partition(), services.size());
    }

    @Override
    public void process(Record<String, List<ServiceReport>> record) {
        Watched known = services.get(record.key());
        long now = context.currentSystemTimeMs();
        Watched before = known == null ? Watched.unknown(record.key()) : known.resumed(resumedAt);
        Watched taken = before;
        for (ServiceReport report : record.value()) {
            taken = life.take(taken, report, now);
        }
        services.put(record.key(), taken);
        if (record.value().stream().anyMatch(FindBursts::tellsOfTrouble)
                || isNewSecond(before.state(), taken.state())) {
            long event = taken.state().clock().event();
            long since = unexamined.computeIfAbsent(
                    record.key(), key -> before.state().clock().event());
            if (event - since > UNEXAMINED_MILLIS) {
                unexamined.remove(record.key());
                openIfBurst(record.key(), now);
            }
        }
        record.value().forEach(events::requestsCounted);
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

    private void tick(long now) {
        for (String key : List.copyOf(awaited)) {
            awaited.remove(key);
            alone(key, () -> openIfBurst(key, now));
        }
        for (String key : List.copyOf(open)) {
            alone(key, () -> goOn(key, now));
        }
    }

    private void reviseResolved(long now) {
        for (String key : List.copyOf(resolved)) {
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
        Watched known = services.get(key);
        if (known == null || known.told() != null) {
            return;
        }
        Watched watched = known.resumed(resumedAt);
        Detector.Alarm alarm = life.alarm(watched, now);
        if (alarm == Detector.Alarm.AWAITED) {
            awaited.add(key);
        } else if (alarm != Detector.Alarm.NONE) {
            life.open(watched, alarm, hosts(), now).ifPresent(next -> become(key, next, now));
        }
    }

    private void goOn(String key, long now) {
        Watched watched = services.get(key);
        if (watched == null || watched.told() == null) {
            open.remove(key);
        } else {
            life.goOn(watched.resumed(resumedAt), watched.told(), hosts(), now)
                    .ifPresent(next -> become(key, next, now));
        }
    }

    private void revise(String key, long now) {
        Watched watched = services.get(key);
        if (watched == null || watched.resolved() == null) {
            resolved.remove(key);
        } else {
            life.revise(watched, watched.resolved(), hosts(), now, resumedAt).ifPresent(next -> become(key, next, now));
        }
    }

    private void become(String key, IncidentLife.Next next, long now) {
        Incident incident = next.incident();
        if (incident != null) {
            context.forward(new Record<>(incident.id(), incident, now));
            events.incidentWritten(incident);
        }
        services.put(key, next.watched());
        follow(key, next.watched());
    }

    /// Sees to it that the service's incidents go on without a report.
    private void follow(String key, Watched watched) {
        if (watched.told() != null) {
            open.add(key);
        }
        if (watched.resolved() != null) {
            resolved.add(key);
        }
    }

    private Hosts hosts() {
        return new Hosts(facts.all(), happened.all(), facts.names(), facts.checks());
    }

    /// Makes the processor and the store that it keeps.
    record Supplier(IncidentLife life, AnalyzerEvents events, StoreSuppliers kept)
            implements ProcessorSupplier<String, List<ServiceReport>, String, Incident> {
        @Override
        public Processor<String, List<ServiceReport>, String, Incident> get() {
            return new FindBursts(life, events);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(
                    BeforeCommit.builder(COMMIT),
                    Stores.keyValueStoreBuilder(kept.store(SERVICES), Serdes.String(), new JsonSerde<>(Watched.class)));
        }
    }
}
