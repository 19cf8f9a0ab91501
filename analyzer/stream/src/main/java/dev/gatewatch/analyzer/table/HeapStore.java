package dev.gatewatch.analyzer.table;

import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.StoreBuilder;

/// A store of plain objects of which nothing is written anywhere. Of a global one the topic is read at every start from
/// the beginning, through the same processor that keeps it up to date.
public abstract class HeapStore implements StateStore {
    private final String name;
    private volatile boolean open;

    HeapStore(String name) {
        this.name = name;
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final void init(StateStoreContext context, StateStore root) {
        context.register(root, (key, value) -> {
            throw new IllegalStateException("store " + name + " is restored by its processor");
        });
        open = true;
    }

    @Override
    public final void close() {
        open = false;
        clear();
    }

    @Override
    public final boolean persistent() {
        return false;
    }

    @Override
    public final boolean isOpen() {
        return open;
    }

    abstract void clear();

    /// How Kafka Streams makes such a store: without changelog and cache.
    record Builder<S extends HeapStore>(String name, Supplier<S> supplier) implements StoreBuilder<S> {
        @Override
        public StoreBuilder<S> withCachingEnabled() {
            return this;
        }

        @Override
        public StoreBuilder<S> withCachingDisabled() {
            return this;
        }

        @Override
        public StoreBuilder<S> withLoggingEnabled(Map<String, String> config) {
            return this;
        }

        @Override
        public StoreBuilder<S> withLoggingDisabled() {
            return this;
        }

        @Override
        public S build() {
            return supplier.get();
        }

        @Override
        public Map<String, String> logConfig() {
            return Map.of();
        }

        @Override
        public boolean loggingEnabled() {
            return false;
        }
    }
}
