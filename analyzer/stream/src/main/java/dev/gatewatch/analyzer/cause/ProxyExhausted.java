package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The proxy itself is at a limit or crashed, or the one behind it.
final class ProxyExhausted implements Cause {
    /// HAProxy names the backend.
    private static final String OF_ONE_BACKEND = "proxy_port_exhaustion";

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

    /// What tries say that fail for another reason than a limit of the proxy, which may then have
    /// been reached since requests wait. HAProxy has one word for a limit and for a refusal, so that
    /// is not among them.
    private static final List<Set<String>> OTHER_REASONS =
            List.of(Ids.CALLED_REFUSED, Ids.CONNECT_TIMEOUT, Ids.READ_TIMEOUT);

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
        boolean triesSaySo = scene.tries().mostly(limit.signals());
        List<Finding.Proof> lines = scene.proxyEvents(e -> limit.signals().contains(e.id()))
                .filter(line -> isAbout(line, scene))
                .toList();
        Optional<String> host = triesSaySo
                ? scene.whoSays(limit.signals())
                : lines.stream().map(Finding.Proof::host).findFirst();
        return host.map(name -> Culprits.proxyOn(
                        name,
                        Finding.of(
                                limit.id(),
                                triesSaySo || !failsOtherwise(scene, lines) ? Strength.PROVED : Strength.POSSIBLE,
                                "the proxy on " + name + " " + limit.because()),
                        scene)
                .provedBy(
                        name,
                        lines.stream()
                                .filter(p -> p.host().equals(name))
                                .map(Finding.Proof::event)
                                .toList()));
    }

    /// Whether a line is one of a proxy at which requests failed, and of this service if it names one.
    private static boolean isAbout(Finding.Proof line, Scene scene) {
        return line.event().signal() instanceof Signal.ProxyEvent event
                && scene.proxies().contains(new Scene.Proxy(line.host(), event.kind()))
                && (!event.id().equals(OF_ONE_BACKEND)
                        || event.detail().isEmpty()
                        || scene.upstreams().contains(event.detail()));
    }

    /// Whether requests failed for another reason, or so long after the limit was reached that it was over.
    private static boolean failsOtherwise(Scene scene, List<Finding.Proof> lines) {
        double share = OTHER_REASONS.stream().mapToDouble(scene.tries()::share).sum();
        return share >= 0.5
                || lines.stream().noneMatch(line -> line.event().at() >= scene.troubleAt() - Scene.SKEW_MILLIS);
    }

    /// The server is a proxy as well, and its own lines tell of the limit.
    private static Optional<Finding> behind(Scene scene, Limit limit) {
        return scene.firstOf(backend -> {
            List<HostEvent> lines = backend.host() == null || !backend.isGateway()
                    ? List.of()
                    : scene.events(backend.host())
                            .filter(e -> limit.signals().contains(e.id()))
                            .filter(e -> e.at() >= scene.troubleAt() - Scene.SKEW_MILLIS)
                            .toList();
            return lines.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Finding.of(limit.id(), Strength.PROVED, backend.who() + " " + limit.because())
                            .at(backend, lines));
        });
    }
}
