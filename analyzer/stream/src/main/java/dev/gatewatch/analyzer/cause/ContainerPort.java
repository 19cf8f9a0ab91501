package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.host.FactsHistory.ContainerSighting;
import dev.gatewatch.analyzer.host.SocketAddressText;
import dev.gatewatch.wire.HostFacts.ContainerState;
import java.util.List;
import java.util.Optional;

/// The container runs, but not where the proxy looks for it: it is published elsewhere, or its program listens on
/// another port than the published one, or on the container's loopback only. The runtime's own proxy has the port on
/// the host all the same, so the host's sockets do not show it.
final class ContainerPort implements Cause {
    /// How long a program may take until it listens, in milliseconds.
    private static final long START_MILLIS = 5_000;

    @Override
    public List<Id> ids() {
        return List.of(WrongUpstream.WRONG_PORT, BoundToLoopback.ID);
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        return scene.tries().mostly(Ids.REFUSED, Ids.CUT_OFF)
                ? scene.firstOf(backend ->
                        backend.workload() == null ? Optional.empty() : examine(scene, backend, backend.workload()))
                : Optional.empty();
    }

    private static Optional<Finding> examine(Scene scene, Backend backend, Workload workload) {
        return ContainerLife.of(scene, workload)
                .during()
                .filter(s -> ContainerLife.isRunning(s.state()))
                .filter(s -> s.last().toEpochMilli() >= ContainerLife.startedAt(s.state()) + START_MILLIS)
                .filter(s -> s.last().toEpochMilli() >= scene.troubleAt())
                .flatMap(s -> published(backend, workload, s).or(() -> inside(backend, workload, s.state())));
    }

    private static Optional<Finding> published(Backend backend, Workload workload, ContainerSighting sighting) {
        List<PublishedPort> ports =
                sighting.state().published().stream().map(PublishedPort::of).toList();
        if (ports.isEmpty()
                || ports.stream().anyMatch(p -> p.accepts(backend.endpoint().address()))) {
            return Optional.empty();
        }
        boolean loopback = ports.stream().anyMatch(p -> p.isOnLoopback() && p.port() == backend.port());
        return Optional.of(finding(
                loopback ? BoundToLoopback.ID : WrongUpstream.WRONG_PORT,
                workload,
                " is published as " + String.join(", ", sighting.state().published()) + ", not on " + backend.label()));
    }

    private static Optional<Finding> inside(Backend backend, Workload workload, ContainerState state) {
        List<String> listening = state.listening();
        Optional<PublishedPort> port = state.published().stream()
                .map(PublishedPort::of)
                .filter(p -> p.inside() > 0 && p.accepts(backend.endpoint().address()))
                .findFirst();
        if (listening == null || listening.isEmpty() || port.isEmpty()) {
            return Optional.empty();
        }
        List<String> ofPort = listening.stream()
                .filter(l -> SocketAddressText.port(l) == port.get().inside())
                .toList();
        if (ofPort.stream().anyMatch(l -> !SocketAddressText.isLoopback(l))) {
            return Optional.empty();
        }
        return Optional.of(finding(
                ofPort.isEmpty() ? WrongUpstream.WRONG_PORT : BoundToLoopback.ID,
                workload,
                " listens on " + String.join(", ", listening) + " inside, while "
                        + port.get().outside() + " leads to its port "
                        + port.get().inside()));
    }

    private static Finding finding(Id id, Workload workload, String what) {
        String host = workload.host().name();
        return Finding.of(
                        id,
                        workload.tied() ? Strength.PROVED : Strength.LIKELY,
                        workload.label() + " on " + host + what)
                .at(host, workload.label());
    }
}
