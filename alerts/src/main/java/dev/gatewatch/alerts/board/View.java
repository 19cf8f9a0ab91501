package dev.gatewatch.alerts.board;

import dev.gatewatch.incident.Incident;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The board at one moment.
///
/// @param version rises with every change
/// @param complete whether the topic has been read to its end once; before that, an open incident may long be
///     resolved
/// @param incidents open ones first, then by start, newest first
/// @param byId the same by id
public record View(long version, boolean complete, List<Incident> incidents, Map<String, Incident> byId) {
    static final View EMPTY = new View(0, false, List.of(), Map.of());

    /// The incidents in one state, newest first.
    public List<Incident> in(Incident.State state) {
        return incidents.stream().filter(incident -> incident.state() == state).toList();
    }

    /// The incident of that id.
    public Optional<Incident> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }
}
