package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.host.HostEvent;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The proxy itself is at a limit or crashed, or the one behind it.
final class ProxyExhausted implements Cause {
    private record Limit(Id id, Set<String> signals, String because) {}

    private static final List<Limit> LIMITS = List.of(
            new Limit(
                    new Id("proxy_exhausted", "file_descriptors"),
                    Set.of("proxy_fd_exhaustion"),
                    "has no file descriptor left"),
            new Limit(
                    new Id("proxy_exhausted", "ephemeral_ports"),
                    Set.of("proxy_port_exhaustion"),
                    "has no local port left towards the server"),
            new Limit(
                    new Id("proxy_exhausted", "worker_connections"),
                    Set.of("worker_connections"),
                    "has no worker connection left"),
            new Limit(
                    new Id("proxy_exhausted", "proxy_crash"),
                    Set.of("nginx_process_crash", "haproxy_process_crash"),
                    "crashed"));

    @Override
    public List<Id> ids() {
        return LIMITS.stream().map(Limit::id).toList();
    }

    @Override
    public boolean standsAlone() {
        return true;
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        return LIMITS.stream()
                .flatMap(limit -> itself(scene, limit).or(() -> behind(scene, limit)).stream())
                .findFirst();
    }

    private static Optional<Finding> itself(Scene scene, Limit limit) {
        List<Finding.Proof> lines =
                scene.proxyEvents(e -> limit.signals().contains(e.id())).toList();
        if (lines.isEmpty() && !scene.mostly(limit.signals())) {
            return Optional.empty();
        }
        String host = lines.isEmpty()
                ? scene.proxies().getFirst().host()
                : lines.getFirst().host();
        Finding finding = Culprits.proxy(
                Finding.of(limit.id(), Strength.PROVED, "the proxy on " + host + " " + limit.because()), scene);
        return Optional.of(
                lines.isEmpty()
                        ? finding
                        : finding.provedBy(
                                host,
                                lines.stream()
                                        .filter(p -> p.host().equals(host))
                                        .map(Finding.Proof::event)
                                        .toList()));
    }

    /// The server is a proxy as well, and its own lines tell of the limit.
    private static Optional<Finding> behind(Scene scene, Limit limit) {
        return scene.firstOf(backend -> {
            List<HostEvent> lines = backend.host() == null || !backend.isGateway()
                    ? List.of()
                    : scene.events(backend.host())
                            .filter(e -> limit.signals().contains(e.id()))
                            .toList();
            return lines.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Finding.of(limit.id(), Strength.PROVED, backend.who() + " " + limit.because())
                            .at(backend, lines));
        });
    }
}
