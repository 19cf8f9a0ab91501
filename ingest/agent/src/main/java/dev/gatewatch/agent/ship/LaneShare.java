package dev.gatewatch.agent.ship;

import dev.gatewatch.wire.SourceKind;

/// How much one source may have in flight. Together the shares stay below the producer's own memory, so that no lane can use up
/// what another needs.
///
/// @param bytes bytes, the batch that crosses the limit included in part
/// @param batches records
public record LaneShare(long bytes, int batches) {
    /// What all files of an agent share, access logs first: they are long, and nobody waits for them.
    private static final long ACCESS_BYTES = 4L << 20;
    private static final long OTHER_BYTES = 1L << 20;

    public LaneShare {
        if (bytes <= 0 || batches <= 0) {
            throw new IllegalArgumentException(
                    "share of " + bytes + " bytes and " + batches + " batches (expected: more than 0 of both)");
        }
    }

    /// The share of one of `sources` sources of a kind.
    public static LaneShare of(SourceKind kind, int sources) {
        boolean access = kind == SourceKind.NGINX_ACCESS || kind == SourceKind.HAPROXY;
        long bytes = (access ? ACCESS_BYTES : OTHER_BYTES) / Math.max(1, sources);
        return new LaneShare(Math.max(bytes, 128 << 10), 2_000);
    }
}
