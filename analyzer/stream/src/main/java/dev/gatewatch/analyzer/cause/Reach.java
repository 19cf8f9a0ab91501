package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.burst.Endpoint;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.host.HostView;
import dev.gatewatch.analyzer.host.SocketAddressText;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How much is out of reach when connections to a server get no answer: its port, its host, or several hosts. Others
/// know more of it than the failing requests: the service's other servers, other proxies, and HAProxy's health checks
/// of whatever else runs on the same host.
final class Reach {
    private static final Set<String> RULES_CHANGED = Set.of("firewall_changed");

    private final Scene scene;

    private Reach(Scene scene) {
        this.scene = scene;
    }

    static Reach of(Scene scene) {
        return new Reach(scene);
    }

    /// The lines that say that the rules of a firewall on the server's host were changed.
    List<HostEvent> ruleChanges(Backend backend) {
        HostView host = backend.host();
        return host == null
                ? List.of()
                : scene.events(host).filter(e -> RULES_CHANGED.contains(e.id())).toList();
    }

    /// Whether servers on several hosts, all of which listen, are out of reach together, and no firewall was
    /// changed there.
    boolean isPartitioned() {
        long hostsOutOfReach =
                scene.backends().stream().map(Backend::hostName).distinct().count();
        return hostsOutOfReach > 1
                && scene.backends().stream()
                        .allMatch(b -> b.listening() == Backend.Listening.YES
                                && !isServing(b.endpoint())
                                && ruleChanges(b).isEmpty());
    }

    private boolean isServing(Endpoint endpoint) {
        return endpoint.lastServedAt() > scene.troubleAt() + Scene.SKEW_MILLIS
                && endpoint.lastServedAt() < scene.burst().lastFailureAt();
    }

    /// Whether a proxy on another host goes on being served at the server's very address, and those at which requests
    /// fail never are.
    boolean isReachedByOthers(Backend backend) {
        long from = scene.burst().startedAt() + Scene.STAMP_MILLIS;
        long to = scene.lastFailureOfTrouble();
        return scene.isServedElsewhere(backend.endpoint().address(), from, to)
                && scene.proxies().stream().noneMatch(p -> scene.isServedBy(p.host(), from, to));
    }

    /// The lines of a HAProxy whose health checks got no answer from any other port of the server's host either; empty
    /// if one did, or if none checks another port.
    List<Finding.Proof> silentPorts(Backend backend) {
        return scene.hosts().withEvents().stream()
                .map(proxy -> silentPorts(backend, proxy))
                .filter(lines -> !lines.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private List<Finding.Proof> silentPorts(Backend backend, HostView proxy) {
        List<HostEvent> silent = scene.events(proxy)
                .filter(e -> e.at() >= scene.troubleAt() - Scene.SKEW_MILLIS)
                .filter(e -> e.signal() instanceof Signal.ServerState state && state.isOutOfReach())
                .filter(e ->
                        address(proxy, e).filter(a -> isOtherPort(a, backend)).isPresent())
                .sorted(Comparator.comparingLong(HostEvent::at))
                .toList();
        Set<String> answerless =
                silent.stream().flatMap(e -> address(proxy, e).stream()).collect(Collectors.toSet());
        boolean all = checkedBy(proxy).filter(a -> isOtherPort(a, backend)).allMatch(answerless::contains);
        return all
                ? silent.stream().map(e -> new Finding.Proof(proxy.name(), e)).toList()
                : List.of();
    }

    private static Optional<String> address(HostView proxy, HostEvent event) {
        return event.signal() instanceof Signal.ServerState state
                ? proxy.proxies("haproxy").stream()
                        .flatMap(facts -> facts.upstreams().stream())
                        .filter(upstream -> upstream.name().equals(state.upstream()))
                        .flatMap(upstream -> upstream.servers().stream())
                        .filter(server -> server.name().equals(state.server()))
                        .map(server -> server.address())
                        .findFirst()
                : Optional.empty();
    }

    private static Stream<String> checkedBy(HostView proxy) {
        return proxy.proxies("haproxy").stream()
                .flatMap(facts -> facts.upstreams().stream())
                .flatMap(upstream -> upstream.servers().stream())
                .filter(server -> server.checked() && !server.disabled())
                .map(server -> server.address());
    }

    private static boolean isOtherPort(String address, Backend backend) {
        String failing = backend.endpoint().address();
        return SocketAddressText.host(address).equals(SocketAddressText.host(failing))
                && SocketAddressText.port(address) != SocketAddressText.port(failing);
    }
}
