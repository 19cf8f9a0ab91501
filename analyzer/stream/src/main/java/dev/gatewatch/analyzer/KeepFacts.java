package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.table.FactsTable;
import dev.gatewatch.wire.HostFactsCodec;
import dev.gatewatch.wire.MalformedBatchException;
import dev.gatewatch.wire.Topics;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.Record;

/// Keeps the table of host facts.
final class KeepFacts implements Processor<String, byte[], Void, Void> {
    private final AnalyzerEvents events;
    private ProcessorContext<Void, Void> context;
    private FactsTable table;

    KeepFacts(AnalyzerEvents events) {
        this.events = events;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        this.context = context;
        table = context.getStateStore(FactsTable.NAME);
        events.hostsKept(table);
    }

    @Override
    public void process(Record<String, byte[]> record) {
        byte[] value = record.value(); // null for a host that was removed
        if (value == null) {
            table.remove(record.key());
            return;
        }
        try {
            table.put(HostFactsCodec.decode(value), context.currentSystemTimeMs());
        } catch (MalformedBatchException e) {
            events.recordRefused(Topics.HOSTS, String.valueOf(e.getMessage()));
        }
    }

    static ProcessorSupplier<String, byte[], Void, Void> supplier(AnalyzerEvents events) {
        return () -> new KeepFacts(events);
    }
}
