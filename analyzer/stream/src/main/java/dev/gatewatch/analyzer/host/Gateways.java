package dev.gatewatch.analyzer.host;

import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.HostFacts.ProxyFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The addresses of a host at which a proxy takes connections whose own lines are shipped: what it answers
/// with an error is told there already.
public final class Gateways {
    private static final Set<Integer> WEB_PORTS = Set.of(80, 443);

    private Gateways() {}

    /// Kind of the proxy (`nginx`, `haproxy`) by the address, as another host connects to it or, for loopback
    /// and unix sockets, the host itself. Where nobody could see the host's sockets, the web's own ports
    /// belong to its only proxy.
    public static Map<String, String> of(HostFacts facts) {
        List<ProxyFacts> shipped = facts.proxies().stream()
                .filter(proxy -> shipsLines(facts, proxy.kind()))
                .toList();
        Map<String, String> kinds = new HashMap<>();
        for (ProxyFacts proxy : shipped) {
            facts.listeners().stream()
                    .filter(listener -> isOf(facts, proxy, listener))
                    .forEach(listener -> open(facts, listener.address(), proxy.kind(), kinds));
        }
        if (facts.listeners().isEmpty() && facts.proxies().size() == 1) {
            shipped.forEach(proxy -> WEB_PORTS.forEach(port -> open(facts, "0.0.0.0:" + port, proxy.kind(), kinds)));
        }
        return Map.copyOf(kinds);
    }

    private static boolean shipsLines(HostFacts facts, String kind) {
        return facts.watermarks().stream().map(HostFacts.Watermark::source).anyMatch(source -> switch (source) {
            case NGINX_ACCESS, NGINX_ERROR -> kind.equals("nginx");
            case JOURNALD -> kind.equals("haproxy"); // where it has no file of its own
            case HAPROXY, ALB, ENVOY, TRAEFIK, CADDY -> kind.equals(source.id());
            case KERNEL -> false;
        });
    }

    /// Sockets of the proxy's unit. Where that has none, the unit may have another name than the agent takes it for:
    /// then the name of the process decides.
    private static boolean isOf(HostFacts facts, ProxyFacts proxy, HostFacts.Listener listener) {
        boolean unitHasSockets =
                facts.listeners().stream().anyMatch(l -> l.unit().equals(proxy.unit()));
        boolean byUnit = unitHasSockets && !listener.unit().isEmpty();
        return byUnit
                ? listener.unit().equals(proxy.unit())
                : listener.process().equals(proxy.kind());
    }

    private static void open(HostFacts facts, String listener, String kind, Map<String, String> kinds) {
        if (!SocketAddressText.isWildcard(listener)) {
            kinds.put(listener, kind);
            return;
        }
        String port = ":" + SocketAddressText.port(listener);
        kinds.put("127.0.0.1" + port, kind);
        kinds.put("[::1]" + port, kind);
        kinds.put("localhost" + port, kind);
        kinds.put(facts.host() + port, kind);
        facts.addresses().forEach(ip -> kinds.put((ip.indexOf(':') < 0 ? ip : "[" + ip + "]") + port, kind));
    }
}
