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

    static Counts ofRequests(long requests) {
        return new Counts(requests, NONE.failed, NONE.passed, 0, NONE.tries);
    }

    Counts withRequests(Signal.Outcome outcome, int status, long count) {
        return switch (outcome) {
            case SERVED -> new Counts(requests + count, failed, passed, masked, tries);
            case FAILED -> new Counts(requests + count, plus(failed, status, count), passed, masked, tries);
            case PASSED_THROUGH, RELAYED ->
                new Counts(requests + count, failed, plus(passed, status, count), masked, tries);
            case MASKED -> new Counts(requests + count, failed, passed, masked + count, tries);
            case ASIDE -> this;
        };
    }

    Counts withTries(int status, long count) {
        return new Counts(requests, failed, passed, masked, plus(tries, status, count));
    }

    /// These counts and others.
    Counts and(Counts more) {
        return new Counts(
                requests + more.requests,
                plus(failed, more.failed),
                plus(passed, more.passed),
                masked + more.masked,
                plus(tries, more.tries));
    }

    /// What became of the requests, by the access log or, where there is none, by the failed tries.
    Counts settled(boolean accessLogged) {
        return accessLogged
                ? new Counts(requests, failed, passed, masked, new TreeMap<>())
                : new Counts(sum(tries), tries, new TreeMap<>(), 0, new TreeMap<>());
    }

    /// Failed requests of settled counts, by status, whoever made the status.
    SortedMap<Integer, Long> allFailed() {
        return plus(failed, passed);
    }

    /// Failed requests of settled counts.
    long failures() {
        return sum(failed) + sum(passed);
    }

    @JsonIgnore
    boolean isAccessLogged() {
        return requests > 0;
    }

    static long sum(SortedMap<Integer, Long> byStatus) {
        long sum = 0;
        if (!byStatus.isEmpty()) { // as mostly
            for (long count : byStatus.values()) {
                sum += count;
            }
        }
        return sum;
    }

    private static SortedMap<Integer, Long> plus(SortedMap<Integer, Long> a, SortedMap<Integer, Long> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return a.isEmpty() ? b : a;
        }
        TreeMap<Integer, Long> both = new TreeMap<>(a);
        b.forEach((status, count) -> both.merge(status, count, Long::sum));
        return both;
    }

    private static SortedMap<Integer, Long> plus(SortedMap<Integer, Long> byStatus, int status, long count) {
        TreeMap<Integer, Long> more = new TreeMap<>(byStatus);
        more.merge(status, count, Long::sum);
        return more;
    }
}
