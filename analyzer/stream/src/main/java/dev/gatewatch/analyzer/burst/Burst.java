package dev.gatewatch.analyzer.burst;

import java.util.SortedMap;

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

    /// All failed requests.
    public long failures() {
        return Counts.sum(failed);
    }
}
