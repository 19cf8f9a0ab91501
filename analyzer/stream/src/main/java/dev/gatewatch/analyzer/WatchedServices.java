package dev.gatewatch.analyzer;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// The services that a task watches: their store, and before it, as objects, those of which something came last. A busy
/// service has many reports a second, and need not be read from its bytes for each.
///
/// What is put goes to the store at once, so a commit holds all of it. Bounded by what the objects weigh.
final class WatchedServices {
    /// As many counts of a second and proxy the objects may hold, at about 200 bytes each.
    private static final int MOST_COUNTS = 50_000;

    private final KeyValueStore<String, Watched> store;
    private final Map<String, Watched> newest = new LinkedHashMap<>(16, 0.75f, true); // in order of use
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
        store.put(key, service);
        keep(key, service);
    }

    void delete(String key) {
        size -= get(key) == null ? 0 : 1;
        store.delete(key);
        forget(newest.remove(key));
    }

    /// All of them, in no order; to be closed.
    KeyValueIterator<String, Watched> all() {
        return store.all();
    }

    /// How many there are.
    long size() {
        return size;
    }

    private void keep(String key, Watched service) {
        forget(newest.put(key, service));
        counts += weight(service);
        Iterator<Watched> oldest = newest.values().iterator();
        while (counts > MOST_COUNTS) {
            counts -= weight(oldest.next());
            oldest.remove();
        }
    }

    private void forget(@Nullable Watched service) {
        counts -= service == null ? 0 : weight(service);
    }

    private static long weight(Watched service) {
        long weight = 1 + 10L * service.state().seen().size();
        for (SortedMap<?, ?> second : service.state().seconds().values()) {
            weight += second.size();
        }
        return weight;
    }
}
