package dev.gatewatch.analyzer.host;

import dev.gatewatch.wire.HostFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A host's newest facts, and which sockets listened on it before. Immutable and bounded.
///
/// @param facts the newest facts
/// @param sightings sockets that listen or listened, each with the time over which it was seen; the newest
///     first
/// @param waiting sockets behind which connections waited to be accepted, the newest first
/// @param containers states of containers, each with the time over which it was seen; the newest first
public record FactsHistory(
        HostFacts facts, List<Sighting> sightings, List<Waiting> waiting, List<ContainerSighting> containers) {
    private static final Duration KEPT = Duration.ofMinutes(15);
    private static final int KEPT_SIGHTINGS = 2_000;
    private static final int KEPT_WAITING = 500;
    private static final int KEPT_CONTAINERS = 1_000;

    /// A socket that was seen to listen, from `first` to `last`.
    public record Sighting(HostFacts.Listener listener, Instant first, Instant last) {
        private boolean isOf(HostFacts.Listener other) {
            return listener.address().equals(other.address())
                    && listener.unit().equals(other.unit())
                    && listener.pid() == other.pid();
        }

        private Stream<Sighting> before(Instant moment) {
            return first.isBefore(moment)
                    ? Stream.of(new Sighting(listener, first, FactsHistory.before(moment, last)))
                    : Stream.empty();
        }

        /// Whether both were there at one time.
        public boolean overlaps(Sighting other) {
            return !first.isAfter(other.last) && !last.isBefore(other.first);
        }
    }

    /// A socket behind which connections waited at a moment.
    public record Waiting(Instant at, HostFacts.Listener listener) {}

    /// A container that was seen in a state, from `first` to `last`.
    public record ContainerSighting(HostFacts.ContainerState state, Instant first, Instant last) {
        private Stream<ContainerSighting> before(Instant moment) {
            return first.isBefore(moment)
                    ? Stream.of(new ContainerSighting(state, first, FactsHistory.before(moment, last)))
                    : Stream.empty();
        }
    }

    public FactsHistory {
        sightings = List.copyOf(sightings);
        waiting = List.copyOf(waiting);
        containers = List.copyOf(containers);
    }

    /// The history that begins with these facts.
    public static FactsHistory of(HostFacts facts) {
        return new FactsHistory(
                facts,
                facts.listeners().stream()
                        .map(listener -> new Sighting(listener, facts.at(), facts.at()))
                        .toList(),
                waitingIn(facts).toList(),
                facts.containers().stream()
                        .map(state -> new ContainerSighting(state, facts.at(), facts.at()))
                        .toList());
    }

    /// This history after newer facts. A host's facts come in their order, so what comes later is
    /// newer, whatever its clock says: if that was set back, what was seen at times that have not
    /// been yet is forgotten.
    public FactsHistory with(HostFacts newer) {
        List<Sighting> kept = new ArrayList<>();
        for (HostFacts.Listener listener : newer.listeners()) {
            Instant first = sightings.stream()
                    .filter(s -> s.isOf(listener) && s.last().equals(facts.at()))
                    .map(Sighting::first)
                    .filter(seen -> seen.isBefore(newer.at()))
                    .findFirst()
                    .orElse(newer.at());
            kept.add(new Sighting(listener, first, newer.at()));
        }
        for (Sighting old : sightings) {
            boolean goesOn =
                    old.last().equals(facts.at()) && newer.listeners().stream().anyMatch(old::isOf);
            if (!goesOn && old.last().isAfter(newer.at().minus(KEPT))) {
                old.before(newer.at()).forEach(kept::add);
            }
        }
        List<Waiting> queues = Stream.concat(
                        waitingIn(newer),
                        waiting.stream()
                                .filter(w -> w.at().isAfter(newer.at().minus(KEPT)))
                                .filter(w -> w.at().isBefore(newer.at())))
                .limit(KEPT_WAITING)
                .toList();
        return new FactsHistory(
                newer,
                kept.size() > KEPT_SIGHTINGS ? kept.subList(0, KEPT_SIGHTINGS) : kept,
                queues,
                containersWith(newer));
    }

    private List<ContainerSighting> containersWith(HostFacts newer) {
        Instant kept = newer.at().minus(KEPT);
        Stream<ContainerSighting> now = newer.containers().stream()
                .map(state -> new ContainerSighting(
                        state,
                        seenBefore(state)
                                .map(ContainerSighting::first)
                                .filter(seen -> seen.isBefore(newer.at()))
                                .orElse(newer.at()),
                        newer.at()));
        Stream<ContainerSighting> before = containers.stream()
                .filter(old -> old.last().isAfter(kept))
                .filter(old ->
                        !old.last().equals(facts.at()) || !newer.containers().contains(old.state()))
                .flatMap(old -> old.before(newer.at()));
        return Stream.concat(now, before).limit(KEPT_CONTAINERS).toList();
    }

    private Optional<ContainerSighting> seenBefore(HostFacts.ContainerState state) {
        return containers.stream()
                .filter(old -> old.last().equals(facts.at()) && old.state().equals(state))
                .findFirst();
    }

    /// The last moment before another one, if that comes first.
    private static Instant before(Instant moment, Instant last) {
        return last.isBefore(moment) ? last : moment.minusMillis(1);
    }

    private static Stream<Waiting> waitingIn(HostFacts facts) {
        return facts.listeners().stream().filter(l -> l.queued() > 0).map(l -> new Waiting(facts.at(), l));
    }

    /// The socket that takes connections to this address when most of them waited to be accepted, between two
    /// moments in milliseconds since 1970; empty if none did.
    public Optional<HostFacts.Listener> longestQueue(String address, long from, long to) {
        return waiting.stream()
                .filter(w -> w.at().toEpochMilli() >= from && w.at().toEpochMilli() <= to)
                .map(Waiting::listener)
                .filter(l -> SocketAddressText.accepts(l.address(), address))
                .max(Comparator.comparingInt(HostFacts.Listener::queued));
    }

    /// The newest sighting of a socket that takes connections to this address, of whatever time.
    ///
    /// @param address `ip:port` or `unix:/path`, as a proxy would connect to it
    public Optional<Sighting> newestListenerFor(String address) {
        return sightings.stream()
                .filter(s -> SocketAddressText.accepts(s.listener().address(), address))
                .findFirst();
    }

    /// Whether a socket was seen to take connections to this address between two moments, in milliseconds
    /// since 1970.
    public boolean listenedWithin(String address, long from, long to) {
        return sightings.stream()
                .filter(s -> SocketAddressText.accepts(s.listener().address(), address))
                .anyMatch(s -> s.first().toEpochMilli() <= to && s.last().toEpochMilli() >= from);
    }

    /// Whether the host's agent reported any socket between two moments, in milliseconds since 1970.
    public boolean reportedWithin(long from, long to) {
        return sightings.stream()
                .anyMatch(s -> s.first().toEpochMilli() <= to && s.last().toEpochMilli() >= from);
    }

    /// Whether a socket takes connections to this address according to the newest facts.
    public boolean listensOn(String address) {
        return sightings.stream()
                .anyMatch(s -> s.last().equals(facts.at())
                        && SocketAddressText.accepts(s.listener().address(), address));
    }
}
