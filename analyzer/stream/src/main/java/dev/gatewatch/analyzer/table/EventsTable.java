package dev.gatewatch.analyzer.table;

import dev.gatewatch.analyzer.host.EventHistory;
import dev.gatewatch.analyzer.host.HostEvent;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.state.StoreBuilder;

/// What happened on all hosts of late. One thread writes, any number read.
public final class EventsTable extends HeapStore {
    /// Name of the store.
    public static final String NAME = "host-events";

    private final Map<String, EventHistory> hosts = new ConcurrentHashMap<>();

    EventsTable() {
        super(NAME);
    }

    /// Makes the store.
    public static StoreBuilder<EventsTable> builder() {
        return new Builder<>(NAME, EventsTable::new);
    }

    /// Adds an event of a host.
    public void add(String host, HostEvent event) {
        hosts.merge(host, EventHistory.NONE.with(event), (known, one) -> known.with(event));
    }

    /// The events of all hosts, by name.
    public Map<String, EventHistory> all() {
        return Collections.unmodifiableMap(hosts);
    }

    /// How many events are kept of all hosts together.
    public long size() {
        return hosts.values().stream().mapToLong(h -> h.events().size()).sum();
    }

    @Override
    void clear() {
        hosts.clear();
    }
}
