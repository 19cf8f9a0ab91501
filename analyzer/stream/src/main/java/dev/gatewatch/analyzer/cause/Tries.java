package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.burst.FailedTry;
import dev.gatewatch.analyzer.burst.Seen;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Counts failed tries by what they say of the mechanism. Where only health checks speak, since the proxy
/// takes the server out at once, their reason stands for it.
final class Tries {
    private static final String TLS_CHECK = "tls_check_failed";
    private static final String TLS_CHECK_TIMEOUT = "tls_check_timeout";

    /// HAProxy's reasons of health checks, and the signal that a request would have given.
    private static final Map<String, String> OF_CHECK = Map.of(
            "Layer4 connection problem", "connect_refused",
            "Layer4 timeout", "connect_timeout",
            "Layer6 invalid response", TLS_CHECK,
            "Layer6 timeout", TLS_CHECK_TIMEOUT,
            "Layer7 timeout", "server_timeout_header");

    private Tries() {}

    /// Counts the failed tries since a moment whose mechanism is one of these.
    static long count(List<Seen> seen, long from, Predicate<String> ids) {
        List<Seen> newer =
                seen.stream().filter(s -> s.sighting().lastAt() >= from).toList();
        List<Seen> requests = newer.stream()
                .filter(s -> namesMechanism(s.sighting().signal()))
                .toList();
        boolean onlyChecksSpeak = requests.stream()
                .allMatch(s -> Ids.NO_SERVER.contains(s.sighting().id()));
        long sum = requests.stream()
                .filter(s -> ids.test(mechanism(s, newer)))
                .mapToLong(s -> s.sighting().count())
                .sum();
        return onlyChecksSpeak
                ? sum
                        + newer.stream()
                                .filter(s -> !ofCheck(s).isEmpty() && ids.test(ofCheck(s)))
                                .mapToLong(s -> s.sighting().count())
                                .sum()
                : sum;
    }

    /// What a line says of the mechanism. HAProxy says the same of a refused connection and of a failed TLS
    /// handshake; the health check of the same server knows better.
    private static String mechanism(Seen seen, List<Seen> all) {
        String id = seen.sighting().id();
        if (!id.equals("connect_failed")) {
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
                .filter(check -> check.equals(TLS_CHECK) || check.equals(TLS_CHECK_TIMEOUT))
                .findFirst()
                .orElse(id);
    }

    private static String ofCheck(Seen seen) {
        return seen.sighting().signal() instanceof Signal.ServerState state
                ? OF_CHECK.getOrDefault(state.reason(), "")
                : "";
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
