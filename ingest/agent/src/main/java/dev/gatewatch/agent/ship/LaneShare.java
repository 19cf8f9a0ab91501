package dev.gatewatch.agent.ship;

import dev.gatewatch.wire.SourceKind;

/// How much one source may have in flight. Together the shares stay below the producer's own memory, so that
/// no lane can use up what another needs.
///
/// @param bytes bytes, the batch that crosses the limit included in part
/// @param batches records
public record LaneShare(long bytes, int batches) {
    /// What the logs of requests share: they are long, and nobody waits for them.
    private static final long REQUEST_BYTES = 4L << 20;
    /// What error logs, the journal and the kernel have each.
    private static final long OTHER_BYTES = 1L << 20;
    private static final long LEAST_BYTES = 128L << 10;

    public LaneShare {
        if (bytes <= 0 || batches <= 0) {
            throw new IllegalArgumentException(
                    "share of " + bytes + " bytes and " + batches + " batches (expected: more than 0 of both)");
        }
    }

    /// Whether sources of a kind write a line per request.
    public static boolean isPerRequest(SourceKind kind) {
        return switch (kind) {
            case NGINX_ACCESS, HAPROXY, ALB, ENVOY, TRAEFIK, CADDY -> true;
            case NGINX_ERROR, JOURNALD, KERNEL -> false;
        };
    }

    /// The share of a source.
    ///
    /// @param rivals how many sources there are of its kind, itself included; logs of requests are one kind
    ///     here
    public static LaneShare of(SourceKind kind, int rivals) {
        long bytes = (isPerRequest(kind) ? REQUEST_BYTES : OTHER_BYTES) / Math.max(1, rivals);
        return new LaneShare(Math.max(bytes, LEAST_BYTES), 2_000);
    }
}
