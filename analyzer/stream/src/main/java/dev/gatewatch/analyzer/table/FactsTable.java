package dev.gatewatch.analyzer.table;

import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.host.Gateways;
import dev.gatewatch.analyzer.service.ServiceMap;
import dev.gatewatch.wire.HostFacts;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/// The facts of all hosts, and the map of services that follows from the proxies' configurations. One thread
/// writes, any number read.
public final class FactsTable extends HeapStore {
    /// Name of the store.
    public static final String NAME = "host-facts";

    private final Map<String, FactsHistory> hosts = new ConcurrentHashMap<>();
    private volatile ServiceMap services = new ServiceMap(List.of());

    FactsTable() {
        super(NAME);
    }

    /// Makes the store.
    public static StoreBuilder<FactsTable> builder() {
        return new Builder<>(NAME, FactsTable::new);
    }

    /// Takes newer facts of a host.
    public void put(HostFacts facts) {
        FactsHistory known = hosts.get(facts.host());
        hosts.put(facts.host(), known == null ? FactsHistory.of(facts) : known.with(facts));
        if (known == null || !isMappedAlike(known.facts(), facts)) {
            mapServices();
        }
    }

    private static boolean isMappedAlike(HostFacts before, HostFacts after) {
        return before.proxies().equals(after.proxies())
                && (after.proxies().isEmpty() || Gateways.of(before).equals(Gateways.of(after)));
    }

    /// Forgets a host.
    public void remove(String host) {
        if (hosts.remove(host) != null) {
            mapServices();
        }
    }

    private void mapServices() {
        services =
                new ServiceMap(hosts.values().stream().map(FactsHistory::facts).toList());
    }

    /// The facts of a host, null if there are none.
    public @Nullable FactsHistory of(String host) {
        return hosts.get(host);
    }

    /// The facts of all hosts, by name.
    public Map<String, FactsHistory> all() {
        return Collections.unmodifiableMap(hosts);
    }

    /// Names and groups of upstreams.
    public ServiceMap services() {
        return services;
    }

    @Override
    void clear() {
        hosts.clear();
        mapServices();
    }
}
