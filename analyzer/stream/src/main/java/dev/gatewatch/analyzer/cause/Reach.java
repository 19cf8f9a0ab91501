package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.burst.Endpoint;
import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.host.HostView;
import dev.gatewatch.analyzer.host.SocketAddressText;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.wire.SourceKind;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How much is out of reach when connections to a server get no answer: its port, its host, or several hosts. Others
/// know more of it than the failing requests: the service's other servers, other proxies, and HAProxy's health checks
/// of whatever else runs on the same host.
final class Reach {
    private static final Set<String> RULES_CHANGED = Set.of("firewall_changed");

    /// How long HAProxy may take to notice that a server does not answer, in milliseconds: three checks, two
    /// seconds apart, that wait for two seconds each.
    private static final long NOTICED_MILLIS = 12_000;

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
        return isServing(backend, host -> !isFailing(host)) && !isServing(backend, this::isFailing);
    }

    private boolean isFailing(String proxyHost) {
        return scene.proxies().stream().anyMatch(p -> p.host().equals(proxyHost));
    }

    private boolean isServing(Backend backend, Predicate<String> proxyHosts) {
        long from = scene.burst().startedAt() + Scene.STAMP_MILLIS;
        return scene.isServedAt(backend.endpoint().address(), proxyHosts, from, scene.lastFailureOfTrouble());
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
        List<HostEvent> silent = outOfReach(proxy)
                .filter(e -> e.at() >= scene.troubleAt() - Scene.SKEW_MILLIS)
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

    /// Whether the server's host is known to answer: now and then a request gets through, or HAProxy checks another of
    /// its ports, had time to notice that it does not answer, and says nothing of the kind.
    boolean isHostAnswering(Backend backend) {
        return isServing(backend, this::isFailing) || isAnotherPortAnswering(backend);
    }

    private boolean isAnotherPortAnswering(Backend backend) {
        return scene.burst().lastFailureAt() - scene.troubleAt() >= NOTICED_MILLIS
                && scene.hosts().all().stream()
                        .filter(history -> isHeardSince(scene.troubleAt() + NOTICED_MILLIS, history))
                        .flatMap(history -> scene.hosts().byName(history.facts().host()).stream())
                        .anyMatch(proxy ->
                                checkedBy(proxy).anyMatch(a -> isOtherPort(a, backend) && !isSilent(proxy, a)));
    }

    private static boolean isHeardSince(long moment, FactsHistory history) {
        return history.facts().watermarks().stream()
                .anyMatch(mark ->
                        mark.source() == SourceKind.HAPROXY && mark.readUpTo().toEpochMilli() >= moment);
    }

    private boolean isSilent(HostView proxy, String address) {
        return outOfReach(proxy)
                .anyMatch(e -> address(proxy, e).filter(address::equals).isPresent());
    }

    private Stream<HostEvent> outOfReach(HostView proxy) {
        return scene.events(proxy).filter(e -> e.signal() instanceof Signal.ServerState state && state.isOutOfReach());
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
