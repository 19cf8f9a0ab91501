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
public record Tries(Map<String, Long> byMechanism) {
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

    /// How many failed tries say one of these.
    public long count(Set<String> ids) {
        return count(ids::contains);
    }

    /// The share of failed tries that say one of these, 0 to 1. Lines that only say that no server was left
    /// do not count, since they are a consequence.
    public double share(Set<String> ids) {
        long all = count(id -> !Ids.NO_SERVER.contains(id));
        return all == 0 ? 0 : (double) count(ids) / all;
    }

    /// Whether at least half of the failed tries say one of these; the groups have no id in common.
    @SafeVarargs
    public final boolean mostly(Set<String>... ids) {
        double share = 0;
        for (Set<String> group : ids) {
            share += share(group);
        }
        return share >= 0.5;
    }

    /// Whether no line says what went wrong with any request, beyond its status.
    public boolean isWithoutMechanism() {
        return count(id -> true) == 0;
    }

    /// Whether connections are mostly refused.
    public boolean isRefused() {
        return mostly(Ids.REFUSED, Ids.NO_ROUTE, Ids.UNIX_GONE);
    }

    /// Whether connecting mostly times out.
    public boolean isSilent() {
        return mostly(Ids.CONNECT_TIMEOUT);
    }

    /// Whether answers mostly do not come in time.
    public boolean isSlow() {
        return mostly(Ids.READ_TIMEOUT);
    }

    /// Whether connections are mostly closed without an answer.
    public boolean isCutOff() {
        return mostly(Ids.CUT_OFF);
    }

    /// How many there are whose mechanism is one of these.
    private long count(Predicate<String> ids) {
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
