package dev.gatewatch.analyzer.service;

import dev.gatewatch.analyzer.host.SocketAddressText;
import dev.gatewatch.wire.HostFacts;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Names what the proxies' lines are about, from the proxies' configurations.
///
/// Upstreams that have a server in common, in whatever proxy, are one service: if the server fails, they
/// fail together. Everything about a service meets under its key; what of it fails is found there.
public final class ServiceMap {
    /// Upstreams of one proxy by name, their servers, and the routes to them.
    private final Map<String, Proxy> proxies = new HashMap<>();

    private final Map<String, String> serviceOfUpstream = new HashMap<>();

    private record Proxy(
            Map<String, HostFacts.Upstream> upstreams, Map<String, String> upstreamOfAddress, Routes routes) {}

    /// The map of all proxies on all hosts.
    public ServiceMap(Collection<HostFacts> hosts) {
        Groups groups = new Groups();
        for (HostFacts host :
                hosts.stream().sorted(Comparator.comparing(HostFacts::host)).toList()) {
            for (HostFacts.ProxyFacts facts : host.proxies()) {
                add(host.host(), facts, groups);
            }
        }
        groups.keys().forEach(serviceOfUpstream::put);
    }

    private void add(String host, HostFacts.ProxyFacts facts, Groups groups) {
        Map<String, HostFacts.Upstream> upstreams = new LinkedHashMap<>();
        Map<String, String> upstreamOfAddress = new HashMap<>();
        for (HostFacts.Upstream upstream : facts.upstreams()) {
            upstreams.putIfAbsent(upstream.name(), upstream);
            groups.add(upstreamId(host, facts.kind(), upstream.name()));
            for (HostFacts.Server server : upstream.servers()) {
                upstreamOfAddress.putIfAbsent(server.address(), upstream.name());
                groups.join(upstreamId(host, facts.kind(), upstream.name()), serverId(host, server.address()));
            }
        }
        proxies.put(proxyId(host, facts.kind()), new Proxy(upstreams, upstreamOfAddress, new Routes(facts.routes())));
    }

    /// What a line of a proxy is about.
    ///
    /// @param host the proxy's host
    /// @param kind `nginx` or `haproxy`
    /// @param upstream the upstream that the line names, or empty
    /// @param server the server that the line names: an address, or HAProxy's name of it, or empty
    /// @param path the request's path, or empty
    public Target target(String host, String kind, String upstream, String server, String path) {
        Proxy proxy = proxies.get(proxyId(host, kind));
        String address = address(proxy, upstream, server);
        String name = upstreamName(proxy, upstream, address, path);
        boolean configured = proxy != null && proxy.upstreamOfAddress().containsKey(address);
        String serverName = !upstream.isEmpty() && !server.isEmpty() && !server.equals(address) ? server : "";
        String known = serviceOfUpstream.get(upstreamId(host, kind, name));
        if (known != null) {
            return new Target(known, name, address, serverName, configured);
        }
        if (!name.isEmpty()) {
            return new Target(kind + " " + name, name, address, serverName, configured);
        }
        if (!address.isEmpty()) {
            return new Target(serverId(host, address), address, address, serverName, configured);
        }
        return new Target(proxyId(host, kind), kind + " on " + host, "", serverName, false);
    }

    /// What a line is about that tells of a limit of the proxy itself: all that it serves fails together.
    public Target ofProxy(String host, String kind, String server) {
        return new Target(proxyId(host, kind), kind + " on " + host, server, "", false);
    }

    /// The ways of paths through a proxy; none where the proxy is not known.
    public Routes routes(String host, String kind) {
        Proxy proxy = proxies.get(proxyId(host, kind));
        return proxy == null ? Routes.NONE : proxy.routes();
    }

    /// What a line is about that tells of a name that does not resolve. The name takes the server's place;
    /// the requests that it spoils are found by their path.
    ///
    /// @param name the name
    public Target unresolved(String host, String kind, String name, String path) {
        return unnamed(host, kind, name, path);
    }

    /// What a line is about whose proxy names a server only where it fails, never with a request. The
    /// requests are found by their path.
    public Target unnamed(String host, String kind, String server, String path) {
        Target byPath = target(host, kind, "", "", path);
        return server.isEmpty() ? byPath : new Target(byPath.service(), server, server, "", false);
    }

    private static String address(@Nullable Proxy proxy, String upstream, String server) {
        if (proxy == null || server.isEmpty()) {
            return looksLikeAddress(server) ? server : "";
        }
        if (SocketAddressText.isUnix(server)) {
            return knownUnixSocket(proxy, server);
        }
        if (looksLikeAddress(server)) {
            return server;
        }
        HostFacts.Upstream known = proxy.upstreams().get(upstream);
        return known == null
                ? ""
                : known.servers().stream()
                        .filter(s -> s.name().equals(server))
                        .map(HostFacts.Server::address)
                        .findFirst()
                        .orElse("");
    }

    /// Some of NGINX's lines run a unix socket's path and the request's path together; the longest socket
    /// that is known decides.
    private static String knownUnixSocket(Proxy proxy, String server) {
        return proxy.upstreamOfAddress().keySet().stream()
                .filter(server::startsWith)
                .max(Comparator.comparingInt(String::length))
                .orElse(server);
    }

    private static boolean looksLikeAddress(String server) {
        return SocketAddressText.isUnix(server) || SocketAddressText.port(server) >= 0;
    }

    private static String upstreamName(@Nullable Proxy proxy, String upstream, String address, String path) {
        if (!upstream.isEmpty() || proxy == null) {
            return upstream;
        }
        Optional<String> byRoute =
                path.isEmpty() ? Optional.empty() : proxy.routes().upstreamFor(path);
        boolean routeHasServer = byRoute.isPresent() && (address.isEmpty() || has(proxy, byRoute.get(), address));
        if (routeHasServer) {
            return byRoute.get();
        }
        String byAddress = proxy.upstreamOfAddress().get(address);
        return byAddress != null ? byAddress : byRoute.orElse("");
    }

    private static boolean has(Proxy proxy, String upstream, String address) {
        HostFacts.Upstream known = proxy.upstreams().get(upstream);
        return known != null
                && known.servers().stream().anyMatch(s -> s.address().equals(address));
    }

    private static String proxyId(String host, String kind) {
        return kind + "@" + host;
    }

    private static String upstreamId(String host, String kind, String upstream) {
        return kind + "@" + host + "/" + upstream;
    }

    private static String serverId(String host, String address) {
        boolean onlyThere = SocketAddressText.isUnix(address) || SocketAddressText.isLoopback(address);
        return onlyThere ? address + "@" + host : address;
    }

    /// Joins what has a member in common (union-find).
    private static final class Groups {
        private final Map<String, String> parent = new HashMap<>();
        private final SortedSet<String> upstreams = new TreeSet<>();

        void add(String upstream) {
            parent.putIfAbsent(upstream, upstream);
            upstreams.add(upstream);
        }

        void join(String upstream, String server) {
            parent.putIfAbsent(server, server);
            parent.put(root(server), root(upstream));
        }

        private String root(String member) {
            String at = member;
            for (String up = parent.getOrDefault(at, at); !up.equals(at); up = parent.getOrDefault(at, at)) {
                at = up;
            }
            return at;
        }

        /// The service of each upstream. A service's key is its first upstream, so that it does not depend
        /// on the order of joining.
        Map<String, String> keys() {
            Map<String, String> keyOfRoot = new HashMap<>();
            Map<String, String> keys = new HashMap<>();
            for (String upstream : upstreams) {
                keys.put(upstream, keyOfRoot.computeIfAbsent(root(upstream), root -> upstream));
            }
            return keys;
        }
    }
}
