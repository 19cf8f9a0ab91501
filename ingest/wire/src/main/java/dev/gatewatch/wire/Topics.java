package dev.gatewatch.wire;

/// The topics that agents write. Partition counts and retention belong to whoever runs the cluster.
public final class Topics {
    /// Batches of whole log lines ([LineBatch]), keyed by stream id, so that one stream stays in order on one
    /// partition.
    public static final String LINES = "gatewatch.lines";

    /// What is known of each host ([HostFacts]), compacted, keyed by host name.
    public static final String HOSTS = "gatewatch.hosts";

    private Topics() {}
}
