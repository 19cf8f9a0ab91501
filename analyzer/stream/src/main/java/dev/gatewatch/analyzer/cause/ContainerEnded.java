package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.host.FactsHistory.ContainerSighting;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.wire.HostFacts.ContainerState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The container or pod that serves the address ended: it was killed for memory, ended by itself, again and
/// again, was taken away or replaced, or could not be started.
final class ContainerEnded implements Cause {
    static final Id CONTAINER_GONE = new Id("backend_down", "container_gone");

    /// Ends within the time of the burst that make a loop.
    private static final int LOOP_EXITS = 3;

    /// How long after a wish to stop an end still belongs to it, in milliseconds: Kubernetes' grace period of
    /// 30 s and a little more.
    private static final long STOP_MILLIS = 40_000;

    /// How long before trouble a container may have ended for it, in milliseconds.
    private static final long BEFORE_MILLIS = 120_000;

    /// How far the moment that a runtime gives for an end and its line about it may lie apart, in milliseconds: it
    /// takes the network away before it writes.
    private static final long SAME_END_MILLIS = 3_000;

    /// How long a new container may take until it serves, in milliseconds.
    private static final long START_MILLIS = 8_000;

    /// The state of a container that is being removed, which ends with 137 then.
    private static final String REMOVING = "removing";

    /// 128 and the signal: SIGKILL, SIGSEGV, SIGTERM.
    private static final int KILLED = 137;

    /// What Docker says of a container that ended while Docker itself did not run, as with its host.
    private static final int NOT_SEEN = 255;

    private static final int SEGMENTATION_FAULT = 139;
    private static final int TERMINATED = 143;

    private static final Set<String> ASKED_TO_STOP = Set.of("container_killed", "k8s_killing", "k8s_evicted");

    @Override
    public List<Id> ids() {
        return List.of(
                CONTAINER_GONE,
                OutOfMemory.ID,
                Crash.CRASH_LOOP,
                Crash.KILLED,
                Crash.EXIT_ERROR,
                Crash.NEVER_STARTED,
                Segfault.ID,
                Stopped.DEPLOY_RESTART,
                TakenOut.HEALTH_CHECK_FAILING);
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        return scene.firstOf(backend -> backend.workload() == null
                        ? Optional.empty()
                        : examine(scene, backend, ContainerLife.of(scene, backend.workload())))
                .or(() -> withoutEndpoints(scene));
    }

    private static Optional<Finding> examine(Scene scene, Backend backend, ContainerLife life) {
        Optional<Finding> killed = outOfMemory(scene, life);
        return killed.isPresent() || scene.tries().isSlow()
                ? killed
                : startFailed(scene, life).or(() -> loop(scene, life)).or(() -> ended(scene, backend, life));
    }

    private static Optional<Finding> outOfMemory(Scene scene, ContainerLife life) {
        List<HostEvent> kills = life.all(Ids.OOM_KILL);
        Optional<Long> at = kills.stream()
                .map(HostEvent::at)
                .findFirst()
                .or(() -> life.endsSince(scene.troubleAt() - BEFORE_MILLIS)
                        .filter(ContainerState::oomKilled)
                        .map(ContainerLife::finishedAt)
                        .findFirst());
        return at.map(moment -> finding(
                OutOfMemory.ID,
                life.workload(),
                "a process of " + who(life.workload()) + " was killed for memory "
                        + Wording.beforeTrouble(moment, scene),
                kills));
    }

    /// The runtime could not start it: no such program, the port is taken.
    private static Optional<Finding> startFailed(Scene scene, ContainerLife life) {
        List<HostEvent> lines = life.all(Ids.CONTAINER_NOT_STARTED);
        Optional<ContainerState> state = life.during().map(ContainerSighting::state);
        boolean runs = state.map(ContainerLife::isRunning).orElse(false);
        String error = state.map(ContainerState::error).orElse("");
        if (runs || (lines.isEmpty() && error.isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(finding(
                Crash.NEVER_STARTED,
                life.workload(),
                who(life.workload()) + " could not be started"
                        + (lines.isEmpty()
                                ? ""
                                : " " + Wording.beforeTrouble(lines.getFirst().at(), scene))
                        + (error.isEmpty() ? "" : ": " + shortened(error)),
                lines));
    }

    private static String shortened(String text) {
        return text.length() <= 160 ? text : text.substring(0, 160) + "…";
    }

    private static Optional<Finding> loop(Scene scene, ContainerLife life) {
        List<HostEvent> exits = life.all(Ids.CONTAINER_EXITED);
        List<HostEvent> again = life.all(Ids.BACKED_OFF);
        boolean restarted = life.during()
                .map(s -> s.state().restarts() >= LOOP_EXITS
                        && ContainerLife.finishedAt(s.state()) >= scene.troubleAt() - BEFORE_MILLIS)
                .orElse(false);
        if (again.isEmpty() && !restarted && exits.size() < LOOP_EXITS) {
            return Optional.empty();
        }
        List<HostEvent> lines = exits.isEmpty() ? again : exits;
        return Optional.of(finding(
                Crash.CRASH_LOOP,
                life.workload(),
                who(life.workload()) + " ended again and again"
                        + (lines.isEmpty()
                                ? ""
                                : ", first "
                                        + Wording.beforeTrouble(lines.getFirst().at(), scene)),
                lines));
    }

    private static Optional<Finding> ended(Scene scene, Backend backend, ContainerLife life) {
        Optional<End> end = end(scene, life);
        boolean withRuntime = end.map(e ->
                        UnitLife.of(scene, backend).wasStoppedWithin(e.at() - STOP_MILLIS, e.at() + SAME_END_MILLIS))
                .orElse(false);
        return notStartedAgain(scene, backend, life)
                .or(() -> withRuntime
                        ? Optional.empty() // what stopped is the runtime
                        : end.map(e -> exited(scene, life, e))
                                .or(() -> taken(scene, life.workload(), life.all(ASKED_TO_STOP)))
                                .or(() -> notReady(scene, life.workload(), life.all(Ids.NOT_READY))));
    }

    /// An end of a container.
    ///
    /// @param id the container's, perhaps only its beginning, empty if not known
    /// @param exitCode -1 if not known
    private record End(long at, String id, int exitCode) {}

    /// The end that trouble began with: by the state that tells the code, else by the line that does, else by any.
    private static Optional<End> end(Scene scene, ContainerLife life) {
        long latest = scene.troubleAt() + 2 * Scene.SKEW_MILLIS;
        Optional<End> state = life.endsSince(scene.troubleAt() - BEFORE_MILLIS)
                .filter(s -> ContainerLife.finishedAt(s) <= latest)
                .map(s -> new End(ContainerLife.finishedAt(s), s.container().id(), s.exitCode()))
                .max(Comparator.comparingLong(End::at));
        Optional<End> line = life.all(Ids.CONTAINER_EXITED).stream()
                .filter(e -> e.at() <= latest)
                .map(ContainerEnded::end)
                .max(Comparator.comparingInt(End::exitCode));
        if (line.isEmpty() && state.map(End::exitCode).orElse(-1) == NOT_SEEN) {
            return state.map(s -> new End(s.at(), s.id(), -1));
        }
        boolean anotherOne = state.isPresent()
                && line.isPresent()
                && line.get().at() > state.get().at() + SAME_END_MILLIS;
        return state.isPresent() && !anotherOne ? state : line.or(() -> state);
    }

    private static End end(HostEvent exit) {
        return ContainerLine.of(exit)
                .map(line -> new End(exit.at(), line.id(), line.exitCode()))
                .orElse(new End(exit.at(), "", -1));
    }

    /// The runtime was started, with its host or without, and the container was not: it has no restart policy.
    private static Optional<Finding> notStartedAgain(Scene scene, Backend backend, ContainerLife life) {
        Optional<ContainerState> state = life.during()
                .map(ContainerSighting::state)
                .filter(s -> !ContainerLife.isRunning(s) && ContainerLife.startedAt(s) > 0);
        return state.flatMap(s -> UnitLife.of(scene, backend)
                        .startAfter(Math.max(
                                ContainerLife.startedAt(s) + 1, ContainerLife.finishedAt(s) - SAME_END_MILLIS)))
                .filter(start -> start.at() <= scene.lastFailureOfTrouble())
                .map(start -> finding(
                        Crash.NEVER_STARTED,
                        life.workload(),
                        who(life.workload()) + " was not started again when " + backend.unit() + " was, "
                                + Wording.beforeTrouble(start.at(), scene),
                        List.of(start)));
    }

    private static Finding exited(Scene scene, ContainerLife life, End end) {
        Workload workload = life.workload();
        Optional<Instant> replaced = life.replaced(end.id(), end.at() - SAME_END_MILLIS);
        if (replaced.isPresent()) {
            return replaced(scene, life, end, replaced.get().toEpochMilli());
        }
        boolean removed = end.exitCode() < 0 && isRemoved(life, end);
        boolean asked = life.all(ASKED_TO_STOP).stream()
                .anyMatch(e -> e.at() <= end.at() + Scene.SKEW_MILLIS && e.at() >= end.at() - STOP_MILLIS);
        Id id = asked ? CONTAINER_GONE : ofExit(end.exitCode());
        String how = removed
                ? " was removed "
                : (end.exitCode() < 0 ? " ended " : " ended with " + end.exitCode() + " ")
                        + (asked ? "after it was asked to stop " : "");
        Finding finding = finding(
                id,
                workload,
                who(workload) + how + Wording.beforeTrouble(end.at(), scene),
                life.events().stream()
                        .filter(e -> Ids.CONTAINER_EXITED.contains(e.id()) || ASKED_TO_STOP.contains(e.id()))
                        .toList());
        // Docker writes the same line whatever a container ends with: that it ended is known, and not why
        return end.exitCode() < 0 && !asked && !removed ? finding.weakenedTo(Strength.POSSIBLE) : finding;
    }

    /// Whether its runtime, which can be asked, no longer knows it.
    private static boolean isRemoved(ContainerLife life, End end) {
        Instant asked = life.workload().host().history().stream()
                .flatMap(history -> history.containers().stream())
                .filter(s -> s.first().toEpochMilli() <= life.lastOfTrouble())
                .map(ContainerSighting::last)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        return asked.toEpochMilli() > end.at()
                && life.sightings().stream()
                        .filter(s -> s.state().container().id().equals(end.id()))
                        .filter(s -> !s.state().state().equals(REMOVING))
                        .allMatch(s -> s.last().toEpochMilli() <= end.at());
    }

    private static Finding replaced(Scene scene, ContainerLife life, End end, long startedAt) {
        boolean servesSince = life.lastOfTrouble() - startedAt > START_MILLIS
                && life.during()
                        .map(ContainerSighting::state)
                        .filter(ContainerLife::isRunning)
                        .map(s -> s.listening() == null || !s.listening().isEmpty())
                        .orElse(true);
        Finding finding = finding(
                Stopped.DEPLOY_RESTART,
                life.workload(),
                who(life.workload()) + " was replaced by another container " + Wording.beforeTrouble(end.at(), scene)
                        + ", which started at " + Wording.clock(startedAt),
                life.all(Ids.CONTAINER_EXITED));
        return servesSince ? finding.weakenedTo(Strength.LIKELY) : finding;
    }

    private static Id ofExit(int code) {
        return switch (code) {
            case -1, 0, TERMINATED -> CONTAINER_GONE;
            case KILLED -> Crash.KILLED;
            case SEGMENTATION_FAULT -> Segfault.ID;
            default -> Crash.EXIT_ERROR;
        };
    }

    private static Optional<Finding> taken(Scene scene, Workload workload, List<HostEvent> stops) {
        return stops.isEmpty() || stops.getFirst().at() > scene.troubleAt() + 2 * Scene.SKEW_MILLIS
                ? Optional.empty()
                : Optional.of(finding(
                        CONTAINER_GONE,
                        workload,
                        who(workload) + " was told to end "
                                + Wording.beforeTrouble(stops.getFirst().at(), scene),
                        stops));
    }

    private static Optional<Finding> notReady(Scene scene, Workload workload, List<HostEvent> probes) {
        return probes.isEmpty()
                ? Optional.empty()
                : Optional.of(finding(
                                TakenOut.HEALTH_CHECK_FAILING,
                                workload,
                                "the health probe of " + who(workload) + " fails, first "
                                        + Wording.beforeTrouble(
                                                probes.getFirst().at(), scene),
                                probes)
                        .weakenedTo(scene.tries().count(Ids.NO_SERVER) > 0 ? Strength.PROVED : Strength.LIKELY));
    }

    /// An ingress controller names the Service that has no pod ready.
    private static Optional<Finding> withoutEndpoints(Scene scene) {
        Set<String> upstreams = scene.upstreams();
        return scene.proxyEvents(e -> e.id().equals("k8s_no_endpoints")
                        && ContainerLine.of(e)
                                .filter(line -> upstreams.stream()
                                        .anyMatch(name ->
                                                name.startsWith(line.service().replace('/', '-') + "-")))
                                .isPresent())
                .findFirst()
                .map(proof -> Finding.of(
                                TakenOut.HEALTH_CHECK_FAILING,
                                Strength.LIKELY,
                                "no pod of the Service "
                                        + ContainerLine.of(proof.event())
                                                .map(ContainerLine::service)
                                                .orElse("")
                                        + " is ready")
                        .provedBy(proof.host(), List.of(proof.event())));
    }

    private static String who(Workload workload) {
        return workload.label() + " on " + workload.host().name();
    }

    private static Finding finding(Id id, Workload workload, String because, List<HostEvent> proof) {
        String host = workload.host().name();
        return Finding.of(id, workload.tied() ? Strength.PROVED : Strength.LIKELY, because)
                .at(host, workload.label())
                .provedBy(host, proof);
    }
}
