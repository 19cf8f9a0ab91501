package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.burst.Endpoint;
import dev.gatewatch.analyzer.burst.Seen;
import dev.gatewatch.analyzer.host.HealthChecks.Check;
import dev.gatewatch.analyzer.host.HostView;
import dev.gatewatch.analyzer.service.Sighting;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.wire.SourceKind;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How much is out of reach when connections to a server get no answer: its port, its host, or several hosts. Others
/// know more of it than the failing requests: the service's other servers, other proxies, and HAProxy's health checks
/// of whatever else runs on the same host.
final class Reach {
    /// How long HAProxy may take to notice that a server does not answer, in milliseconds: three checks, two
    /// seconds apart, that wait for two seconds each.
    private static final long NOTICED_MILLIS = 12_000;

    /// How soon after its last answer the kernel gives up a neighbour, in milliseconds: it waits for five seconds
    /// before it asks, three times, a second apart. Mostly it takes longer, since it first trusts the last answer
    /// for up to 45 s.
    ///
    /// Source: arp(7), `delay_first_probe_time`, `ucast_solicit`, `retrans_time`, `base_reachable_time`
    private static final long LOST_AFTER_MILLIS = 8_000;

    private final Scene scene;

    private Reach(Scene scene) {
        this.scene = scene;
    }

    static Reach of(Scene scene) {
        return new Reach(scene);
    }

    /// Whether servers on several hosts, all of which listen, are out of reach together, no firewall was changed
    /// there, and none of the hosts is known to answer.
    boolean isPartitioned() {
        long hostsOutOfReach =
                scene.backends().stream().map(Backend::hostName).distinct().count();
        return hostsOutOfReach > 1
                && scene.backends().stream()
                        .allMatch(b -> b.listening() == Backend.Listening.YES
                                && !isServing(b.endpoint())
                                && !isHostAnswering(b)
                                && scene.firewallChanges(b).isEmpty());
    }

    private boolean isServing(Endpoint endpoint) {
        return endpoint.lastServedAt() > scene.troubleAt() + Scene.SKEW_MILLIS
                && endpoint.lastServedAt() < scene.burst().lastFailureAt();
    }

    /// Whether a proxy on another host goes on being served at the server's very address, and those at which requests
    /// fail never are.
    boolean isReachedByOthers(Backend backend) {
        return isServedThrough(host -> !isFailing(host), backend) && !isServedThrough(this::isFailing, backend);
    }

    private boolean isFailing(String proxyHost) {
        return scene.proxies().stream().anyMatch(p -> p.host().equals(proxyHost));
    }

    private boolean isServedThrough(Predicate<String> proxyHosts, Backend backend) {
        long from = scene.burst().startedAt() + Scene.STAMP_MILLIS;
        return scene.isServedAt(backend.endpoint().address(), proxyHosts, from, scene.lastFailureOfTrouble());
    }

    /// Whether the proxy's kernel has given up looking for the host on its network: only after it has asked in
    /// vain for a while does it say that there is no way there.
    private boolean isNeighbourLost() {
        return isLate(Ids.NO_ROUTE);
    }

    /// Whether the first connection was refused only after others had got no answer for a while. A firewall
    /// that refuses does so from the first packet on. Through HAProxy it may look late as well: that one tries
    /// four times, and the kernel sends few refusals a second.
    boolean isRefusedLate() {
        return isLate(Ids.REFUSED) || isLate(Ids.NO_ROUTE);
    }

    private boolean isLate(Set<String> ids) {
        OptionalLong first = scene.seen().stream()
                .map(Seen::sighting)
                .filter(s -> ids.contains(s.id()) && s.lastAt() >= scene.troubleAt())
                .mapToLong(Sighting::firstAt)
                .min();
        return first.isPresent() && first.getAsLong() - scene.troubleAt() >= LOST_AFTER_MILLIS;
    }

    /// Whether the server's whole host is out of reach, and not only its port.
    boolean isHostOutOfReach(Backend backend) {
        return isNeighbourLost() || !silentPorts(backend).isEmpty();
    }

    /// The lines of a HAProxy whose health checks got no answer from any other port of the server's host either; empty
    /// if one did, or if none checks another port.
    List<Finding.Proof> silentPorts(Backend backend) {
        Map<String, List<Check>> byProxy = scene
                .hosts()
                .checks()
                .beside(backend.endpoint().address())
                .stream()
                .collect(Collectors.groupingBy(Check::proxyHost, TreeMap::new, Collectors.toList()));
        return byProxy.values().stream()
                .filter(checks -> checks.stream().allMatch(this::isUnanswered))
                .findFirst()
                .map(checks -> checks.stream()
                        .flatMap(this::unanswered)
                        .sorted(Comparator.comparingLong(line -> line.event().at()))
                        .toList())
                .orElse(List.of());
    }

    /// Whether the server's host is known to answer: now and then a request gets through, or HAProxy checks another of
    /// its ports, had time to notice that it does not answer, and says nothing of the kind.
    boolean isHostAnswering(Backend backend) {
        boolean longEnough = scene.burst().lastFailureAt() - scene.troubleAt() >= NOTICED_MILLIS;
        return isServedThrough(this::isFailing, backend)
                || (longEnough
                        && scene.hosts().checks().beside(backend.endpoint().address()).stream()
                                .anyMatch(check -> isHeard(check.proxyHost()) && !isUnanswered(check)));
    }

    private boolean isHeard(String haproxyHost) {
        return scene.hosts().byName(haproxyHost).flatMap(HostView::history).stream()
                .flatMap(history -> history.facts().watermarks().stream())
                .anyMatch(mark -> mark.source() == SourceKind.HAPROXY
                        && mark.readUpTo().toEpochMilli() >= scene.troubleAt() + NOTICED_MILLIS);
    }

    private boolean isUnanswered(Check check) {
        return unanswered(check).findAny().isPresent();
    }

    /// The lines that say that a check got no answer at about the time of the trouble.
    private Stream<Finding.Proof> unanswered(Check check) {
        return scene.hosts().byName(check.proxyHost()).stream()
                .flatMap(proxy -> scene.events(proxy)
                        .filter(e -> e.at() >= scene.troubleAt() - Scene.SKEW_MILLIS)
                        .filter(e -> e.signal() instanceof Signal.ServerState state
                                && state.isOutOfReach()
                                && state.upstream().equals(check.upstream())
                                && state.server().equals(check.server()))
                        .map(e -> new Finding.Proof(proxy.name(), e)));
    }
}
