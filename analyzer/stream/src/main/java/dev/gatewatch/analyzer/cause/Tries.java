package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.burst.FailedTry;
import dev.gatewatch.analyzer.burst.Seen;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// Counts failed tries by what they say of the mechanism. Where only health checks speak, since the proxy
/// takes the server out at once, their reason stands for it.
///
/// @param byMechanism how many failed, by the id of the signal that names the mechanism
record Tries(Map<String, Long> byMechanism) {
    private static final String TLS_CHECK = "tls_check_failed";
    private static final String TLS_CHECK_TIMEOUT = "tls_check_timeout";

    /// HAProxy's reasons of health checks, and the signal that a request would have given.
    private static final Map<String, String> OF_CHECK = Map.of(
            "Layer4 connection problem", "connect_refused",
            "Layer4 timeout", "connect_timeout",
            "Layer6 invalid response", TLS_CHECK,
            "Layer6 timeout", TLS_CHECK_TIMEOUT,
            "Layer7 timeout", "server_timeout_header");

    /// The same for what the kernel says of a socket, as HAProxy quotes it.
    private static final Map<String, String> OF_SOCKET = Map.of(
            "(Permission denied)", "unix_denied",
            "(No such file or directory)", "unix_missing");

    /// What a line about a request says in one way, and a check tells apart.
    private static final Set<String> KNOWN_BETTER = Set.of(TLS_CHECK, TLS_CHECK_TIMEOUT, "unix_denied", "unix_missing");

    /// The failed tries since a moment.
    static Tries since(long from, List<Seen> seen) {
        List<Seen> newer =
                seen.stream().filter(s -> s.sighting().lastAt() >= from).toList();
        List<Seen> requests = newer.stream()
                .filter(s -> namesMechanism(s.sighting().signal()))
                .toList();
        boolean onlyChecksSpeak = requests.stream()
                .allMatch(s -> Ids.NO_SERVER.contains(s.sighting().id()));
        Map<String, Long> counts = new HashMap<>();
        requests.forEach(s -> counts.merge(mechanism(s, newer), s.sighting().count(), Long::sum));
        if (onlyChecksSpeak) {
            newer.stream()
                    .filter(s -> !ofCheck(s).isEmpty())
                    .forEach(s -> counts.merge(ofCheck(s), s.sighting().count(), Long::sum));
        }
        return new Tries(counts);
    }

    /// How many there are whose mechanism is one of these.
    long count(Predicate<String> ids) {
        return byMechanism.entrySet().stream()
                .filter(entry -> ids.test(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /// What a line says of the mechanism. HAProxy says the same of a refused connection, of a failed TLS
    /// handshake and of a socket that it cannot open, and the same of a connection and of a handshake that do
    /// not come about in time; the health check of the same server knows better.
    private static String mechanism(Seen seen, List<Seen> all) {
        String id = seen.sighting().id();
        if (!id.equals("connect_failed") && !id.equals("connect_timeout")) {
            return id;
        }
        return all.stream()
                .filter(s -> s.host().equals(seen.host())
                        && s.sighting()
                                .target()
                                .server()
                                .equals(seen.sighting().target().server())
                        && s.sighting()
                                .target()
                                .upstream()
                                .equals(seen.sighting().target().upstream()))
                .map(Tries::ofCheck)
                .filter(KNOWN_BETTER::contains)
                .findFirst()
                .orElse(id);
    }

    private static String ofCheck(Seen seen) {
        if (!(seen.sighting().signal() instanceof Signal.ServerState state)) {
            return "";
        }
        return state.reason().equals("Socket error")
                ? OF_SOCKET.entrySet().stream()
                        .filter(of -> state.info().contains(of.getKey()))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse("")
                : OF_CHECK.getOrDefault(state.reason(), "");
    }

    /// Whether a line says what went wrong with a try, beyond that the request failed.
    private static boolean namesMechanism(Signal signal) {
        return switch (signal) {
            case Signal.Request request ->
                request.outcome() == Signal.Outcome.FAILED && !request.id().equals("status_5xx");
            case Signal.Trouble trouble -> FailedTry.isOne(trouble);
            default -> false;
        };
    }
}
