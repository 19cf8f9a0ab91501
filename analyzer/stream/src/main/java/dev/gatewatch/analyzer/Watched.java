package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.burst.ServiceState;
import dev.gatewatch.analyzer.cause.Catalogue;
import dev.gatewatch.analyzer.cause.Finding;
import org.jspecify.annotations.Nullable;

/// A service, and the incidents that were told of it.
///
/// @param told the open incident, null while none is open
/// @param resolved the incident that was resolved last, null once it is not revised any more
record Watched(
        ServiceState state, @Nullable Told told, @Nullable Resolved resolved) {

    /// A service of which nothing was told.
    static Watched unknown(String service) {
        return new Watched(ServiceState.unknown(service), null, null);
    }

    /// What was last told of an incident.
    ///
    /// @param at when, on the service's clock, milliseconds since 1970
    /// @param gist what a reader would notice if it changed: cause, culprit, servers, proxies, and
    ///     which sources are behind or not heard
    /// @param strength how strong the evidence was
    /// @param failures failed requests by then
    /// @param proofs lines of hosts that were told as proof
    /// @param diagnosis what was found, since what it was found from is forgotten; null once the incident is over
    record Told(
            String id,
            int revision,
            long at,
            String gist,
            Finding.Strength strength,
            long failures,
            int proofs,
            Catalogue.@Nullable Diagnosis diagnosis) {
        Told withoutDiagnosis() {
            return new Told(id, revision, at, gist, strength, failures, proofs, null);
        }
    }

    /// An incident that is over, but that late lines may still revise.
    ///
    /// @param state the service as it was when the incident was resolved, and what came late about that time
    /// @param at when it was resolved, on the service's clock, milliseconds since 1970
    /// @param wall the same on the wall clock
    record Resolved(ServiceState state, Told told, long at, long wall) {
        Resolved with(ServiceState later) {
            return new Resolved(later, told, at, wall);
        }

        Resolved with(Told later) {
            return new Resolved(state, later, at, wall);
        }
    }

    Watched with(ServiceState later) {
        return new Watched(later, told, resolved);
    }

    Watched with(@Nullable Resolved later) {
        return new Watched(state, told, later);
    }

    /// The service for one who goes on with it from a moment of the wall clock on, as after a restart.
    Watched resumed(long wallNow) {
        return with(state.resumed(wallNow));
    }

    /// Whether there is an incident that may change without a line about the service.
    boolean isActive() {
        return told != null || resolved != null;
    }
}
