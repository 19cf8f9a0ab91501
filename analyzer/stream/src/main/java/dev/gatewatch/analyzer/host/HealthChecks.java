package dev.gatewatch.analyzer.host;

import dev.gatewatch.wire.HostFacts;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which servers are checked by a HAProxy, by what its configuration says.
///
/// @param byHost the checks by the server's address without its port
public record HealthChecks(Map<String, List<Check>> byHost) {
    /// A server that is checked.
    ///
    /// @param proxyHost the proxy's host
    /// @param upstream the backend
    /// @param server HAProxy's name of the server
    /// @param port its port
    public record Check(String proxyHost, String upstream, String server, int port) {}

    /// The checks of all proxies that these facts tell of.
    public static HealthChecks of(Collection<HostFacts> all) {
        Map<String, List<Check>> byHost = new HashMap<>();
        for (HostFacts facts : all) {
            for (HostFacts.ProxyFacts proxy : facts.proxies()) {
                if (proxy.kind().equals("haproxy")) {
                    proxy.upstreams().forEach(upstream -> add(facts.host(), upstream, byHost));
                }
            }
        }
        return new HealthChecks(byHost);
    }

    private static void add(String proxyHost, HostFacts.Upstream upstream, Map<String, List<Check>> byHost) {
        for (HostFacts.Server server : upstream.servers()) {
            int port = SocketAddressText.port(server.address());
            if (server.checked() && !server.disabled() && port >= 0) {
                byHost.computeIfAbsent(SocketAddressText.host(server.address()), host -> new ArrayList<>())
                        .add(new Check(proxyHost, upstream.name(), server.name(), port));
            }
        }
    }

    /// The checks of other ports of a server's host.
    ///
    /// @param address the server's, `ip:port`
    public List<Check> beside(String address) {
        int port = SocketAddressText.port(address);
        return byHost.getOrDefault(SocketAddressText.host(address), List.of()).stream()
                .filter(check -> check.port() != port)
                .toList();
    }
}
