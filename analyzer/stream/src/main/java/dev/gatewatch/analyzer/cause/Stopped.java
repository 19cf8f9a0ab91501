package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Somebody stopped the failing server's unit, or restarted it and it was away for a while.
final class Stopped implements Cause {
    static final Id CLEAN_STOP = new Id("backend_down", "clean_stop");
    static final Id DEPLOY_RESTART = new Id("backend_down", "deploy_restart");

    /// Health checks that get as far as TLS: something listens.
    private static final Set<String> CONNECTED = Set.of("tls_check_failed", "tls_check_timeout");

    /// How long a server that listens again may still fail because of its restart, in milliseconds.
    private static final long START_MILLIS = 8_000;

    /// A stop and a start within this time are one restart, as of a deployment, in milliseconds.
    private static final long DEPLOY_MILLIS = 10_000;

    @Override
    public List<Id> ids() {
        return List.of(CLEAN_STOP, DEPLOY_RESTART);
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        if (!scene.tries().mostly(Ids.REFUSED, Ids.CUT_OFF, Ids.UNIX_GONE, Ids.CONNECT_TIMEOUT)
                && (scene.tries().count(Ids.NO_SERVER) == 0 || scene.tries().mostly(CONNECTED))) {
            return Optional.empty();
        }
        return scene.firstOfUnits((backend, life) -> examine(scene, backend, life));
    }

    private static Optional<Finding> examine(Scene scene, Backend backend, UnitLife life) {
        Optional<HostEvent> stop = life.stopBefore(scene.troubleAt());
        if (stop.isEmpty() || !(stop.get().signal() instanceof Signal.UnitEvent unit)) {
            return Optional.empty();
        }
        Optional<HostEvent> start = life.startAfter(stop.get().at());
        boolean startedSoon = start.isPresent()
                && start.get().at() - stop.get().at() <= DEPLOY_MILLIS
                && life.all(Set.of("unit_stopped")).size() == 1;
        boolean restart = unit.job().equals("restart") || startedSoon;
        boolean undoneBefore = start.isPresent()
                && start.get().at() < scene.troubleAt() - Scene.SKEW_MILLIS
                && !unit.job().equals("restart");
        boolean listensAgain = backend.listening() == Backend.Listening.YES
                && start.map(s -> scene.burst().lastFailureAt() - s.at() > START_MILLIS)
                        .orElse(false);
        boolean cutOffSince = listensAgain && scene.tries().mostly(Ids.CUT_OFF); // what is away refuses
        boolean elsewhere = scene.tries().mostly(Ids.UNIX_GONE)
                && start.map(s -> backend.listensElsewhereSince(
                                s.at(), scene.burst().lastFailureAt()))
                        .orElse(false);
        if (undoneBefore || cutOffSince || elsewhere || servedAfter(backend, start, scene)) {
            return Optional.empty();
        }
        String because = backend.who() + " was " + (restart ? "restarted " : "stopped ")
                + Wording.beforeTrouble(life.stopAskedAt(stop.get()), scene)
                + start.map(s -> " and started again at " + Wording.clock(s.at()))
                        .orElse("");
        return Optional.of(Finding.of(
                        restart ? DEPLOY_RESTART : CLEAN_STOP,
                        backend.tied() && !listensAgain ? Strength.PROVED : Strength.LIKELY,
                        because)
                .at(backend, life.all(Set.of("unit_stopping", "unit_success", "unit_stopped", "unit_started"))));
    }

    /// A start before trouble began, and answers after it: then the stop is not why.
    private static boolean servedAfter(Backend backend, Optional<HostEvent> start, Scene scene) {
        long served = backend.endpoint().lastServedAt();
        return start.isPresent()
                && start.get().at() < scene.troubleAt()
                && served > start.get().at()
                && served < scene.troubleAt();
    }
}
