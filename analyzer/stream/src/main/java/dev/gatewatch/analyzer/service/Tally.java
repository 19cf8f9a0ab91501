package dev.gatewatch.analyzer.service;

import dev.gatewatch.analyzer.signal.Signal;

/// Requests of one service that ended alike within one second.
///
/// @param second seconds since 1970
/// @param upstream the upstream's name
/// @param address the server's address, empty if none was chosen or it is not known
/// @param server HAProxy's name of the server, empty if there is none
/// @param configured whether the address stands in the configuration that is known of the proxy
/// @param status what the client got, 0 where the request was served
/// @param firstAt the first of them, milliseconds since 1970
/// @param lastAt the last of them
/// @param count how many
/// @param askers whose requests these were, if they failed
public record Tally(
        long second,
        Signal.Outcome outcome,
        String upstream,
        String address,
        String server,
        boolean configured,
        int status,
        long firstAt,
        long lastAt,
        long count,
        Askers askers) {
    /// What requests have in common that are counted together.
    public record Kind(
            long second,
            Signal.Outcome outcome,
            String upstream,
            String address,
            String server,
            boolean configured,
            int status) {}

    /// What these requests have in common.
    public Kind kind() {
        return kindAt(second);
    }

    /// What these requests would have in common with those of another second.
    Kind kindAt(long otherSecond) {
        return new Kind(otherSecond, outcome, upstream, address, server, configured, status);
    }

    /// The same requests at another moment, in milliseconds since 1970.
    Tally at(long moment) {
        return with(Math.floorDiv(moment, 1_000), moment, moment, count, askers);
    }

    /// These and further requests of the same kind.
    public Tally and(Tally more) {
        return with(
                second,
                Math.min(firstAt, more.firstAt),
                Math.max(lastAt, more.lastAt),
                count + more.count,
                askers.and(more.askers));
    }

    private Tally with(long when, long first, long last, long howMany, Askers whose) {
        return new Tally(when, outcome, upstream, address, server, configured, status, first, last, howMany, whose);
    }
}
