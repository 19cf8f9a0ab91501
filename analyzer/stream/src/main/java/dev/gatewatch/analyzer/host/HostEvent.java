package dev.gatewatch.analyzer.host;

import dev.gatewatch.analyzer.signal.Signal;

/// Something that happened on a host, with the line that says so.
///
/// @param source kind of the log, as in an incident's evidence
/// @param line the line, verbatim, cut if it is very long
/// @param count lines of this kind that were read together with it
public record HostEvent(Signal signal, String source, String line, long count) {

    /// When it happened, in milliseconds since 1970.
    public long at() {
        return signal.at();
    }

    /// What the line says.
    public String id() {
        return signal.id();
    }
}
