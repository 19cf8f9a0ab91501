package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.analyzer.burst.BurstMachine;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.report.Handbook;
import dev.gatewatch.analyzer.report.IncidentWriter;
import dev.gatewatch.analyzer.serde.JsonSerde;
import dev.gatewatch.analyzer.service.ReportCodec;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.table.EventsTable;
import dev.gatewatch.analyzer.table.FactsTable;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.incident.IncidentJson;
import dev.gatewatch.incident.IncidentTopic;
import dev.gatewatch.wire.Topics;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Branched;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.Repartitioned;
import org.apache.kafka.streams.state.Stores;

/// The topology.
///
/// ```
/// gatewatch.lines ──▶ read-lines ─┬─▶ about-service ──(by service)──▶ find-bursts ──▶ gatewatch.incidents
///                     positions   │                                   services
///                         ▲       ├─▶ about-host ──▶ gatewatch.host-events   ▲  ▲
///                         │       │                        │                 │  │
///                         │       └─▶ unread ──▶ gatewatch.dead-letters      │  │
///                         │                                │                 │  │
/// gatewatch.hosts ──▶ keep-facts ────────────────────────────────────────────┘  │
///                     (every instance)                     ▼                    │
///                                                     keep-events ──────────────┘
///                                                     (every instance)
/// ```
public final class Pipeline implements Supplier<Topology> {
    /// Lines that no grammar reads: the bytes, with their batch's headers, `position`, `column` and `reason`.
    public static final String DEAD_LETTERS = "gatewatch.dead-letters";

    /// What happened on hosts, for every instance of the analyzer; read from its begin at each start, so kept
    /// short.
    public static final String HOST_EVENTS = "gatewatch.host-events";

    private final BurstConfig bursts;
    private final AnalyzerEvents events;
    private final StoreSuppliers stores;
    private final Serde<String> keys = Serdes.String();
    private final Serde<byte[]> bytes = Serdes.ByteArray();
    private final Serde<HostEvent> hostEvents = new JsonSerde<>(HostEvent.class);

    /// A topology that keeps its stores in memory.
    public Pipeline(BurstConfig bursts, AnalyzerEvents events) {
        this(bursts, events, Stores::inMemoryKeyValueStore);
    }

    Pipeline(BurstConfig bursts, AnalyzerEvents events, StoreSuppliers stores) {
        this.bursts = bursts;
        this.events = events;
        this.stores = stores;
    }

    @Override
    public Topology get() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.addGlobalStore(
                FactsTable.builder(),
                Topics.HOSTS,
                Consumed.with(keys, bytes).withName("hosts"),
                KeepFacts.supplier(events));
        builder.addGlobalStore(
                EventsTable.builder(),
                HOST_EVENTS,
                Consumed.with(keys, hostEvents).withName("host-events"),
                () -> new KeepEvents(events));
        builder.stream(Topics.LINES, Consumed.with(keys, bytes).withName("lines"))
                .process(new ReadLines.Supplier(events, stores), Named.as("read-lines"))
                .split(Named.as("found-"))
                .branch(Pipeline::isAboutService, Branched.withConsumer(this::findBursts, "about-service"))
                .branch(Pipeline::isAboutHost, Branched.withConsumer(this::keepHostEvents, "about-host"))
                .defaultBranch(Branched.withConsumer(this::keepDeadLetters, "unread"));
        return builder.build();
    }

    private static boolean isAboutService(String key, Found found) {
        return found instanceof Found.AboutService;
    }

    private static boolean isAboutHost(String key, Found found) {
        return found instanceof Found.AboutHost;
    }

    private void findBursts(KStream<String, Found> found) {
        IncidentLife life = new IncidentLife(new BurstMachine(bursts), new IncidentWriter(Handbook.read()));
        found.mapValues(f -> ((Found.AboutService) f).reports(), Named.as("reports"))
                .repartition(Repartitioned.<String, List<ServiceReport>>as("service-reports")
                        .withKeySerde(keys)
                        .withValueSerde(reports()))
                .process(new FindBursts.Supplier(life, events, stores), Named.as("find-bursts"))
                .to(IncidentTopic.NAME, Produced.with(keys, incidents()).withName("incidents"));
    }

    private void keepHostEvents(KStream<String, Found> found) {
        found.mapValues(f -> ((Found.AboutHost) f).event(), Named.as("events"))
                .to(HOST_EVENTS, Produced.with(keys, hostEvents).withName("to-host-events"));
    }

    private void keepDeadLetters(KStream<String, Found> found) {
        found.mapValues(f -> ((Found.Unread) f).line(), Named.as("dead-lines"))
                .to(DEAD_LETTERS, Produced.with(keys, bytes).withName("dead-letters"));
    }

    private static Serde<List<ServiceReport>> reports() {
        ReportCodec codec = new ReportCodec();
        return Serdes.serdeFrom(
                (topic, reports) -> {
                    try {
                        return codec.encode(reports);
                    } catch (IOException e) {
                        throw new SerializationException("cannot write reports for " + topic, e);
                    }
                },
                (topic, bytes) -> {
                    try {
                        return codec.decode(bytes);
                    } catch (IOException e) {
                        throw new SerializationException("a record of " + topic + " holds no reports", e);
                    }
                });
    }

    private static Serde<Incident> incidents() {
        IncidentJson json = new IncidentJson();
        return Serdes.serdeFrom((topic, incident) -> json.encode(incident), (topic, value) -> {
            throw new UnsupportedOperationException("the topology writes incidents and reads none");
        });
    }
}
