package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.wire.HostFacts;
import java.util.List;
import java.util.Optional;

/// The server runs, but takes connections on its host's loopback only, and the proxy is on another host.
final class BoundToLoopback implements Cause {
    static final Id ID = new Id("wrong_upstream", "bound_to_loopback");

    @Override
    public List<Id> ids() {
        return List.of(ID);
    }

    @Override
    public boolean standsAlone() {
        return true;
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        return scene.tries().mostly(Ids.REFUSED)
                ? scene.backends().stream()
                        .flatMap(backend -> backend
                                .loopbackOnly(scene.troubleAt(), scene.burst().lastFailureAt())
                                .filter(listener -> isSameService(backend, listener))
                                .map(listener -> finding(backend, listener))
                                .stream())
                        .findFirst()
                : Optional.empty();
    }

    /// Another program that has the port keeps the server from starting: that is another cause.
    private static boolean isSameService(Backend backend, HostFacts.Listener listener) {
        return backend.unit() == null || !backend.tied() || listener.unit().equals(backend.unit());
    }

    private static Finding finding(Backend backend, HostFacts.Listener listener) {
        String owner = owner(listener);
        String who = owner.isEmpty() ? listener.process() : owner;
        return Finding.of(
                        ID,
                        Strength.PROVED,
                        who + " on " + backend.hostName() + " listens on " + listener.address() + " only, so that "
                                + backend.label() + " is refused")
                .at(backend.hostName(), owner.isEmpty() ? null : owner);
    }

    /// The container rather than the unit of the runtime's proxy.
    private static String owner(HostFacts.Listener listener) {
        HostFacts.Container container = listener.container();
        return container == null || container.name().isEmpty() ? listener.unit() : container.name();
    }
}
