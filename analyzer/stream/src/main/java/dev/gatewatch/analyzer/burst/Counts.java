package dev.gatewatch.analyzer.burst;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatewatch.analyzer.service.Askers;
import dev.gatewatch.analyzer.service.Sighting;
import dev.gatewatch.analyzer.service.Tally;
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
/// @param askers whose requests failed
/// @param triers whose tries failed
public record Counts(
        long requests,
        SortedMap<Integer, Long> failed,
        SortedMap<Integer, Long> passed,
        long masked,
        SortedMap<Integer, Long> tries,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Askers askers,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Askers triers) {
    static final Counts NONE =
            new Counts(0, new TreeMap<>(), new TreeMap<>(), 0, new TreeMap<>(), Askers.NONE, Askers.NONE);

    @SuppressWarnings("NullAway") // what is empty is not written
    public Counts {
        askers = askers == null ? Askers.NONE : askers;
        triers = triers == null ? Askers.NONE : triers;
    }

    static Counts ofRequests(long requests) {
        return new Counts(requests, NONE.failed, NONE.passed, 0, NONE.tries, Askers.NONE, Askers.NONE);
    }

    /// These counts and requests that ended alike.
    Counts with(Tally tally) {
        long all = requests + tally.count();
        return switch (tally.outcome()) {
            case SERVED -> new Counts(all, failed, passed, masked, tries, askers, triers);
            case FAILED ->
                new Counts(all, plus(failed, tally), passed, masked, tries, askers.and(tally.askers()), triers);
            case PASSED_THROUGH, RELAYED ->
                new Counts(all, failed, plus(passed, tally), masked, tries, askers.and(tally.askers()), triers);
            case MASKED -> new Counts(all, failed, passed, masked + tally.count(), tries, askers, triers);
            case ASIDE -> this;
        };
    }

    /// These counts and failed tries.
    Counts with(Sighting sighting) {
        int status = FailedTry.status(sighting.signal());
        return new Counts(
                requests,
                failed,
                passed,
                masked,
                plus(tries, status, sighting.count()),
                askers,
                triers.and(sighting.askers()));
    }

    /// These counts and others.
    Counts and(Counts more) {
        return new Counts(
                requests + more.requests,
                plus(failed, more.failed),
                plus(passed, more.passed),
                masked + more.masked,
                plus(tries, more.tries),
                askers.and(more.askers),
                triers.and(more.triers));
    }

    /// The same without those who asked, which only matter for minutes.
    Counts withoutAskers() {
        return new Counts(requests, failed, passed, masked, tries, Askers.NONE, Askers.NONE);
    }

    /// What became of the requests, by the access log or, where there is none, by the failed tries.
    Counts settled(boolean accessLogged) {
        return accessLogged
                ? new Counts(requests, failed, passed, masked, new TreeMap<>(), askers, Askers.NONE)
                : new Counts(sum(tries), tries, new TreeMap<>(), 0, new TreeMap<>(), triers, Askers.NONE);
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

    private static SortedMap<Integer, Long> plus(SortedMap<Integer, Long> byStatus, Tally tally) {
        return plus(byStatus, tally.status(), tally.count());
    }

    private static SortedMap<Integer, Long> plus(SortedMap<Integer, Long> byStatus, int status, long count) {
        TreeMap<Integer, Long> more = new TreeMap<>(byStatus);
        more.merge(status, count, Long::sum);
        return more;
    }
}
