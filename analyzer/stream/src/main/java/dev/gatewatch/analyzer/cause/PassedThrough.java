package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.wire.SourceKind;
import java.util.List;
import java.util.Optional;

/// The server itself answered 502, 503 or 504, and the proxy passed it on.
final class PassedThrough implements Cause {
    static final Id ID = new Id("app_error", "passed_through");

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
        String label = scene.worst().map(Backend::who).orElse("the server");
        if (scene.burst().passed() * 2 > scene.burst().failures()) {
            return Optional.of(Culprits.backend(
                    scene.isToldByRelaysOnly()
                            ? Finding.of(
                                    ID,
                                    Strength.POSSIBLE,
                                    label + " is a proxy that answered with these errors, but its own lines about"
                                            + " them are not here")
                            : Finding.of(
                                    ID,
                                    Strength.PROVED,
                                    label + " itself answered with these errors, and the proxy passed them on"),
                    scene));
        }
        return scene.tries().isWithoutMechanism() && proxiesShipTheirErrors(scene)
                ? Optional.of(Culprits.backend(
                        Finding.of(
                                ID,
                                Strength.LIKELY,
                                "the proxy's error log has no line about these requests, so " + label
                                        + " itself answered with these errors"),
                        scene))
                : Optional.empty();
    }

    private static boolean proxiesShipTheirErrors(Scene scene) {
        return !scene.proxies().isEmpty()
                && scene.proxies().stream()
                        .allMatch(p -> p.kind().equals("nginx")
                                && scene.hosts()
                                        .byName(p.host())
                                        .map(h -> h.ships(SourceKind.NGINX_ERROR))
                                        .orElse(false));
    }
}
