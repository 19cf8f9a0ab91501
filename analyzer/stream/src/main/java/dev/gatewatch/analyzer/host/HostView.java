package dev.gatewatch.analyzer.host;

import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.SourceKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// All that is known of one host at the moment of asking.
public final class HostView {
    private final String name;
    private final @Nullable FactsHistory history;
    private final EventHistory events;

    HostView(String name, @Nullable FactsHistory history, EventHistory events) {
        this.name = name;
        this.history = history;
        this.events = events;
    }

    /// The host's name.
    public String name() {
        return name;
    }

    /// The host's facts and former listeners, empty if its agent never sent any.
    public Optional<FactsHistory> history() {
        return Optional.ofNullable(history);
    }

    /// What happened on the host from `from` to `to`, both included, in milliseconds since 1970; oldest
    /// first.
    public Stream<HostEvent> events(long from, long to) {
        return events.events().stream().filter(e -> e.at() >= from && e.at() <= to);
    }

    /// Whether a source of this kind is shipped from the host, so that its silence means something.
    public boolean ships(SourceKind source) {
        return history != null && history.facts().watermarks().stream().anyMatch(w -> w.source() == source);
    }

    /// The files from which lines of this kind are shipped; none if they come another way, or not at all.
    public List<String> files(SourceKind source) {
        return history == null
                ? List.of()
                : history.facts().watermarks().stream()
                        .filter(w -> w.source() == source)
                        .map(HostFacts.Watermark::origin)
                        .filter(origin -> origin.startsWith("/"))
                        .toList();
    }

    /// Whether a proxy whose lines are shipped takes connections at this address, according to the newest
    /// facts.
    public boolean isGateway(String address) {
        return history != null && Gateways.of(history.facts()).containsKey(address);
    }

    /// The configurations of the host's proxies of a kind.
    public List<HostFacts.ProxyFacts> proxies(String kind) {
        return history == null
                ? List.of()
                : history.facts().proxies().stream()
                        .filter(p -> p.kind().equals(kind))
                        .toList();
    }

    /// The systemd unit of the host's proxy of a kind: what its facts say, else the packages' own name.
    public String proxyUnit(String kind) {
        return proxies(kind).stream()
                .map(HostFacts.ProxyFacts::unit)
                .filter(unit -> !unit.isEmpty())
                .findFirst()
                .orElse(kind + ".service");
    }
}
