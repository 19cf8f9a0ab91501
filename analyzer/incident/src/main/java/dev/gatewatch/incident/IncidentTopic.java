package dev.gatewatch.incident;

/// The topic of incidents: compacted, keyed by incident id, each value the whole incident as JSON
/// ([IncidentJson]), newest revision last. Read it with `isolation.level=read_committed`.
public final class IncidentTopic {
    /// The topic's name.
    public static final String NAME = "gatewatch.incidents";

    private IncidentTopic() {}
}
