package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.burst.Seen;
import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The proxy had no server to try, and its own health checks or an operator took them out.
final class TakenOut implements Cause {
    static final Id MAINTENANCE = new Id("backend_down", "maintenance");
    static final Id HEALTH_CHECK_FAILING = new Id("backend_down", "health_check_failing");

    private static final Set<String> BY_OPERATOR = Set.of("server_maint", "server_drain");
    private static final Set<String> BY_CHECK = Set.of("server_down", "health_check_failed");

    /// A server that lets even health checks wait hangs: that is another cause.
    private static final String HANGS = "Layer7 timeout";

    @Override
    public List<Id> ids() {
        return List.of(MAINTENANCE, HEALTH_CHECK_FAILING);
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        if (scene.tries(Ids.NO_SERVER) == 0) {
            return Optional.empty();
        }
        return last(scene, BY_OPERATOR)
                .map(s -> Culprits.proxy(
                        Finding.of(
                                MAINTENANCE,
                                Strength.PROVED,
                                s.sighting().target().upstream() + "/" + name(s)
                                        + " was taken out of service by an operator at "
                                        + Wording.clock(s.sighting().firstAt())),
                        scene))
                .or(() -> last(scene, BY_CHECK)
                        .filter(s -> s.sighting().signal() instanceof Signal.ServerState state
                                && state.reason().startsWith("Layer7")
                                && !state.reason().equals(HANGS))
                        .map(s -> Culprits.backend(
                                Finding.of(
                                        HEALTH_CHECK_FAILING,
                                        Strength.PROVED,
                                        "the health check of "
                                                + s.sighting().target().upstream() + "/" + name(s) + " fails ("
                                                + ((Signal.ServerState)
                                                                s.sighting().signal())
                                                        .reason() + ")"),
                                scene)));
    }

    private static Optional<Seen> last(Scene scene, Set<String> ids) {
        return scene.seen().stream()
                .filter(s -> ids.contains(s.sighting().id()))
                .max(Comparator.comparingLong(s -> s.sighting().lastAt()));
    }

    private static String name(Seen seen) {
        return seen.sighting().target().server();
    }
}
