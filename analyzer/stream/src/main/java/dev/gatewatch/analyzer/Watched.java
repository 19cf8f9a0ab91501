package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.burst.ServiceState;
import org.jspecify.annotations.Nullable;

/// A service, and the incident that was told of it.
///
/// @param told the incident, null while none is open
record Watched(ServiceState state, @Nullable Told told) {

    /// What was last told of an incident.
    ///
    /// @param at when, on the service's clock, milliseconds since 1970
    /// @param gist what a reader would notice if it changed: cause, culprit, servers and proxies
    /// @param failures failed requests by then
    record Told(String id, int revision, long at, String gist, long failures) {}
}
