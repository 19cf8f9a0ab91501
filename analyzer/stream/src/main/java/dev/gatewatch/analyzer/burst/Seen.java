package dev.gatewatch.analyzer.burst;

import dev.gatewatch.analyzer.service.Askers;
import dev.gatewatch.analyzer.service.Sighting;

/// A kind of line that a proxy wrote about a service.
///
/// @param host the proxy's host
/// @param kind kind of the proxy, such as `nginx`
public record Seen(String host, String kind, Sighting sighting) {

    boolean isSameKindAs(Seen other) {
        return host.equals(other.host)
                && kind.equals(other.kind)
                && sighting.id().equals(other.sighting.id())
                && sighting.source().equals(other.sighting.source())
                && sighting.target().address().equals(other.sighting.target().address())
                && sighting.target().server().equals(other.sighting.target().server());
    }

    /// This one and further lines of its kind; the earlier line is kept.
    Seen and(Seen more) {
        Sighting a = sighting;
        Sighting b = more.sighting;
        Sighting first = b.firstAt() < a.firstAt() ? b : a;
        return new Seen(
                host,
                kind,
                new Sighting(
                        first.signal(),
                        first.target(),
                        first.source(),
                        first.line(),
                        Math.max(a.lastAt(), b.lastAt()),
                        a.count() + b.count(),
                        Askers.NONE));
    }
}
