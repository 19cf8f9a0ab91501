package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.table.EventsTable;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/// Keeps the table of what happened on hosts.
final class KeepEvents implements Processor<String, HostEvent, Void, Void> {
    private EventsTable table;

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        table = context.getStateStore(EventsTable.NAME);
    }

    @Override
    public void process(Record<String, HostEvent> record) {
        table.add(record.key(), record.value());
    }
}
