package dev.gatewatch.alerts.board;

import dev.gatewatch.incident.Incident;

/// What a record of the topic does to the board.
public sealed interface Change {
    /// A revision of an incident; it counts if it is the highest so far.
    record Revised(Incident incident) implements Change {}

    /// A tombstone.
    record Removed(String id) implements Change {}
}
