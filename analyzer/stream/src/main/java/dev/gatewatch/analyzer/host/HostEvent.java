package dev.gatewatch.analyzer.host;

import dev.gatewatch.analyzer.signal.Signal;

/// Something that happened on a host, with the line that says so.
///
/// @param source kind of the log, as in an incident's evidence
/// @param line the line, verbatim, cut if it is very long
/// @param at when it happened, milliseconds since 1970; never later than its line was read
/// @param count lines of this kind that were read together with it
public record HostEvent(Signal signal, String source, String line, long at, long count) {

    /// The same event at another moment.
    public HostEvent at(long moment) {
        return new HostEvent(signal, source, line, moment, count);
    }

    /// What the line says.
    public String id() {
        return signal.id();
    }
}
