package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.burst.FailedTry;
import dev.gatewatch.analyzer.burst.Seen;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Counts failed tries by what they say of the mechanism. Where only health checks speak, since the proxy takes the
/// server out at once, their reason stands for it.
final class Tries {
    /// HAProxy's reasons of health checks, and the signal that a request would have given.
    private static final Map<String, String> OF_CHECK = Map.of(
            "Layer4 connection problem", "connect_refused",
            "Layer4 timeout", "connect_timeout",
            "Layer6 invalid response", "tls_check_failed",
            "Layer6 timeout", "tls_check_failed",
            "Layer7 timeout", "server_timeout_header");

    private Tries() {}

    static long count(List<Seen> seen, long from, Predicate<String> ids) {
        List<Seen> newer =
                seen.stream().filter(s -> s.sighting().lastAt() >= from).toList();
        long requests = newer.stream()
                .filter(s -> namesMechanism(s.sighting().signal())
                        && ids.test(s.sighting().id()))
                .mapToLong(s -> s.sighting().count())
                .sum();
        boolean onlyChecksSpeak = newer.stream()
                .filter(s -> namesMechanism(s.sighting().signal()))
                .allMatch(s -> Ids.NO_SERVER.contains(s.sighting().id()));
        if (!onlyChecksSpeak) {
            return requests;
        }
        return requests
                + newer.stream()
                        .filter(s -> s.sighting().signal() instanceof Signal.ServerState state
                                && ids.test(OF_CHECK.getOrDefault(state.reason(), "")))
                        .mapToLong(s -> s.sighting().count())
                        .sum();
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
