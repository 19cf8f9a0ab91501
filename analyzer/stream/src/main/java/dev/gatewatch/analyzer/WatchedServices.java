package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.burst.ServiceState;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// The services that a task watches: their store, and before it, as objects, those of which something came last. A busy
/// service has many reports a second, and need not be read from its bytes for each.
///
/// What is put is written before the next commit, however often it was put until then. Bounded by what the objects
/// weigh.
final class WatchedServices {
    /// As many counts of a second and proxy the objects may hold, at about 120 bytes each.
    private static final int MOST_COUNTS = 50_000;

    private final KeyValueStore<String, Watched> store;
    private final Map<String, Watched> newest = new LinkedHashMap<>(16, 0.75f, true); // in order of use
    private final Map<String, Watched> unwritten = new LinkedHashMap<>(); // all among the newest
    private long counts;
    private long size;

    WatchedServices(KeyValueStore<String, Watched> store) {
        this.store = store;
        try (KeyValueIterator<String, Watched> all = store.all()) {
            all.forEachRemaining(service -> size++);
        }
    }

    /// The service with this key, null if it is not known.
    @Nullable
    Watched get(String key) {
        Watched known = newest.get(key);
        if (known == null) {
            known = store.get(key);
            if (known != null) {
                keep(key, known);
            }
        }
        return known;
    }

    void put(String key, Watched service) {
        size += get(key) == null ? 1 : 0;
        unwritten.put(key, service);
        keep(key, service);
    }

    /// Writes what has changed; to be called before each commit.
    void write() {
        unwritten.forEach(store::put);
        unwritten.clear();
    }

    void delete(String key) {
        size -= get(key) == null ? 0 : 1;
        store.delete(key);
        unwritten.remove(key);
        forget(newest.remove(key));
    }

    /// All of them, in no order; to be closed.
    KeyValueIterator<String, Watched> all() {
        write();
        return store.all();
    }

    /// How many there are.
    long size() {
        return size;
    }

    private void keep(String key, Watched service) {
        forget(newest.put(key, service));
        counts += weight(service);
        Iterator<Map.Entry<String, Watched>> all = newest.entrySet().iterator();
        while (counts > MOST_COUNTS) {
            Map.Entry<String, Watched> oldest = all.next();
            if (unwritten.remove(oldest.getKey()) != null) {
                store.put(oldest.getKey(), oldest.getValue());
            }
            counts -= weight(oldest.getValue());
            all.remove();
        }
    }

    private void forget(@Nullable Watched service) {
        counts -= service == null ? 0 : weight(service);
    }

    private static long weight(Watched service) {
        Watched.Resolved resolved = service.resolved();
        return weight(service.state()) + (resolved == null ? 0 : weight(resolved.state()));
    }

    private static long weight(ServiceState state) {
        return 1 + state.seconds().size() + 10L * state.seen().size();
    }
}
