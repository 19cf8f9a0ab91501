package dev.gatewatch.analyzer.table;

import dev.gatewatch.analyzer.host.EventHistory;
import dev.gatewatch.analyzer.host.HostEvent;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.state.StoreBuilder;

/// What happened on all hosts of late, bounded over all of them: those of which nothing came for an hour are given up,
/// and if there are too many events, those of which nothing came for the longest time. One thread writes, any number
/// read.
public final class EventsTable extends HeapStore {
    /// Name of the store.
    public static final String NAME = "host-events";

    /// How long a host's events are kept after the last one came, in milliseconds: a quarter of an hour is looked back,
    /// and analyzers may be behind.
    static final long KEPT_MILLIS = 3_600_000;

    /// So many events are kept of all hosts, at about 1 KB each: a tenth of the usual heap.
    static final int MOST_EVENTS = 50_000;

    private final Map<String, EventHistory> hosts = new ConcurrentHashMap<>();
    private final Map<String, Kept> kept = new LinkedHashMap<>(); // the one of which something came last is last
    private volatile int size;

    /// @param events how many
    /// @param addedAt when the last one came, on the wall clock
    private record Kept(int events, long addedAt) {}

    EventsTable() {
        super(NAME);
    }

    /// Makes the store.
    public static StoreBuilder<EventsTable> builder() {
        return new Builder<>(NAME, EventsTable::new);
    }

    /// Adds an event of a host. One that is dated so far ahead of the wall clock that others would
    /// be too old beside it is of a host whose clock is wrong: it happened when it came.
    ///
    /// @param wallNow wall clock, milliseconds since 1970
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    public void add(String host, HostEvent event, long wallNow) {
        boolean ahead = event.at() > wallNow + EventHistory.KEPT_MILLIS;
        EventHistory history = hosts.getOrDefault(host, EventHistory.NONE).with(ahead ? event.at(wallNow) : event);
        hosts.put(host, history);
        Kept before = kept.remove(host);
        kept.put(host, new Kept(history.events().size(), wallNow));
        size += history.events().size() - (before == null ? 0 : before.events);
        Iterator<Map.Entry<String, Kept>> all = kept.entrySet().iterator();
        Map.Entry<String, Kept> oldest = all.next();
        while (!oldest.getKey().equals(host)
                && (size > MOST_EVENTS || oldest.getValue().addedAt < wallNow - KEPT_MILLIS)) {
            hosts.remove(oldest.getKey());
            size -= oldest.getValue().events;
            all.remove();
            oldest = all.next();
        }
    }

    /// The events of all hosts, by name.
    public Map<String, EventHistory> all() {
        return Collections.unmodifiableMap(hosts);
    }

    /// How many events are kept of all hosts together.
    public long size() {
        return size;
    }

    @Override
    void clear() {
        hosts.clear();
        kept.clear();
        size = 0;
    }
}
