package dev.gatewatch.analyzer.burst;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.SortedMap;
import java.util.TreeMap;

/// What one proxy said about one service within one second.
///
/// @param requests finished requests that a server should have answered, failed ones included
/// @param failed those that the proxy answered with 502, 503 or 504, by status
/// @param passed those whose 502, 503 or 504 came from a server, by status
/// @param masked those that a further try saved
/// @param tries failed tries of the error log, by the status that they lead to if no further try saves the
///     request
public record Counts(
        long requests,
        SortedMap<Integer, Long> failed,
        SortedMap<Integer, Long> passed,
        long masked,
        SortedMap<Integer, Long> tries) {
    static final Counts NONE = new Counts(0, new TreeMap<>(), new TreeMap<>(), 0, new TreeMap<>());

    Counts withRequests(Signal.Outcome outcome, int status, long count) {
        return switch (outcome) {
            case SERVED -> new Counts(requests + count, failed, passed, masked, tries);
            case FAILED -> new Counts(requests + count, plus(failed, status, count), passed, masked, tries);
            case PASSED_THROUGH -> new Counts(requests + count, failed, plus(passed, status, count), masked, tries);
            case MASKED -> new Counts(requests + count, failed, passed, masked + count, tries);
            case ASIDE -> this;
        };
    }

    Counts withTries(int status, long count) {
        return new Counts(requests, failed, passed, masked, plus(tries, status, count));
    }

    /// Failed requests by status. The access log decides; where there is none, each failed try counts.
    SortedMap<Integer, Long> failures(boolean accessLogged) {
        if (!accessLogged) {
            return tries;
        }
        TreeMap<Integer, Long> all = new TreeMap<>(failed);
        passed.forEach((status, count) -> all.merge(status, count, Long::sum));
        return all;
    }

    @JsonIgnore
    boolean isAccessLogged() {
        return requests > 0;
    }

    static long sum(SortedMap<Integer, Long> byStatus) {
        return byStatus.values().stream().mapToLong(Long::longValue).sum();
    }

    private static SortedMap<Integer, Long> plus(SortedMap<Integer, Long> byStatus, int status, long count) {
        TreeMap<Integer, Long> more = new TreeMap<>(byStatus);
        more.merge(status, count, Long::sum);
        return more;
    }
}
