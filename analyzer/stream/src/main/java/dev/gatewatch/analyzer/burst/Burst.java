package dev.gatewatch.analyzer.burst;

import dev.gatewatch.analyzer.service.Sighting;
import dev.gatewatch.analyzer.service.Tally;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.SortedMap;
import java.util.TreeMap;

/// A burst that has begun.
///
/// @param startedAt first failure, milliseconds since 1970
/// @param detectedAt when it was noticed, on the service's clock
/// @param lastFailureAt newest failure so far
/// @param servedSince requests that were served since then
/// @param requests requests since the start
/// @param failed failed requests since the start, by status
/// @param passed how many of these got their status from a server
/// @param masked requests since the start that a further try saved
public record Burst(
        long startedAt,
        long detectedAt,
        long lastFailureAt,
        long servedSince,
        long requests,
        SortedMap<Integer, Long> failed,
        long passed,
        long masked) {

    /// A burst in which all that was counted happened.
    static Burst of(long startedAt, long detectedAt, long lastFailureAt, Counts counts) {
        return new Burst(
                startedAt,
                detectedAt,
                lastFailureAt,
                0,
                counts.requests(),
                counts.allFailed(),
                Counts.sum(counts.passed()),
                counts.masked());
    }

    /// The burst with another number of requests that were served since its last failure.
    Burst withServedSince(long served) {
        return new Burst(startedAt, detectedAt, lastFailureAt, served, requests, failed, passed, masked);
    }

    /// All failed requests.
    public long failures() {
        return Counts.sum(failed);
    }

    /// The burst and requests that ended alike.
    Burst and(Tally tally) {
        return switch (tally.outcome()) {
            case ASIDE -> this;
            case SERVED, MASKED ->
                new Burst(
                        startedAt,
                        detectedAt,
                        lastFailureAt,
                        servedSince + (tally.second() > Math.floorDiv(lastFailureAt, 1_000) ? tally.count() : 0),
                        requests + tally.count(),
                        failed,
                        passed,
                        masked + (tally.outcome() == Signal.Outcome.MASKED ? tally.count() : 0));
            case FAILED -> withFailures(tally.status(), tally.count(), 0, tally.lastAt());
            case PASSED_THROUGH, RELAYED -> withFailures(tally.status(), tally.count(), tally.count(), tally.lastAt());
        };
    }

    /// The burst and failed tries, each of which stands for a request.
    Burst and(Sighting tries) {
        return withFailures(FailedTry.status(tries.signal()), tries.count(), 0, tries.lastAt());
    }

    private Burst withFailures(int status, long count, long passedOn, long lastAt) {
        SortedMap<Integer, Long> more = new TreeMap<>(failed);
        more.merge(status, count, Long::sum);
        return new Burst(
                startedAt,
                detectedAt,
                Math.max(lastFailureAt, lastAt),
                lastAt > lastFailureAt ? 0 : servedSince,
                requests + count,
                more,
                passed + passedOn,
                masked);
    }
}
