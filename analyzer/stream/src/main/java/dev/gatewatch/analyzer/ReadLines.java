package dev.gatewatch.analyzer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.read.BatchReader;
import dev.gatewatch.analyzer.read.BatchResult;
import dev.gatewatch.analyzer.read.StreamPosition;
import dev.gatewatch.analyzer.serde.JsonSerde;
import dev.gatewatch.analyzer.service.PendingReports;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.table.BeforeCommit;
import dev.gatewatch.analyzer.table.FactsTable;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.LineBatchCodec;
import dev.gatewatch.wire.MalformedBatchException;
import dev.gatewatch.wire.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// Reads batches of lines: drops what was read before, and sends on what the rest says about services, about
/// hosts, and what no grammar reads. What it says about services waits for the commit, added up.
final class ReadLines implements Processor<String, byte[], String, Found> {
    private static final String POSITIONS = "stream-positions";
    private static final String COMMIT = "read-lines-commit";

    /// How long the position of a stream of which nothing comes any more is kept.
    private static final Duration KEPT = Duration.ofDays(14);

    private final AnalyzerEvents events;
    private final BatchReader reader = new BatchReader();
    private ProcessorContext<String, Found> context;
    private KeyValueStore<String, StreamPosition> positions;
    private Map<String, StreamPosition> moved;
    private PendingReports pending;
    private long newest;
    private FactsTable facts;

    ReadLines(AnalyzerEvents events) {
        this.events = events;
    }

    @Override
    public void init(ProcessorContext<String, Found> context) {
        this.context = context;
        positions = context.getStateStore(POSITIONS);
        facts = context.getStateStore(FactsTable.NAME);
        moved = new HashMap<>();
        pending = new PendingReports();
        newest = 0;
        context.<BeforeCommit>getStateStore(COMMIT).each(context, this::handOn);
        context.schedule(Duration.ofHours(1), PunctuationType.WALL_CLOCK_TIME, this::forgetEnded);
        context.schedule(Duration.ofMinutes(1), PunctuationType.WALL_CLOCK_TIME, this::countState);
    }

    /// Hands on what waited for the commit.
    private void handOn() {
        pending.drain(this::forward);
        moved.forEach(positions::put);
        moved.clear();
    }

    private void forgetEnded(long now) {
        handOn();
        try (KeyValueIterator<String, StreamPosition> all = positions.all()) {
            all.forEachRemaining(entry -> {
                if (entry.value.readAt() < now - KEPT.toMillis()) {
                    positions.delete(entry.key);
                }
            });
        }
    }

    private void countState(long now) {
        handOn();
        long streams = 0;
        try (KeyValueIterator<String, StreamPosition> all = positions.all()) {
            for (; all.hasNext(); all.next()) {
                streams++;
            }
        }
        events.stateCounted(POSITIONS, context.taskId().partition(), streams);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        byte[] value = record.value(); // null where somebody wrote a tombstone
        byte[] lines = value == null ? new byte[0] : value;
        try {
            read(LineBatchCodec.read(record.headers(), lines), record);
        } catch (MalformedBatchException e) {
            events.recordRefused(Topics.LINES, String.valueOf(e.getMessage()));
            forwardUnread(record, lines, String.valueOf(e.getMessage()), record.headers());
        }
    }

    private void read(LineBatch batch, Record<String, byte[]> record) {
        StreamPosition before = position(batch.stream());
        StreamPosition after = BatchReader.after(before, batch);
        BatchResult result = reader.read(batch, before, facts.of(batch.host()), facts.services());
        events.batchRead(batch, result);
        if (before != null && after.holes() > before.holes()) {
            events.holeFound(batch, after.missing() - before.missing());
        }
        for (HostEvent event : result.events()) {
            context.forward(new Record<>(batch.host(), new Found.AboutHost(event), record.timestamp()));
        }
        for (BatchResult.Unread unread : result.samples()) {
            Headers headers = new RecordHeaders(record.headers())
                    .add("position", Long.toString(unread.position()).getBytes(UTF_8))
                    .add("column", Integer.toString(unread.column()).getBytes(UTF_8));
            forwardUnread(record, unread.line(), "expected " + unread.expected(), headers);
        }
        newest = Math.max(newest, record.timestamp());
        for (ServiceReport report : result.reports()) {
            pending.add(report, this::forward);
        }
        moved.put(batch.stream(), after);
    }

    private @Nullable StreamPosition position(String stream) {
        StreamPosition known = moved.get(stream);
        return known == null ? positions.get(stream) : known;
    }

    private void forward(List<ServiceReport> ofOneService) {
        String service = ofOneService.getFirst().service();
        context.forward(new Record<>(service, new Found.AboutService(ofOneService), newest));
    }

    private void forwardUnread(Record<String, byte[]> record, byte[] line, String reason, Headers headers) {
        events.deadLetter();
        Headers all = new RecordHeaders(headers).add("reason", reason.getBytes(UTF_8));
        context.forward(new Record<>(record.key(), new Found.Unread(line), record.timestamp(), all));
    }

    /// Makes the processor and the store that it keeps.
    record Supplier(AnalyzerEvents events, StoreSuppliers kept)
            implements ProcessorSupplier<String, byte[], String, Found> {
        @Override
        public Processor<String, byte[], String, Found> get() {
            return new ReadLines(events);
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return Set.of(
                    BeforeCommit.builder(COMMIT),
                    Stores.keyValueStoreBuilder(
                            kept.store(POSITIONS), Serdes.String(), new JsonSerde<>(StreamPosition.class)));
        }
    }
}
