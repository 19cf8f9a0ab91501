package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.host.HostEvent;

/// Who has to repair it.
final class Culprits {
    /// How long before trouble a change counts as its reason, in milliseconds.
    private static final long CHANGE_MILLIS = 60_000;

    private Culprits() {}

    /// The finding with the proxy as the place to repair.
    static Finding proxy(Finding finding, Scene scene) {
        return scene.proxies().stream()
                .findFirst()
                .filter(p -> !p.kind().equals("alb")) // it has no host and no unit
                .map(p -> finding.at(
                        p.host(),
                        scene.hosts()
                                .byName(p.host())
                                .map(h -> h.proxyUnit(p.kind()))
                                .orElse(p.kind() + ".service")))
                .orElse(finding);
    }

    /// The finding with the worst server as the place to repair.
    static Finding backend(Finding finding, Scene scene) {
        return scene.worst().map(b -> finding.at(b.hostName(), b.servedBy())).orElse(finding);
    }

    /// The finding with the side as the place to repair that changed last before trouble began; the given one
    /// if none did.
    static Finding whoChanged(Finding finding, Scene scene, boolean proxyByDefault) {
        long reloadAt = scene.reload(CHANGE_MILLIS).map(p -> p.event().at()).orElse(Long.MIN_VALUE);
        long startAt = scene.worst().stream()
                .flatMap(scene::unitEvents)
                .filter(e -> e.id().equals("unit_started") && e.at() >= scene.troubleAt() - CHANGE_MILLIS)
                .filter(e -> e.at() <= scene.troubleAt() + Scene.SKEW_MILLIS)
                .mapToLong(HostEvent::at)
                .max()
                .orElse(Long.MIN_VALUE);
        boolean proxy = reloadAt == startAt ? proxyByDefault : reloadAt > startAt;
        return proxy ? proxy(finding, scene) : backend(finding, scene);
    }
}
