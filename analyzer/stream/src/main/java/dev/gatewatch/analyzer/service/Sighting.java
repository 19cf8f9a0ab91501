package dev.gatewatch.analyzer.service;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.gatewatch.analyzer.signal.Signal;

/// A kind of line that tells of a service's trouble: one of them verbatim, and how many there were.
///
/// @param signal what the line says
/// @param target what the line is about
/// @param source kind of the log, as in an incident's evidence
/// @param line the line, verbatim, cut if it is very long
/// @param lastAt the last one, milliseconds since 1970
/// @param count how many there were
/// @param askers whose requests the lines are about
public record Sighting(
        Signal signal,
        Target target,
        String source,
        String line,
        long lastAt,
        long count,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Askers askers) {
    @SuppressWarnings("NullAway") // what is empty is not written
    public Sighting {
        askers = askers == null ? Askers.NONE : askers;
    }

    /// What the line says.
    public String id() {
        return signal.id();
    }

    /// The first one, milliseconds since 1970.
    public long firstAt() {
        return Math.min(signal.at(), lastAt); // a line may be dated into the future
    }

    /// What lines have in common of which only one is carried along.
    public record Kind(String id, Target target, long second) {}

    /// What these lines have in common.
    public Kind kind() {
        return new Kind(id(), target, Math.floorDiv(lastAt, 1_000));
    }

    /// The same lines, none of them later than a moment, in milliseconds since 1970.
    Sighting at(long moment) {
        return new Sighting(signal, target, source, line, moment, count, askers);
    }

    /// These and further lines of the same kind.
    public Sighting and(Sighting more) {
        return new Sighting(
                signal,
                target,
                source,
                line,
                Math.max(lastAt, more.lastAt),
                count + more.count,
                askers.and(more.askers));
    }
}
