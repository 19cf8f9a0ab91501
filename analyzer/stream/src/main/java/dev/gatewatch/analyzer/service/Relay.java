package dev.gatewatch.analyzer.service;

import java.util.List;

/// Where it is told that a request failed which a proxy passed on to another proxy.
///
/// @param targets what the failure may be about, the service of the next proxy first; the server in them is
///     the next proxy
/// @param known whether the first of them is it for certain
public record Relay(List<Target> targets, boolean known) {
    /// The server is no proxy whose lines are shipped.
    public static final Relay NONE = new Relay(List.of(), false);

    public Relay {
        targets = List.copyOf(targets);
    }
}
