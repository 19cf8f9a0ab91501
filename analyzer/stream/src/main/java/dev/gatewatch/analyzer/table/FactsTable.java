package dev.gatewatch.analyzer.table;

import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.host.Gateways;
import dev.gatewatch.analyzer.host.HealthChecks;
import dev.gatewatch.analyzer.service.ServiceMap;
import dev.gatewatch.wire.HostFacts;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/// The facts of all hosts, and what follows from the proxies' configurations. One thread
/// writes, any number read.
public final class FactsTable extends HeapStore {
    /// Name of the store.
    public static final String NAME = "host-facts";

    private final Map<String, FactsHistory> hosts = new ConcurrentHashMap<>();
    private final Map<String, NavigableSet<String>> namesOfAddress = new ConcurrentHashMap<>();
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private volatile long proxyChanges;
    private volatile Mapped mapped = new Mapped(0, List.of());

    /// What follows from the configurations of all proxies.
    ///
    /// @param changes how often proxies had changed when it was made
    private record Mapped(long changes, ServiceMap services, HealthChecks checks) {
        Mapped(long changes, List<HostFacts> facts) {
            this(changes, new ServiceMap(facts), HealthChecks.of(facts));
        }
    }

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
        FactsHistory newer = known == null ? FactsHistory.of(facts) : known.with(facts);
        hosts.put(facts.host(), newer);
        List<String> before = known == null ? List.of() : known.facts().addresses();
        if (!before.equals(newer.facts().addresses())) {
            rename(facts.host(), before, newer.facts().addresses());
        }
        boolean mappedAlike =
                known == null ? newer.facts().proxies().isEmpty() : isMappedAlike(known.facts(), newer.facts());
        if (!mappedAlike) {
            proxiesChanged();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void proxiesChanged() {
        proxyChanges++;
    }

    private void rename(String host, List<String> before, List<String> after) {
        before.forEach(address -> namesOfAddress.computeIfPresent(address, (a, hosts) -> {
            hosts.remove(host);
            return hosts.isEmpty() ? null : hosts;
        }));
        after.forEach(address ->
                namesOfAddress.computeIfAbsent(address, a -> new TreeSet<>()).add(host));
        Stream.concat(before.stream(), after.stream())
                .forEach(address -> names.compute(address, (a, name) -> first(namesOfAddress.get(a))));
    }

    private static @Nullable String first(@Nullable NavigableSet<String> names) {
        return names == null ? null : names.first();
    }

    private static boolean isMappedAlike(HostFacts before, HostFacts after) {
        return before.proxies().equals(after.proxies())
                && (after.proxies().isEmpty() || Gateways.of(before).equals(Gateways.of(after)));
    }

    /// Forgets a host.
    public void remove(String host) {
        FactsHistory known = hosts.remove(host);
        if (known != null) {
            rename(host, known.facts().addresses(), List.of());
            proxiesChanged();
        }
    }

    /// The facts of a host, null if there are none.
    public @Nullable FactsHistory of(String host) {
        return hosts.get(host);
    }

    /// The facts of all hosts, by name.
    public Map<String, FactsHistory> all() {
        return Collections.unmodifiableMap(hosts);
    }

    /// The first host by name that has an address, by address.
    public Map<String, String> names() {
        return Collections.unmodifiableMap(names);
    }

    /// Names and groups of upstreams.
    public ServiceMap services() {
        return mapped().services();
    }

    /// Which servers are checked by a proxy.
    public HealthChecks checks() {
        return mapped().checks();
    }

    /// Made when somebody asks after a proxy's facts changed: at a start, when those of all proxies come one after the
    /// other, it is made once.
    private Mapped mapped() {
        long changes = proxyChanges;
        Mapped known = mapped;
        if (known.changes() != changes) {
            known = new Mapped(
                    changes, hosts.values().stream().map(FactsHistory::facts).toList());
            mapped = known;
        }
        return known;
    }

    @Override
    void clear() {
        hosts.clear();
        namesOfAddress.clear();
        names.clear();
        proxiesChanged();
    }
}
