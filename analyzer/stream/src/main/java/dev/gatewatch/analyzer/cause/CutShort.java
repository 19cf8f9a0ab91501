package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import java.util.List;
import java.util.Optional;

/// The server closed connections without an answer, and nothing happened to its unit.
final class CutShort implements Cause {
    static final Id CLOSED_EARLY = new Id("bad_response", "closed_early");
    static final Id KEEPALIVE_RACE = new Id("bad_response", "keepalive_race");

    /// Share of a service's requests below which isolated resets look like a race between two idle timeouts.
    private static final double ISOLATED_SHARE = 0.05;

    @Override
    public List<Id> ids() {
        return List.of(KEEPALIVE_RACE, CLOSED_EARLY);
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        if (!scene.tries().mostly(Ids.CUT_OFF)) {
            return Optional.empty();
        }
        boolean unitIsSilent =
                scene.worst().map(b -> scene.unitEvents(b).findAny().isEmpty()).orElse(false);
        boolean isolated =
                scene.burst().failures() < ISOLATED_SHARE * scene.burst().requests();
        String label = scene.worst().map(Backend::who).orElse("the server");
        Finding finding = isolated && unitIsSilent
                ? Finding.of(
                        KEEPALIVE_RACE,
                        Strength.POSSIBLE,
                        "a few connections to " + label + " were closed while a request was on its way")
                : Finding.of(
                        CLOSED_EARLY,
                        unitIsSilent && scene.worst().map(Backend::tied).orElse(false)
                                ? Strength.LIKELY
                                : Strength.POSSIBLE,
                        label + " closes connections without an answer");
        return Optional.of(Culprits.backend(finding, scene));
    }
}
