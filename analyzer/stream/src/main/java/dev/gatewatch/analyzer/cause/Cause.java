package dev.gatewatch.analyzer.cause;

import java.util.List;
import java.util.Optional;

/// A root cause that a burst may have.
public interface Cause {

    /// The causes and variants that this one can find.
    List<Id> ids();

    /// What speaks for this cause in the scene, empty if nothing does. A source that is missing is never
    /// contrary evidence.
    Optional<Finding> examine(Scene scene);

    /// Whether nothing that the server's host has still to say takes such a finding back once it is proved: its
    /// proof is what went wrong itself, and no trace of it.
    default boolean standsAlone() {
        return false;
    }

    /// Name of a cause and its variant, as they stand in incidents. Names are API.
    record Id(String cause, String subCause) {
        @Override
        public String toString() {
            return cause + "/" + subCause;
        }
    }
}
