package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Backend.Listening;
import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.host.HostView;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.wire.HostFacts;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The server took the connection and did not answer in time: it is slow, has no worker left, or hangs.
final class Slow implements Cause {
    static final Id SLOW_RESPONSE = new Id("backend_timeout", "slow_response");
    static final Id POOL_EXHAUSTED = new Id("backend_timeout", "pool_exhausted");
    static final Id ACCEPT_QUEUE_FULL = new Id("backend_timeout", "accept_queue_full");
    static final Id WORKER_TIMEOUT = new Id("backend_timeout", "worker_timeout");
    static final Id UNRESPONSIVE = new Id("backend_timeout", "unresponsive");

    private static final Set<String> QUEUE_TIMEOUT = Set.of("queue_timeout", "queue_full");
    private static final Set<String> BACKLOG_FULL = Set.of("unix_backlog_full");
    private static final Set<String> HANDSHAKE_TIMEOUT = Set.of("upstream_timeout_tls");
    private static final Set<String> NO_WORKER_LEFT =
            Set.of("app_pool_exhausted", "app_fd_exhausted", "app_dependency_pool");
    private static final Set<String> HANGS = Set.of("unit_watchdog", "unit_suspended", "hung_task");

    @Override
    public List<Id> ids() {
        return List.of(WORKER_TIMEOUT, POOL_EXHAUSTED, ACCEPT_QUEUE_FULL, UNRESPONSIVE, SLOW_RESPONSE);
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        return workerTimeout(scene)
                .or(() -> pool(scene))
                .or(() -> acceptQueue(scene))
                .or(() -> TakenOut.isOnlyCheckSlow(scene)
                        ? Optional.empty()
                        : unresponsive(scene).or(() -> slow(scene)));
    }

    private static Optional<Finding> workerTimeout(Scene scene) {
        return scene.tries().mostly(Ids.CUT_OFF, Ids.READ_TIMEOUT)
                ? said(scene, Ids.WORKER_GIVEN_UP, WORKER_TIMEOUT, "ended workers that took too long")
                : Optional.empty();
    }

    private static Optional<Finding> pool(Scene scene) {
        if (scene.tries().mostly(QUEUE_TIMEOUT)) {
            return Optional.of(Culprits.backend(
                    Finding.of(
                            POOL_EXHAUSTED,
                            Strength.PROVED,
                            "requests waited in the proxy's queue for a free connection to " + label(scene)),
                    scene));
        }
        return scene.tries().mostly(Ids.READ_TIMEOUT, Ids.CUT_OFF, BACKLOG_FULL, Ids.CONNECT_TIMEOUT)
                ? said(scene, NO_WORKER_LEFT, POOL_EXHAUSTED, "has no free worker")
                : Optional.empty();
    }

    private static Optional<Finding> said(Scene scene, Set<String> ids, Id id, String what) {
        return scene.backends().stream()
                .flatMap(backend -> {
                    List<HostEvent> lines = UnitLife.of(scene, backend).all(ids);
                    return lines.isEmpty()
                            ? Stream.empty()
                            : Stream.of(Finding.of(
                                            id,
                                            backend.tied() ? Strength.PROVED : Strength.LIKELY,
                                            backend.who() + " " + what)
                                    .at(backend, lines));
                })
                .findFirst();
    }

    private static Optional<Finding> acceptQueue(Scene scene) {
        if (scene.tries().mostly(BACKLOG_FULL)) {
            return Optional.of(Culprits.backend(
                    Finding.of(ACCEPT_QUEUE_FULL, Strength.PROVED, "the accept queue of " + label(scene) + " is full"),
                    scene));
        }
        if (!scene.tries().mostly(Ids.CONNECT_TIMEOUT)) {
            return Optional.empty();
        }
        return scene.backends().stream()
                .flatMap(backend -> overflow(scene, backend).stream())
                .findFirst();
    }

    private static Optional<Finding> overflow(Scene scene, Backend backend) {
        HostView host = backend.host();
        if (host == null) {
            return Optional.empty();
        }
        List<HostEvent> floods = scene.events(host)
                .filter(e -> e.id().equals("syn_flood")
                        && e.signal() instanceof Signal.KernelEvent k
                        && k.detail().equals(String.valueOf(backend.port())))
                .toList();
        boolean full = backend.longestQueue(scene)
                .map(l -> l.backlog() > 0 && l.queued() >= l.backlog())
                .orElse(false);
        if (floods.isEmpty() && !full) {
            return Optional.empty();
        }
        boolean hangs = floods.isEmpty() && isAcceptedInVain(scene);
        return Optional.of(Finding.of(
                        hangs ? UNRESPONSIVE : ACCEPT_QUEUE_FULL,
                        Strength.PROVED,
                        "the accept queue of " + backend.label() + " is full"
                                + (hangs ? ", and nothing of it is served any more" : ""))
                .at(host.name(), backend.unit())
                .provedBy(host.name(), floods));
    }

    /// The kernel took connections on the server's behalf until the queue was full, and nobody answered on any.
    private static boolean isAcceptedInVain(Scene scene) {
        boolean waited = scene.tries().count(Ids.READ_TIMEOUT) + scene.tries().count(HANDSHAKE_TIMEOUT) > 0;
        return waited
                && !scene.isServedWithin(
                        scene.burst().startedAt() + Scene.STAMP_MILLIS,
                        scene.burst().lastFailureAt() - Scene.STAMP_MILLIS);
    }

    /// Not even a health check is answered, nobody accepts the connections that wait, or the kernel or systemd
    /// says that the process hangs. Where some requests are served all the same, or the server is one with
    /// workers, it does not hang but has no worker to spare; without a health check that waits in vain it may
    /// as well be merely slow.
    private static Optional<Finding> unresponsive(Scene scene) {
        if (!scene.tries().mostly(Ids.READ_TIMEOUT)) {
            return Optional.empty();
        }
        Optional<Finding> hangs = said(scene, HANGS, UNRESPONSIVE, "hangs");
        boolean checksTimeOut = scene.seen().stream()
                .map(s -> s.sighting().signal())
                .anyMatch(s ->
                        s instanceof Signal.ServerState state && state.reason().equals("Layer7 timeout"));
        Optional<HostFacts.Listener> queue =
                scene.worst().flatMap(backend -> backend.longestQueue(scene)).filter(Backend::isWaitedInVain);
        boolean serves = scene.worst()
                .map(b -> b.endpoint().lastServedAt() > scene.troubleAt() + Scene.SKEW_MILLIS
                        && b.endpoint().lastServedAt() < scene.burst().lastFailureAt())
                .orElse(false);
        boolean workersBusy = queue.map(Backend::hasWorkers)
                .orElseGet(() -> scene.worst().map(Backend::hasWorkers).orElse(false));
        boolean noWorker = serves || workersBusy;
        if (hangs.isPresent() || (!checksTimeOut && (queue.isEmpty() || noWorker))) {
            return hangs;
        }
        String waiting = queue.map(l -> "; " + l.queued() + " connections waited to be accepted")
                .orElse(", not even health checks");
        Finding finding = noWorker
                ? Finding.of(
                        POOL_EXHAUSTED, Strength.LIKELY, label(scene) + " has no worker left for requests" + waiting)
                : Finding.of(UNRESPONSIVE, Strength.PROVED, label(scene) + " answers nothing" + waiting);
        return Optional.of(Culprits.backend(finding, scene));
    }

    private static Optional<Finding> slow(Scene scene) {
        if (!scene.tries().mostly(Ids.READ_TIMEOUT)) {
            return Optional.empty();
        }
        boolean runs = scene.worst()
                .map(b -> b.tied()
                        && (b.listening() == Listening.YES || b.listening() == Listening.BEFORE)
                        && !isOnlyPublished(scene, b))
                .orElse(false);
        boolean gateway = scene.isBehindProxies();
        String because = label(scene) + " took connections but did not answer within the proxy's timeout"
                + (runs ? "; its unit runs and listens" : "")
                + (gateway ? "; it is a proxy itself, and what it waits for may be the slow one" : "");
        Strength strength = runs && !gateway ? Strength.PROVED : Strength.LIKELY;
        return Optional.of(Culprits.backend(Finding.of(SLOW_RESPONSE, strength, because), scene));
    }

    /// Whether a runtime's own socket for a published port is all that is seen, and not that its container runs.
    private static boolean isOnlyPublished(Scene scene, Backend backend) {
        Workload workload = backend.workload();
        boolean seenRunning = workload != null
                && ContainerLife.of(scene, workload)
                        .during()
                        .map(s -> ContainerLife.isRunning(s.state()))
                        .orElse(false);
        return !seenRunning
                && backend.listener()
                        .map(s -> Workloads.isPortProxy(s.listener()))
                        .orElse(false);
    }

    private static String label(Scene scene) {
        return scene.worst().map(Backend::label).orElse("the server");
    }
}
