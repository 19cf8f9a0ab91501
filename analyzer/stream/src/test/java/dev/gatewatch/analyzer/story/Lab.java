package dev.gatewatch.analyzer.story;

import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.HostFacts.AccessLog;
import dev.gatewatch.wire.HostFacts.ContainerState;
import dev.gatewatch.wire.HostFacts.Listener;
import dev.gatewatch.wire.HostFacts.ProxyFacts;
import dev.gatewatch.wire.HostFacts.Route;
import dev.gatewatch.wire.HostFacts.Server;
import dev.gatewatch.wire.HostFacts.Upstream;
import dev.gatewatch.wire.HostFacts.Watermark;
import dev.gatewatch.wire.SourceKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The hosts of the stories, as their agents see them: NGINX on edge1, HAProxy on edge2, services on app1 to
/// app3.
final class Lab {
    static final String ORDERS = "10.85.0.21:8081";
    static final String CATALOG = "10.85.0.22:8082";
    static final String WEB2 = "10.85.0.22:8083";
    static final String WEB3 = "10.85.0.23:8083";
    static final String PAYMENTS = "10.85.0.23:8443";
    static final String PHP = "unix:/run/php/php8.2-fpm.sock";
    static final String KIOSK = "unix:/run/kiosk/kiosk.sock";
    static final Instant BOOTED_AT = Instant.parse("2026-11-22T08:00:00Z");

    private static final List<SourceKind> EVERYWHERE = List.of(SourceKind.JOURNALD, SourceKind.KERNEL);

    private final Map<String, String> addresses = new LinkedHashMap<>();
    private final Map<String, List<Listener>> listeners = new LinkedHashMap<>();
    private final Map<String, List<ProxyFacts>> proxies = new LinkedHashMap<>();
    private final Map<String, List<ContainerState>> containers = new LinkedHashMap<>();

    Lab() {
        host("edge1.lab", "10.85.0.11", new Listener("0.0.0.0:80", 0, 511, "nginx.service", "nginx", 429));
        host("edge2.lab", "10.85.0.12", new Listener("0.0.0.0:80", 0, 511, "haproxy.service", "haproxy", 271));
        host("app1.lab", "10.85.0.21", listener(8081, "orders.service", 1336));
        host("app2.lab", "10.85.0.22", listener(8082, "catalog.service", 1400), listener(8083, "web.service", 1401));
        host("app3.lab", "10.85.0.23", listener(8083, "web.service", 1500), listener(8443, "payments.service", 1501));
        listens("edge1.lab", new Listener(PHP, 0, 511, "php8.2-fpm.service", "php-fpm8.2", 300));
        listens("edge2.lab", new Listener(KIOSK, 0, 2048, "kiosk.service", "uvicorn", 274));
        proxies.put("edge1.lab", List.of(nginx(LogLines.TIMED)));
        proxies.put(
                "edge2.lab",
                List.of(haproxy(
                        upstream("be_orders", false, new Server("app1", ORDERS, true, false)),
                        upstream("be_catalog", false, new Server("app2", CATALOG, true, false)),
                        upstream("be_payments", true, new Server("app3", PAYMENTS, true, false)),
                        upstream("be_kiosk", false, new Server("local", KIOSK, true, false)))));
    }

    private static Listener listener(int port, String unit, int pid) {
        return new Listener("0.0.0.0:" + port, 0, 128, unit, "python3", pid);
    }

    private void host(String name, String address, Listener... listening) {
        addresses.put(name, address);
        listeners.put(name, new ArrayList<>(List.of(listening)));
    }

    static ProxyFacts nginx(String accessFormat) {
        return new ProxyFacts(
                "nginx",
                "nginx.service",
                "sha256:77aa",
                BOOTED_AT,
                BOOTED_AT,
                List.of(
                        upstream("orders_api", false, new Server("", ORDERS, false, false)),
                        upstream(
                                "web_front",
                                false,
                                new Server("", WEB2, false, false),
                                new Server("", WEB3, false, false)),
                        upstream("payments_tls", true, new Server("", PAYMENTS, false, false)),
                        upstream(PHP, false, new Server("", PHP, false, false))),
                List.of(
                        new Route("shop.lab", "", "/api/orders/", "orders_api"),
                        new Route("shop.lab", "", "/shop/", "web_front"),
                        new Route("shop.lab", "", "/api/payments/", "payments_tls"),
                        new Route("shop.lab", "~", "\\.php$", PHP)),
                List.of(new AccessLog("/var/log/nginx/access.log", accessFormat, "default")));
    }

    static ProxyFacts haproxy(Upstream... upstreams) {
        return new ProxyFacts(
                "haproxy",
                "haproxy.service",
                "sha256:0c5e",
                BOOTED_AT,
                BOOTED_AT,
                List.of(upstreams),
                List.of(),
                List.of());
    }

    private static Upstream upstream(String name, boolean tls, Server... servers) {
        return new Upstream(name, tls, List.of(servers));
    }

    List<String> hosts() {
        return List.copyOf(addresses.keySet());
    }

    void listens(String host, Listener listener) {
        closes(host, listener.address());
        listeners.get(host).add(listener);
    }

    void closes(String host, String address) {
        listeners.get(host).removeIf(l -> l.address().equals(address));
    }

    /// What the runtime of a host says of its containers from now on.
    void runs(String host, ContainerState... states) {
        containers.put(host, List.of(states));
    }

    void configures(String host, ProxyFacts... facts) {
        proxies.put(host, List.of(facts));
    }

    /// What the agent of a host reports now.
    ///
    /// @param proxyLogs the logs that it follows beside those that every host has
    /// @param readUpTo moments up to which it has read the sources with which it is behind
    HostFacts facts(String host, Instant at, List<SourceKind> proxyLogs, Map<SourceKind, Instant> readUpTo) {
        List<Watermark> watermarks = java.util.stream.Stream.concat(EVERYWHERE.stream(), proxyLogs.stream())
                .map(s -> new Watermark(
                        host + "/" + s.id(),
                        s,
                        s.id(),
                        readUpTo.getOrDefault(s, at),
                        readUpTo.containsKey(s) ? 7 : 0,
                        0))
                .toList();
        return new HostFacts(
                host,
                at,
                List.of(addresses.get(host)),
                BOOTED_AT,
                ZoneOffset.UTC,
                true,
                listeners.get(host),
                List.of(),
                proxies.getOrDefault(host, List.of()),
                watermarks,
                containers.getOrDefault(host, List.of()));
    }
}
