package dev.gatewatch.analyzer.service;

import dev.gatewatch.analyzer.host.Gateways;
import dev.gatewatch.analyzer.host.LocalAddresses;
import dev.gatewatch.analyzer.host.SocketAddressText;
import dev.gatewatch.wire.HostFacts;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Names what the proxies' lines are about, from the proxies' configurations.
///
/// Upstreams that have a server in common, in whatever proxy, are one service: if the server fails, they
/// fail together. Everything about a service meets under its key; what of it fails is found there.
public final class ServiceMap {
    /// Ways that are followed at most through proxies behind proxies, which may be configured in a circle.
    private static final int MOST_STEPS = 32;

    private final LocalAddresses local;

    /// Upstreams of one proxy by name, their servers, and the routes to them.
    private final Map<String, Proxy> proxies = new HashMap<>();

    private final Map<String, String> serviceOfUpstream = new HashMap<>();

    /// Proxies whose lines are shipped, by the address at which they take connections.
    private final Map<String, Gateway> gateways = new HashMap<>();

    private record Gateway(String host, String kind) {}

    private record Proxy(
            Map<String, HostFacts.Upstream> upstreams, Map<String, String> upstreamOfAddress, Routes routes) {}

    /// The map of all proxies on all hosts.
    public ServiceMap(Collection<HostFacts> hosts) {
        local = LocalAddresses.of(hosts);
        Groups groups = new Groups();
        for (HostFacts host :
                hosts.stream().sorted(Comparator.comparing(HostFacts::host)).toList()) {
            for (HostFacts.ProxyFacts facts : host.proxies()) {
                add(host.host(), facts, groups);
            }
            Gateways.of(host)
                    .forEach((address, kind) ->
                            gateways.put(serverId(host.host(), address), new Gateway(host.host(), kind)));
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
    /// @param kind the proxy's kind: `nginx`, `haproxy`, `alb`, `envoy`, `traefik` or `caddy`
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

    /// The services behind a server that answered with an error, where this server is itself a proxy whose
    /// lines are shipped: there the failure is told of, where it arises.
    ///
    /// @param host host of the proxy that passed the answer on
    /// @param kind its kind
    /// @param answered what its line is about
    /// @param path the request's path, or empty
    public Relay relay(String host, String kind, Target answered, String path) {
        List<Step> first = gateways(host, kind, answered).stream()
                .flatMap(gateway -> steps(gateway, path).stream())
                .toList();
        Set<Step> all = new LinkedHashSet<>(first);
        Deque<Step> open = new ArrayDeque<>(first);
        while (!open.isEmpty() && all.size() < MOST_STEPS) {
            for (Step next : next(open.remove(), path)) {
                if (all.size() < MOST_STEPS && all.add(next)) {
                    open.add(next);
                }
            }
        }
        List<Target> targets = all.stream()
                .map(step -> serviceOfUpstream.get(upstreamId(step.host(), step.kind(), step.upstream())))
                .filter(Objects::nonNull)
                .distinct()
                .map(service -> new Target(
                        service, answered.upstream(), answered.address(), answered.server(), answered.configured()))
                .toList();
        return new Relay(targets, first.size() == 1);
    }

    /// The proxies that a line is about: the one at the server's address or, where the line names no server,
    /// those at all addresses of the upstream; none if anything else may have answered.
    private Set<Gateway> gateways(String host, String kind, Target answered) {
        List<String> addresses =
                answered.address().isEmpty() ? servers(host, kind, answered.upstream()) : List.of(answered.address());
        Set<Gateway> found = new LinkedHashSet<>();
        for (String address : addresses) {
            Gateway gateway = gateways.get(serverId(host, address));
            if (gateway == null) {
                return Set.of();
            }
            found.add(gateway);
        }
        return found;
    }

    private List<String> servers(String host, String kind, String upstream) {
        Proxy proxy = proxies.get(proxyId(host, kind));
        HostFacts.Upstream known = proxy == null ? null : proxy.upstreams().get(upstream);
        return known == null
                ? List.of()
                : known.servers().stream().map(HostFacts.Server::address).toList();
    }

    /// A way on from a proxy.
    private record Step(String host, String kind, String upstream) {}

    /// The ways on through a proxy: the one of the path if that is known, else all.
    private List<Step> steps(Gateway gateway, String path) {
        Proxy proxy = proxies.get(proxyId(gateway.host(), gateway.kind()));
        if (proxy == null) {
            return List.of();
        }
        Optional<String> way =
                path.isEmpty() ? Optional.empty() : proxy.routes().upstreamFor(path);
        return way.map(List::of).orElseGet(() -> List.copyOf(proxy.upstreams().keySet())).stream()
                .limit(MOST_STEPS)
                .map(upstream -> new Step(gateway.host(), gateway.kind(), upstream))
                .toList();
    }

    private List<Step> next(Step step, String path) {
        return servers(step.host(), step.kind(), step.upstream()).stream()
                .map(address -> gateways.get(serverId(step.host(), address)))
                .filter(Objects::nonNull)
                .distinct()
                .flatMap(gateway -> steps(gateway, path).stream())
                .toList();
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
        if (known != null) {
            for (HostFacts.Server one : known.servers()) { // asked for each line that is not ordinary
                if (one.name().equals(server)) {
                    return one.address();
                }
            }
        }
        return "";
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

    private String serverId(String host, String address) {
        return local.isLocal(host, address) ? address + "@" + host : address;
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
