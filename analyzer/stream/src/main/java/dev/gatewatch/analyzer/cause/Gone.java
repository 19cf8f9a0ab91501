package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Backend.Listening;
import dev.gatewatch.analyzer.cause.Finding.Strength;
import java.util.List;
import java.util.Optional;

/// The server refuses connections, or none is left to try and none listens, and nothing says why: the weakest of all
/// findings about a server that is down.
final class Gone implements Cause {
    static final Id CLEAN_STOP = Stopped.CLEAN_STOP;
    static final Id SOCKET_MISSING = new Id("backend_down", "unix_socket_missing");

    @Override
    public List<Id> ids() {
        return List.of(SOCKET_MISSING);
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        if (scene.tries().mostly(Ids.UNIX_GONE)) {
            return Optional.of(Culprits.backend(
                    Finding.of(
                            SOCKET_MISSING,
                            Strength.PROVED,
                            scene.worst().map(Backend::label).orElse("the server's socket") + " does not exist"),
                    scene));
        }
        boolean noServer = scene.tries().count(Ids.NO_SERVER) > 0
                && scene.backends().stream()
                        .allMatch(b -> b.listening() == Listening.GONE || b.listening() == Listening.NEVER);
        return scene.worst()
                .filter(b -> noServer
                        || (b.listening() == Listening.GONE && scene.tries().mostly(Ids.REFUSED, Ids.CUT_OFF)))
                .map(b -> Finding.of(CLEAN_STOP, Strength.POSSIBLE, because(b)).at(b.hostName(), b.unit()));
    }

    private static String because(Backend backend) {
        String since = backend.listening() == Listening.GONE ? " any more" : "";
        return backend.who().equals(backend.label())
                ? "nothing listens on " + backend.label() + since
                : backend.who() + " does not listen on " + backend.label() + since;
    }
}
