package dev.gatewatch.analyzer.host;

import dev.gatewatch.wire.HostFacts;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Addresses that mean another thing on each host: loopback, unix sockets, and the networks that
/// container runtimes and hypervisors make on every host alike, such as Docker's `172.17.0.0/16`.
///
/// @param shared the addresses that each host has and others have as well, by the host's name
/// @param own all addresses of all hosts
public record LocalAddresses(Map<String, Set<String>> shared, Set<String> own) {

    /// Those of these hosts.
    public static LocalAddresses of(Collection<HostFacts> hosts) {
        Set<String> own = new HashSet<>();
        Set<String> twice = new HashSet<>();
        hosts.stream()
                .flatMap(host -> host.addresses().stream().distinct())
                .filter(address -> !own.add(address))
                .forEach(twice::add);
        Map<String, Set<String>> shared = new HashMap<>();
        for (HostFacts host : hosts) {
            Set<String> ofHost = new HashSet<>(host.addresses());
            ofHost.retainAll(twice);
            shared.put(host.host(), ofHost);
        }
        return new LocalAddresses(shared, own);
    }

    /// Whether a proxy on a host reaches nothing but its own host, or what runs on it, at this
    /// address.
    ///
    /// @param address `ip:port` or `unix:/path`
    public boolean isLocal(String host, String address) {
        if (SocketAddressText.isUnix(address) || SocketAddressText.isLoopback(address)) {
            return true;
        }
        String ip = SocketAddressText.host(address);
        Set<String> bridges = shared.getOrDefault(host, Set.of());
        return bridges.contains(ip) || (!own.contains(ip) && bridges.stream().anyMatch(bridge -> isBehind(bridge, ip)));
    }

    /// Whether an address lies in the network of a bridge. No one tells how large that is. The
    /// bridge has its first address, and Docker's pools are cut into networks of 16 bits, those of
    /// `192.168` into smaller ones.
    private static boolean isBehind(String bridge, String ip) {
        int size = bridge.startsWith("192.168.") ? 3 : 2;
        return bridge.endsWith(".1") && ip.startsWith(bridge.substring(0, endOfPart(bridge, size)));
    }

    private static int endOfPart(String ip, int parts) {
        int end = 0;
        for (int part = 0; part < parts; part++) {
            end = ip.indexOf('.', end) + 1;
        }
        return end;
    }
}
