package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.cause.Catalogue;
import dev.gatewatch.analyzer.cause.Cause;
import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.read.BatchResult;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.analyzer.table.EventsTable;
import dev.gatewatch.analyzer.table.FactsTable;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import dev.gatewatch.wire.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an operator can see of the analyzer: each thing worth telling is one method, which logs once and
/// counts once.
public final class AnalyzerEvents {
    private static final Logger LOG = LoggerFactory.getLogger("gatewatch.analyzer");

    /// A source of which nothing was read up to a moment so long before its host's facts is silent.
    private static final Duration SILENT = Duration.ofMinutes(1);

    private final MeterRegistry registry;
    private final Map<SourceKind, AtomicLong> newestRead = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> entries = new ConcurrentHashMap<>();
    private final Set<String> tables = ConcurrentHashMap.newKeySet();
    private volatile long notRunningSince;

    public AnalyzerEvents(MeterRegistry registry) {
        this.registry = registry;
        countedByNow();
        countedBySource();
        Timer.builder("gatewatch_restore_seconds")
                .description("how long the topology did not run, at a start and at each rebalancing")
                .register(registry);
        Timer.builder("gatewatch_detection_seconds")
                .description("from the first failed request to the opening of the incident")
                .register(registry);
    }

    /// Counters exist before anything is counted, so that the first event is a rise that an alert can see.
    private void countedByNow() {
        counter("gatewatch_thread_failures_total", "stream threads that failed");
        counter("gatewatch_service_failures_total", "times that an incident could not be brought up to date");
        counter("gatewatch_dead_letters_total", "samples of lines and batches that cannot be read");
        for (String topic : List.of(Topics.LINES, Topics.HOSTS)) {
            counter("gatewatch_records_refused_total", "records that are no batch or no facts", "topic", topic);
        }
        for (Signal.Outcome outcome : Signal.Outcome.values()) {
            counter("gatewatch_requests_total", "requests, by how they ended", "outcome", lowerCase(outcome));
        }
        for (Incident.State state : Incident.State.values()) {
            counter(
                    "gatewatch_incident_revisions_total",
                    "revisions of incidents that were written",
                    "state",
                    lowerCase(state));
        }
        Stream.concat(Catalogue.ids().stream().map(Cause.Id::cause), Stream.of("unknown"))
                .forEach(cause -> counter(
                        "gatewatch_incidents_total",
                        "incidents, by the cause that was seen as they opened",
                        "cause",
                        cause));
    }

    private void countedBySource() {
        for (SourceKind kind : SourceKind.values()) {
            String source = kind.id();
            for (String result : List.of("signal", "ordinary", "repeated", "not_understood")) {
                counter("gatewatch_lines_total", "lines read, by what they are", "source", source, "result", result);
            }
            counter("gatewatch_source_gaps_total", "gaps that agents told of", "source", source);
            counter("gatewatch_stream_holes_total", "times that lines never came", "source", source);
            counter(
                    "gatewatch_stream_missing_total",
                    "how much never came, in the units of the streams' positions",
                    "source",
                    source);
        }
    }

    private void counter(String name, String description, String... tags) {
        Counter.builder(name).description(description).tags(tags).register(registry);
    }

    /// What can be told of the hosts whenever somebody asks.
    void hostsKept(FactsTable facts) {
        if (!tables.add(FactsTable.NAME)) {
            return; // the processor is made anew after the restoring, the table is the same
        }
        gauge("host-facts", facts, table -> table.all().size());
        Gauge.builder(
                        "gatewatch_hosts_silent",
                        facts,
                        table -> silentHosts(table.all().values()))
                .description("hosts whose facts are older than a minute")
                .register(registry);
        for (SourceKind source : SourceKind.values()) {
            Gauge.builder(
                            "gatewatch_sources_silent",
                            facts,
                            table -> silentSources(table.all().values(), source))
                    .tag("source", source.id())
                    .description("streams that their agent has not read for a minute")
                    .register(registry);
        }
    }

    /// What can be told of the hosts' events whenever somebody asks.
    void eventsKept(EventsTable happened) {
        if (!tables.add(EventsTable.NAME)) {
            return;
        }
        gauge("host-events", happened, EventsTable::size);
    }

    private <T> void gauge(String store, T table, ToDoubleFunction<T> size) {
        stateEntries(store, "all", table, size);
    }

    private <T> void stateEntries(String store, String partition, T state, ToDoubleFunction<T> size) {
        Gauge.builder("gatewatch_state_entries", state, size)
                .tags("store", store, "partition", partition)
                .description("entries of a store")
                .register(registry);
    }

    private static long silentHosts(Collection<FactsHistory> hosts) {
        Instant oldest = Instant.now().minus(SILENT);
        return hosts.stream().filter(h -> h.facts().at().isBefore(oldest)).count();
    }

    private static long silentSources(Collection<FactsHistory> hosts, SourceKind source) {
        return hosts.stream()
                .map(FactsHistory::facts)
                .flatMap(facts -> facts.watermarks().stream()
                        .filter(w -> w.source() == source
                                && w.readUpTo().isBefore(facts.at().minus(SILENT))))
                .count();
    }

    /// How many entries a partition's store has.
    void stateCounted(String store, int partition, long count) {
        entries.computeIfAbsent(store + "-" + partition, key -> {
                    AtomicLong known = new AtomicLong();
                    stateEntries(store, Integer.toString(partition), known, AtomicLong::get);
                    return known;
                })
                .set(count);
    }

    /// The topology went from one of Kafka Streams' states to another.
    void stateChanged(String now, String before) {
        LOG.info("state: {} (was {})", now, before);
        if (now.equals("REBALANCING") && notRunningSince == 0) {
            notRunningSince = System.nanoTime();
        }
        if (now.equals("RUNNING") && notRunningSince != 0) {
            registry.timer("gatewatch_restore_seconds").record(Duration.ofNanos(System.nanoTime() - notRunningSince));
            notRunningSince = 0;
        }
    }

    void threadFailed(Throwable problem) {
        LOG.error("a thread of the topology failed", problem);
        count("gatewatch_thread_failures_total", 1);
    }

    void stopNotNoted(IOException problem) {
        LOG.warn("the next start restores all stores from Kafka: {}", problem.toString());
    }

    void serviceFailed(String service, RuntimeException problem) {
        LOG.error("an incident cannot be brought up to date: service={}", service, problem);
        count("gatewatch_service_failures_total", 1);
    }

    void deadLetter() {
        count("gatewatch_dead_letters_total", 1);
    }

    private void read(SourceKind source, long readAt) {
        newestRead
                .computeIfAbsent(source, kind -> {
                    AtomicLong newest = new AtomicLong(readAt);
                    Gauge.builder(
                                    "gatewatch_watermark_lag_seconds",
                                    newest,
                                    at -> (System.currentTimeMillis() - at.get()) / 1e3)
                            .tag("source", kind.id())
                            .description("how old the newest moment is at which an agent read lines of this kind")
                            .register(registry);
                    return newest;
                })
                .accumulateAndGet(readAt, Math::max);
    }

    void batchRead(LineBatch batch, BatchResult result) {
        read(batch.source(), batch.readAt().toEpochMilli());
        String source = batch.source().id();
        count("gatewatch_lines_total", result.saying(), "source", source, "result", "signal");
        count("gatewatch_lines_total", result.ordinary(), "source", source, "result", "ordinary");
        count("gatewatch_lines_total", result.repeated(), "source", source, "result", "repeated");
        count("gatewatch_lines_total", result.notUnderstood(), "source", source, "result", "not_understood");
        if (batch.gap() != null) {
            count("gatewatch_source_gaps_total", 1, "source", source);
        }
    }

    void holeFound(LineBatch batch, long size) {
        count("gatewatch_stream_holes_total", 1, "source", batch.source().id());
        count("gatewatch_stream_missing_total", size, "source", batch.source().id());
        LOG.warn("lines are missing: stream={} host={} missing={}", batch.stream(), batch.host(), size);
    }

    void recordRefused(String topic, String reason) {
        count("gatewatch_records_refused_total", 1, "topic", topic);
        LOG.warn("record refused: topic={} reason={}", topic, reason);
    }

    void requestsCounted(ServiceReport report) {
        Map<Signal.Outcome, Long> counts = new EnumMap<>(Signal.Outcome.class);
        report.tallies().forEach(tally -> counts.merge(tally.outcome(), tally.count(), Long::sum));
        counts.forEach((outcome, count) -> count("gatewatch_requests_total", count, "outcome", lowerCase(outcome)));
    }

    void incidentWritten(Incident incident) {
        count("gatewatch_incident_revisions_total", 1, "state", lowerCase(incident.state()));
        if (incident.revision() == 1) {
            count("gatewatch_incidents_total", 1, "cause", incident.cause());
            registry.timer("gatewatch_detection_seconds")
                    .record(Duration.between(incident.startedAt(), incident.detectedAt()));
        }
        LOG.info(
                "incident: id={} revision={} state={} service={} cause={}/{} confidence={}",
                incident.id(),
                incident.revision(),
                incident.state(),
                incident.service(),
                incident.cause(),
                incident.subCause(),
                incident.confidence());
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private void count(String name, long amount, String... tags) {
        if (amount > 0) {
            registry.counter(name, tags).increment((double) amount);
        }
    }
}
