package dev.gatewatch.analyzer.host;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The hosts, by name and by address.
///
/// @param facts facts by host name
/// @param events events by host name
/// @param names host names by address; of several hosts that have an address, one
/// @param checks which servers are checked by a proxy
public record Hosts(
        Map<String, FactsHistory> facts,
        Map<String, EventHistory> events,
        Map<String, String> names,
        HealthChecks checks) {

    /// The same with the names and the checks found in the facts, which takes a look at all of them.
    public Hosts(Map<String, FactsHistory> facts, Map<String, EventHistory> events) {
        this(
                facts,
                events,
                namesIn(facts),
                HealthChecks.of(facts.values().stream().map(FactsHistory::facts).toList()));
    }

    private static Map<String, String> namesIn(Map<String, FactsHistory> facts) {
        Map<String, String> names = new HashMap<>();
        facts.forEach((name, history) -> history.facts()
                .addresses()
                .forEach(address -> names.merge(address, name, (a, b) -> a.compareTo(b) <= 0 ? a : b)));
        return names;
    }

    /// Nothing known of any host.
    public static Hosts none() {
        return new Hosts(Map.of(), Map.of());
    }

    /// The host of this name, empty if nothing is known of it.
    public Optional<HostView> byName(String name) {
        FactsHistory history = facts.get(name);
        EventHistory happened = events.get(name);
        return history == null && happened == null
                ? Optional.empty()
                : Optional.of(new HostView(name, history, happened == null ? EventHistory.NONE : happened));
    }

    /// The host that a proxy reaches at this address. A loopback address, a unix socket or an
    /// address of the proxy's own host leads there, whoever else has such a one.
    ///
    /// @param address `ip:port` or `unix:/path`
    /// @param proxyHost name of the proxy's host
    public Optional<HostView> byAddress(String address, String proxyHost) {
        if (SocketAddressText.isUnix(address) || SocketAddressText.isLoopback(address)) {
            return byName(proxyHost);
        }
        String ip = SocketAddressText.host(address);
        FactsHistory own = facts.get(proxyHost);
        String name = own != null && own.facts().addresses().contains(ip) ? proxyHost : names.get(ip);
        return name != null ? byName(name) : facts.containsKey(ip) ? byName(ip) : Optional.empty();
    }

    /// The hosts on which something happened of late, by name.
    public List<HostView> withEvents() {
        return events.keySet().stream()
                .sorted()
                .flatMap(name -> byName(name).stream())
                .toList();
    }

    /// The facts of all hosts.
    public Collection<FactsHistory> all() {
        return facts.values();
    }
}
