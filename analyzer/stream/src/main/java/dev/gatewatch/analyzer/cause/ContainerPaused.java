package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.host.FactsHistory.ContainerSighting;
import java.util.List;
import java.util.Optional;

/// The container was paused: the kernel takes connections for it, and nobody answers them. The runtime writes nothing
/// of it, only its state tells.
final class ContainerPaused implements Cause {
    @Override
    public List<Id> ids() {
        return List.of(Slow.UNRESPONSIVE);
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        return scene.tries().mostly(Ids.READ_TIMEOUT, Ids.CONNECT_TIMEOUT)
                        || scene.tries().count(Ids.NO_SERVER) > 0
                ? scene.firstOf(
                        backend -> backend.workload() == null ? Optional.empty() : examine(scene, backend.workload()))
                : Optional.empty();
    }

    private static Optional<Finding> examine(Scene scene, Workload workload) {
        String host = workload.host().name();
        return ContainerLife.of(scene, workload)
                .during()
                .map(ContainerSighting::state)
                .filter(state -> state.state().equals("paused"))
                .map(state -> Finding.of(
                                Slow.UNRESPONSIVE,
                                workload.tied() ? Strength.PROVED : Strength.LIKELY,
                                workload.label() + " on " + host + " is paused")
                        .at(host, workload.label()));
    }
}
