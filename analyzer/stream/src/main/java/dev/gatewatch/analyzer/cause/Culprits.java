package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.host.HostEvent;
import java.util.function.Predicate;

/// Who has to repair it.
final class Culprits {
    /// How long before trouble a change counts as its reason, in milliseconds.
    private static final long CHANGE_MILLIS = 60_000;

    private static final long NEVER = Long.MIN_VALUE;

    private Culprits() {}

    /// The finding with the proxy as the place to repair.
    static Finding proxy(Finding finding, Scene scene) {
        return proxy(finding, scene, p -> true);
    }

    /// The finding with the proxy on this host as the place to repair.
    static Finding proxyOn(String host, Finding finding, Scene scene) {
        return proxy(finding, scene, p -> p.host().equals(host));
    }

    private static Finding proxy(Finding finding, Scene scene, Predicate<Scene.Proxy> which) {
        return scene.proxies().stream()
                .filter(which)
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
        long reload = reloadAt(scene);
        long start = startAt(scene);
        boolean proxy = reload == start ? proxyByDefault : reload > start;
        return proxy ? proxyThatChanged(finding, scene) : backend(finding, scene);
    }

    private static Finding proxyThatChanged(Finding finding, Scene scene) {
        return scene.reload(CHANGE_MILLIS)
                .map(reload -> proxyOn(reload.host(), finding, scene))
                .orElseGet(() -> proxy(finding, scene));
    }

    /// Whether the proxy or the worst server was started or configured anew just before trouble began.
    static boolean isOneChanged(Scene scene) {
        return Math.max(reloadAt(scene), startAt(scene)) > NEVER;
    }

    private static long reloadAt(Scene scene) {
        return scene.reload(CHANGE_MILLIS).map(p -> p.event().at()).orElse(NEVER);
    }

    private static long startAt(Scene scene) {
        return scene.worst().stream()
                .flatMap(scene::unitEvents)
                .filter(e -> e.id().equals("unit_started") && e.at() >= scene.troubleAt() - CHANGE_MILLIS)
                .filter(e -> e.at() <= scene.troubleAt() + Scene.SKEW_MILLIS)
                .mapToLong(HostEvent::at)
                .max()
                .orElse(NEVER);
    }
}
