package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.host.FactsHistory.ContainerSighting;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.wire.HostFacts.ContainerState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What became of the containers behind a server around a burst: what their runtime and the kernel wrote, and in which
/// states they were seen. Docker writes neither with what a container ended nor that it was asked to, its states do.
///
/// @param events what was written about them, oldest first
/// @param sightings their states, the newest first; empty if the runtime could not be asked
/// @param troubleAt when the first failed request began, by the host's clock as far as it is known
/// @param lastOfTrouble until when what was seen was trouble, by the same clock
record ContainerLife(
        Workload workload,
        List<HostEvent> events,
        List<ContainerSighting> sightings,
        long troubleAt,
        long lastOfTrouble) {
    /// An end and a start within this time are one deployment, in milliseconds.
    private static final long DEPLOY_MILLIS = 13_000;

    private static final Set<String> ENDED = Set.of("exited", "dead", "restarting", "stopped");
    private static final Set<String> RUNNING = Set.of("running", "paused");

    static ContainerLife of(Scene scene, Workload workload) {
        List<ContainerSighting> sightings = workload.host().history().stream()
                .map(FactsHistory::containers)
                .flatMap(List::stream)
                .filter(s -> workload.isOneOf(s.state().container().id()))
                .sorted(Comparator.comparing(ContainerSighting::first).reversed())
                .toList();
        List<HostEvent> events = scene.events(workload.host())
                .filter(e -> e.at() <= scene.burst().lastFailureAt())
                .filter(workload::owns)
                .toList();
        long ahead = ahead(scene, events, sightings);
        return new ContainerLife(
                workload, events, sightings, scene.troubleAt() + ahead, scene.lastFailureOfTrouble() + ahead);
    }

    /// How far the host's clock seems to be ahead of the proxies', in milliseconds: a container that ended about when
    /// trouble began ended just then.
    private static long ahead(Scene scene, List<HostEvent> events, List<ContainerSighting> sightings) {
        return Stream.concat(
                        events.stream()
                                .filter(e -> Ids.CONTAINER_EXITED.contains(e.id()))
                                .map(HostEvent::at),
                        sightings.stream()
                                .map(ContainerSighting::state)
                                .filter(s -> ENDED.contains(s.state()))
                                .map(ContainerLife::finishedAt))
                .map(at -> at - scene.troubleAt())
                .filter(millis -> Math.abs(millis) <= Scene.SKEW_MILLIS)
                .min(Comparator.comparingLong(Math::abs))
                .orElse(0L);
    }

    /// The events of these kinds.
    List<HostEvent> all(Set<String> ids) {
        return events.stream().filter(e -> ids.contains(e.id())).toList();
    }

    /// The state in which it was most of the time while requests failed: of several containers that followed
    /// each other the one that was there then. What is seen at the edges may be before or after, since clocks
    /// differ.
    Optional<ContainerSighting> during() {
        return sightings.stream()
                .filter(s -> s.first().toEpochMilli() <= lastOfTrouble)
                .max(Comparator.comparingLong(this::withinTrouble)
                        .thenComparing(ContainerSighting::last)
                        .thenComparing(s -> orBegin(s.state().startedAt())));
    }

    private long withinTrouble(ContainerSighting sighting) {
        long from = Math.max(sighting.first().toEpochMilli(), troubleAt);
        long to = Math.min(sighting.last().toEpochMilli(), lastOfTrouble);
        return Math.max(0, to - from);
    }

    /// The states in which one of the containers had ended, from a moment on until trouble was over.
    Stream<ContainerState> endsSince(long from) {
        return sightings.stream()
                .map(ContainerSighting::state)
                .filter(s -> ENDED.contains(s.state()))
                .filter(s -> finishedAt(s) >= from && finishedAt(s) <= lastOfTrouble);
    }

    /// When another container was started in the place of one that ended, as a deployment does it; empty if none was.
    ///
    /// @param id the one that ended
    Optional<Instant> replaced(String id, long endedAt) {
        return sightings.stream()
                .map(ContainerSighting::state)
                .filter(s -> !s.container().id().equals(id) && s.startedAt() != null)
                .map(s -> orBegin(s.startedAt()))
                .filter(at -> at.toEpochMilli() >= endedAt && at.toEpochMilli() <= endedAt + DEPLOY_MILLIS)
                .min(Comparator.naturalOrder());
    }

    static boolean isRunning(ContainerState state) {
        return RUNNING.contains(state.state());
    }

    /// When it ended, in milliseconds since 1970; 0 if it never did.
    static long finishedAt(ContainerState state) {
        return orBegin(state.finishedAt()).toEpochMilli();
    }

    /// When it started, in milliseconds since 1970; 0 if it never did.
    static long startedAt(ContainerState state) {
        return orBegin(state.startedAt()).toEpochMilli();
    }

    private static Instant orBegin(@Nullable Instant at) {
        return at == null ? Instant.EPOCH : at;
    }
}
