package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import java.util.List;

/// What may be behind a burst whose cause no line tells: the classes of causes that look like this from the
/// proxy.
final class Suspects {
    private static final Cause.Id RESET_BY_APP = new Cause.Id("bad_response", "closed_early");

    private Suspects() {}

    static List<Finding> of(Scene scene) {
        if (scene.tries().isRefused()) {
            String looks = "a refused connection looks the same from the proxy";
            return List.of(
                    possible(Stopped.CLEAN_STOP, looks),
                    possible(Crash.EXIT_ERROR, looks),
                    possible(WrongUpstream.WRONG_PORT, looks),
                    possible(Firewall.REJECT, looks));
        }
        if (scene.tries().isSilent()) {
            String looks = "a connection without answer looks the same from the proxy";
            return List.of(possible(Firewall.DROP, looks), possible(HostUnreachable.HOST_DOWN, looks));
        }
        if (scene.tries().isCutOff()) {
            String looks = "a closed connection looks the same from the proxy";
            return List.of(possible(Crash.EXIT_ERROR, looks), possible(RESET_BY_APP, looks));
        }
        return List.of();
    }

    private static Finding possible(Cause.Id id, String because) {
        return Finding.of(id, Strength.POSSIBLE, because);
    }
}
