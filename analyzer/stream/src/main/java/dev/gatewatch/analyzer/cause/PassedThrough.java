package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
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
    public Optional<Finding> examine(Scene scene) {
        if (scene.burst().passed() * 2 <= scene.burst().failures()) {
            return Optional.empty();
        }
        String label = scene.worst().map(Backend::who).orElse("the server");
        return Optional.of(Culprits.backend(
                Finding.of(
                        ID,
                        Strength.PROVED,
                        label + " itself answered with these errors, and the proxy passed them on"),
                scene));
    }
}
