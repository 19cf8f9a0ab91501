package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.host.HostEvent;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The container or pod that serves the address ended: it was killed for memory, ended by itself, again and
/// again, or was taken away.
final class ContainerEnded implements Cause {
    static final Id CONTAINER_GONE = new Id("backend_down", "container_gone");

    /// Ends within the time of the burst that make a loop.
    private static final int LOOP_EXITS = 3;

    /// How long after a wish to stop an end still belongs to it, in milliseconds: Kubernetes' grace period of
    /// 30 s and a little more.
    private static final long STOP_MILLIS = 40_000;

    /// 128 and the signal: SIGKILL, SIGSEGV, SIGTERM.
    private static final int KILLED = 137;

    private static final int SEGMENTATION_FAULT = 139;
    private static final int TERMINATED = 143;

    private static final Set<String> EXITED = Set.of("container_exited");
    private static final Set<String> ASKED_TO_STOP = Set.of("container_killed", "k8s_killing", "k8s_evicted");

    @Override
    public List<Id> ids() {
        return List.of(
                CONTAINER_GONE,
                OutOfMemory.ID,
                Crash.CRASH_LOOP,
                Crash.KILLED,
                Crash.EXIT_ERROR,
                Segfault.ID,
                TakenOut.HEALTH_CHECK_FAILING);
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        return scene.firstOf(
                        backend -> backend.workload() == null ? Optional.empty() : examine(scene, backend.workload()))
                .or(() -> withoutEndpoints(scene));
    }

    private static Optional<Finding> examine(Scene scene, Workload workload) {
        List<HostEvent> events = scene.events(workload.host())
                .filter(e -> e.at() <= scene.burst().lastFailureAt())
                .filter(workload::owns)
                .toList();
        return outOfMemory(scene, workload, all(events, Ids.OOM_KILL))
                .or(() -> scene.isSlow() ? Optional.empty() : ended(scene, workload, events));
    }

    private static List<HostEvent> all(List<HostEvent> events, Set<String> ids) {
        return events.stream().filter(e -> ids.contains(e.id())).toList();
    }

    private static Optional<Finding> outOfMemory(Scene scene, Workload workload, List<HostEvent> kills) {
        return kills.isEmpty()
                ? Optional.empty()
                : Optional.of(finding(
                        OutOfMemory.ID,
                        workload,
                        "a process of " + workload.label() + " on "
                                + workload.host().name() + " was killed for memory "
                                + Wording.beforeTrouble(kills.getFirst().at(), scene),
                        kills));
    }

    private static Optional<Finding> ended(Scene scene, Workload workload, List<HostEvent> events) {
        List<HostEvent> exits = all(events, EXITED);
        List<HostEvent> again = all(events, Ids.BACKED_OFF);
        String who = workload.label() + " on " + workload.host().name();
        if (!again.isEmpty() || exits.size() >= LOOP_EXITS) {
            HostEvent first = events.getFirst();
            return Optional.of(finding(
                    Crash.CRASH_LOOP,
                    workload,
                    who + " ended again and again, first " + Wording.beforeTrouble(first.at(), scene),
                    exits.isEmpty() ? again : exits));
        }
        Optional<HostEvent> exit = exits.stream()
                .filter(e -> e.at() <= scene.troubleAt() + 2 * Scene.SKEW_MILLIS)
                .max((a, b) -> Long.compare(exitCode(a), exitCode(b))); // the line that tells the code
        return exit.map(e -> exited(scene, workload, e, events))
                .or(() -> taken(scene, workload, all(events, ASKED_TO_STOP)))
                .or(() -> notReady(scene, workload, all(events, Ids.NOT_READY)));
    }

    private static int exitCode(HostEvent exit) {
        return ContainerLine.of(exit).map(ContainerLine::exitCode).orElse(-1);
    }

    private static Finding exited(Scene scene, Workload workload, HostEvent exit, List<HostEvent> events) {
        int code = exitCode(exit);
        boolean asked = all(events, ASKED_TO_STOP).stream()
                .anyMatch(e -> e.at() <= exit.at() + Scene.SKEW_MILLIS && e.at() >= exit.at() - STOP_MILLIS);
        Id id = asked ? CONTAINER_GONE : ofExit(code);
        String how =
                (code < 0 ? " ended " : " ended with " + code + " ") + (asked ? "after it was asked to stop " : "");
        Finding finding = finding(
                id,
                workload,
                workload.label() + " on " + workload.host().name() + how + Wording.beforeTrouble(exit.at(), scene),
                events.stream()
                        .filter(e -> EXITED.contains(e.id()) || ASKED_TO_STOP.contains(e.id()))
                        .toList());
        return code < 0 && !asked ? finding.weakenedTo(Strength.LIKELY) : finding;
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
                        workload.label() + " on " + workload.host().name() + " was told to end "
                                + Wording.beforeTrouble(stops.getFirst().at(), scene),
                        stops));
    }

    private static Optional<Finding> notReady(Scene scene, Workload workload, List<HostEvent> probes) {
        return probes.isEmpty()
                ? Optional.empty()
                : Optional.of(finding(
                                TakenOut.HEALTH_CHECK_FAILING,
                                workload,
                                "the health probe of " + workload.label() + " on "
                                        + workload.host().name() + " fails, first "
                                        + Wording.beforeTrouble(
                                                probes.getFirst().at(), scene),
                                probes)
                        .weakenedTo(scene.tries(Ids.NO_SERVER) > 0 ? Strength.PROVED : Strength.LIKELY));
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

    private static Finding finding(Id id, Workload workload, String because, List<HostEvent> proof) {
        String host = workload.host().name();
        return Finding.of(id, workload.tied() ? Strength.PROVED : Strength.LIKELY, because)
                .at(host, workload.label())
                .provedBy(host, proof);
    }
}
