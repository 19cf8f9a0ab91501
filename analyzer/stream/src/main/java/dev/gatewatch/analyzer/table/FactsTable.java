package dev.gatewatch.analyzer.table;

import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.host.Gateways;
import dev.gatewatch.analyzer.host.HealthChecks;
import dev.gatewatch.analyzer.service.ServiceMap;
import dev.gatewatch.wire.HostFacts;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/// The facts of all hosts, and what follows from the proxies' configurations. A host that does not
/// report for half a day is taken to be out of service, and forgotten. One thread writes, any
/// number read.
public final class FactsTable extends HeapStore {
    /// Name of the store.
    public static final String NAME = "host-facts";

    /// How long a host that is silent is kept, in milliseconds: it may be down, and many incidents
    /// be due to that.
    static final long KEPT_MILLIS = 12 * 3_600_000;

    /// How long a host that is silent keeps an address that another one reports as well, in
    /// milliseconds: some reports.
    static final long OWNED_MILLIS = 60_000;

    private final Map<String, FactsHistory> hosts = new ConcurrentHashMap<>();
    private final Map<String, Long> heard = new LinkedHashMap<>(); // the host that reported last is last
    private final Map<String, Integer> claims = new HashMap<>(); // how many hosts report an address
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private long newest = Long.MIN_VALUE;
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
    ///
    /// When a host was heard is counted on the clock of all reports together, as they come: one
    /// whose own clock is wrong is not taken for silent, nor are the others beside it.
    ///
    /// @param wallNow wall clock, milliseconds since 1970
    public void put(HostFacts facts, long wallNow) {
        newest = Math.max(newest, Math.min(facts.at().toEpochMilli(), wallNow));
        heard.remove(facts.host());
        heard.put(facts.host(), newest);
        take(facts);
        facts.addresses().forEach(address -> names.compute(address, (a, owner) -> owner(owner, facts.host())));
        forgetSilent();
    }

    private void forgetSilent() {
        List<String> silent = heard.entrySet().stream()
                .takeWhile(host -> host.getValue() < newest - KEPT_MILLIS)
                .map(Map.Entry::getKey)
                .toList();
        silent.forEach(this::remove);
    }

    private void take(HostFacts facts) {
        FactsHistory known = hosts.get(facts.host());
        FactsHistory newer = known == null ? FactsHistory.of(facts) : known.with(facts);
        hosts.put(facts.host(), newer);
        List<String> before = known == null ? List.of() : known.facts().addresses();
        if (!before.equals(facts.addresses())) {
            claim(without(before, facts.addresses()));
            release(facts.host(), without(facts.addresses(), before));
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

    /// Counts addresses of a host. One that several hosts have means another thing on each of them,
    /// also to proxies.
    private void claim(List<String> addresses) {
        for (String address : addresses) {
            if (claims.merge(address, 1, Integer::sum) == 2) {
                proxiesChanged();
            }
        }
    }

    /// Gives away the addresses that a host has no more.
    private void release(String host, List<String> addresses) {
        for (String address : addresses) {
            Integer left = claims.computeIfPresent(address, (a, hosts) -> hosts == 1 ? null : hosts - 1);
            if (left != null && left == 1) {
                proxiesChanged();
            }
        }
        for (String address : addresses) {
            if (host.equals(names.get(address))) {
                anotherOwner(host, address)
                        .ifPresentOrElse(other -> names.put(address, other), () -> names.remove(address));
            }
        }
    }

    private static List<String> without(List<String> some, List<String> all) {
        return all.stream().filter(address -> !some.contains(address)).toList();
    }

    private Optional<String> anotherOwner(String host, String address) {
        return hosts.values().stream()
                .map(FactsHistory::facts)
                .filter(other -> !other.host().equals(host) && other.addresses().contains(address))
                .map(HostFacts::host)
                .reduce(this::owner);
    }

    /// Which of two hosts that report an address has it: the one that was heard later or, while
    /// both are heard, the first by name.
    private String owner(@Nullable String one, String other) {
        if (one == null) {
            return other;
        }
        long later = heardAt(one) - heardAt(other);
        boolean bothAreHeard = Math.abs(later) <= OWNED_MILLIS;
        boolean first = bothAreHeard ? one.compareTo(other) <= 0 : later > 0;
        return first ? one : other;
    }

    private long heardAt(String host) {
        return heard.getOrDefault(host, 0L);
    }

    private static boolean isMappedAlike(HostFacts before, HostFacts after) {
        return before.proxies().equals(after.proxies())
                && (after.proxies().isEmpty()
                        || (before.addresses().equals(after.addresses())
                                && Gateways.of(before).equals(Gateways.of(after))));
    }

    /// Forgets a host.
    public void remove(String host) {
        FactsHistory known = hosts.remove(host);
        heard.remove(host);
        if (known != null) {
            release(host, known.facts().addresses());
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

    /// The host that has an address, by address.
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
        heard.clear();
        newest = Long.MIN_VALUE;
        claims.clear();
        names.clear();
        proxiesChanged();
    }
}
