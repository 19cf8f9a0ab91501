package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.host.HostView;
import dev.gatewatch.analyzer.host.SocketAddressText;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The server's host is gone, or the network between.
final class HostUnreachable implements Cause {
    static final Id HOST_DOWN = new Id("host_unreachable", "host_down");
    static final Id LINK_DOWN = new Id("host_unreachable", "link_down");
    static final Id PARTITION = new Id("host_unreachable", "partition");

    /// How long an agent may be silent before its host counts as gone, in milliseconds: two of its reports
    /// and a little more.
    private static final long AGENT_SILENT_MILLIS = 13_000;

    /// How long before the last failure the host may be back, in milliseconds; the longer it is, the less of
    /// the silence is looked at.
    private static final long BACK_MILLIS = 5_000;

    private static final Set<String> LINK = Set.of("link_down", "tx_timeout");
    private static final Set<String> LINK_UP = Set.of("link_up");

    @Override
    public List<Id> ids() {
        return List.of(LINK_DOWN, HOST_DOWN, PARTITION);
    }

    @Override
    public boolean standsAlone() {
        return true;
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        return scene.tries().mostly(Ids.CONNECT_TIMEOUT, Ids.NO_ROUTE)
                ? scene.worst()
                        .flatMap(backend -> link(scene, backend)
                                .or(() -> down(scene, backend))
                                .or(() -> partition(scene))
                                .or(() -> cutOff(scene, backend))
                                .or(() -> suspected(scene, backend)))
                : Optional.empty();
    }

    /// Several hosts are out of reach at once, and all of them are well.
    private static Optional<Finding> partition(Scene scene) {
        return Reach.of(scene).isPartitioned()
                ? Optional.of(Culprits.proxy(
                                Finding.of(
                                        PARTITION,
                                        Strength.LIKELY,
                                        "no connection to any of "
                                                + scene.backends().stream()
                                                        .map(Backend::label)
                                                        .sorted()
                                                        .collect(Collectors.joining(", "))
                                                + " is made, though all of them listen and no firewall was changed"),
                                scene)
                        .onHost())
                : Optional.empty();
    }

    private static Optional<Finding> link(Scene scene, Backend backend) {
        List<Finding.Proof> lines = Stream.concat(
                        scene.proxyEvents(e -> LINK.contains(e.id())),
                        Stream.ofNullable(backend.host())
                                .flatMap(host -> scene.events(host)
                                        .filter(e -> LINK.contains(e.id()))
                                        .map(e -> new Finding.Proof(host.name(), e))))
                .filter(line -> !isUpBeforeTrouble(line, scene))
                .toList();
        return lines.stream()
                .findFirst()
                .map(first -> Finding.of(
                                LINK_DOWN,
                                isUnused(first.host(), scene) ? Strength.POSSIBLE : Strength.PROVED,
                                "a network link of " + first.host() + " went down "
                                        + Wording.beforeTrouble(first.event().at(), scene))
                        .at(first.host(), null)
                        .provedBy(first.host(), List.of(first.event())));
    }

    private static boolean isUpBeforeTrouble(Finding.Proof down, Scene scene) {
        return scene.hosts().byName(down.host()).stream()
                .flatMap(scene::events)
                .anyMatch(e -> LINK_UP.contains(e.id())
                        && device(e).equals(device(down.event()))
                        && e.at() > down.event().at()
                        && e.at() <= scene.troubleAt());
    }

    private static String device(HostEvent event) {
        return event.signal() instanceof Signal.KernelEvent kernel ? kernel.detail() : "";
    }

    /// Whether the link is one that these requests do not take: a proxy on that host went on serving others.
    private static boolean isUnused(String host, Scene scene) {
        return scene.isServedBy(
                host,
                scene.burst().startedAt() + Scene.STAMP_MILLIS,
                scene.lastFailureOfTrouble() - Scene.STAMP_MILLIS);
    }

    /// Nothing answers at any port of the host, or nobody on the network has its address any more.
    private static Optional<Finding> cutOff(Scene scene, Backend backend) {
        Reach reach = Reach.of(scene);
        if (!reach.isHostOutOfReach(backend)) {
            return Optional.empty();
        }
        List<Finding.Proof> checks = reach.silentPorts(backend);
        HostView host = backend.host();
        String name = host == null ? SocketAddressText.host(backend.endpoint().address()) : host.name();
        String because = (checks.isEmpty()
                        ? "connections to " + backend.label() + " got no answer, and then the network had no way to "
                                + name + " any more"
                        : "nothing answers at " + backend.label() + ", nor at any other port of " + name
                                + " that the health checks of "
                                + checks.getFirst().host() + " try")
                + (host == null ? "" : ", though it runs");
        Id withAgent = reach.isReachedByOthers(backend) ? PARTITION : LINK_DOWN;
        Finding finding = Finding.of(host == null ? HOST_DOWN : withAgent, Strength.LIKELY, because)
                .at(backend.hostName(), null);
        return Optional.of(
                checks.isEmpty()
                        ? finding
                        : finding.provedBy(
                                checks.getFirst().host(),
                                checks.stream().map(Finding.Proof::event).toList()));
    }

    /// Nothing says why connections get no answer: the way to the host may be gone as well as a firewall stand there.
    private static Optional<Finding> suspected(Scene scene, Backend backend) {
        Reach reach = Reach.of(scene);
        if (!scene.tries().isSilent()
                || backend.listening() != Backend.Listening.YES
                || !scene.firewallChanges(backend).isEmpty()
                || reach.isHostAnswering(backend)) {
            return Optional.empty();
        }
        return Optional.of(
                reach.isReachedByOthers(backend)
                        ? Culprits.proxy(
                                        Finding.of(
                                                PARTITION,
                                                Strength.POSSIBLE,
                                                "another proxy reaches " + backend.label()
                                                        + " all the time, so something stands between"),
                                        scene)
                                .onHost()
                        : Finding.of(
                                        LINK_DOWN,
                                        Strength.POSSIBLE,
                                        "connections to " + backend.label()
                                                + " get no answer, and nothing tells whether any other port would give one")
                                .at(backend.hostName(), null));
    }

    private static Optional<Finding> down(Scene scene, Backend backend) {
        HostView host = backend.host();
        if (host == null) {
            return Optional.empty();
        }
        long last = scene.burst().lastFailureAt();
        boolean silent = last - scene.troubleAt() >= AGENT_SILENT_MILLIS
                && host.history()
                        .map(h -> !h.sightings().isEmpty()
                                && !h.reportedWithin(scene.troubleAt() + 1_000, last - BACK_MILLIS))
                        .orElse(false);
        boolean spoke = scene.events(host)
                .anyMatch(
                        e -> e.at() > scene.troubleAt() + Scene.SKEW_MILLIS && e.at() < last - AGENT_SILENT_MILLIS / 2);
        return !silent || spoke
                ? Optional.empty()
                : Optional.of(Finding.of(
                                HOST_DOWN,
                                Strength.LIKELY,
                                host.name() + " does not answer, and its agent was silent while requests failed")
                        .at(host.name(), null));
    }
}
