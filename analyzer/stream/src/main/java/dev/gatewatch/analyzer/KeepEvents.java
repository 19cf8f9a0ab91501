package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.table.EventsTable;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// Keeps the table of what happened on hosts.
final class KeepEvents implements Processor<String, HostEvent, Void, Void> {
    private final AnalyzerEvents events;
    private ProcessorContext<Void, Void> context;
    private EventsTable table;

    KeepEvents(AnalyzerEvents events) {
        this.events = events;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        this.context = context;
        table = context.getStateStore(EventsTable.NAME);
        events.eventsKept(table);
    }

    @Override
    public void process(Record<String, HostEvent> record) {
        table.add(record.key(), record.value(), context.currentSystemTimeMs());
    }
}
