package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.burst.Seen;
import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The proxy had no server to try: its own health checks or an operator took them out, their names no longer resolve,
/// or its configuration has none.
final class TakenOut implements Cause {
    static final Id MAINTENANCE = new Id("backend_down", "maintenance");
    static final Id HEALTH_CHECK_FAILING = new Id("backend_down", "health_check_failing");

    private static final Set<String> BY_OPERATOR = Set.of("server_maint", "server_drain");
    private static final Set<String> BY_CHECK = Set.of("server_down", "health_check_failed");

    /// How HAProxy calls it when a server is taken out since its name has no address.
    ///
    /// Source: HAProxy, src/server.c, `srv_adm_st_chg_cause_str`
    private static final List<String> BY_NAME =
            List.of("DNS ", "No IP for server", "unspecified DNS error", "entry removed from SRV record");

    /// How long before trouble a reload makes its configuration the first suspect, in milliseconds.
    private static final long RELOAD_MILLIS = 15_000;

    /// A server that lets even health checks wait hangs: that is another cause.
    private static final String HANGS = "Layer7 timeout";

    @Override
    public List<Id> ids() {
        return List.of(Texts.NAME_RESOLUTION, MAINTENANCE, HEALTH_CHECK_FAILING, Texts.NO_BACKEND);
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        if (scene.tries().count(Ids.NO_SERVER) == 0) {
            return Optional.empty();
        }
        Optional<Seen> operator = last(scene, BY_OPERATOR);
        Optional<Seen> check = last(scene, BY_CHECK);
        boolean operatorWasFirst = operator.isPresent() && check.isPresent() && isBefore(operator.get(), check.get());
        return operator.filter(s -> !operatorWasFirst)
                .map(s -> byOperator(scene, s))
                .or(() -> check.flatMap(s -> byCheck(scene, s)))
                .or(() -> byConfiguration(scene));
    }

    /// Who took the last server out is why none was left.
    private static boolean isBefore(Seen operator, Seen check) {
        return operator.sighting().lastAt() < check.sighting().firstAt();
    }

    private static Finding byOperator(Scene scene, Seen line) {
        boolean nameLost = BY_NAME.stream().anyMatch(reason(line)::startsWith);
        String what = nameLost
                ? "the name of " + name(line) + " does not resolve, so that it was taken out of service at "
                : name(line) + " was taken out of service by an operator at ";
        return Culprits.proxyOn(
                line.host(),
                Finding.of(
                        nameLost ? Texts.NAME_RESOLUTION : MAINTENANCE,
                        Strength.PROVED,
                        what + Wording.clock(line.sighting().firstAt())),
                scene);
    }

    private static Optional<Finding> byCheck(Scene scene, Seen line) {
        boolean answers = !reason(line).equals(HANGS) || isOnlyCheckSlow(scene);
        return reason(line).startsWith("Layer7") && answers
                ? Optional.of(Culprits.backend(
                        Finding.of(
                                HEALTH_CHECK_FAILING,
                                reason(line).equals(HANGS) ? Strength.LIKELY : Strength.PROVED,
                                "the health check of " + name(line) + " fails (" + reason(line) + ")"),
                        scene))
                : Optional.empty();
    }

    /// Whether nothing but health checks waits in vain: requests were answered in the whole second before the
    /// check was given up that took the last server out, and none of them timed out. A server that hangs, or has
    /// no worker to spare, lets them wait as well.
    static boolean isOnlyCheckSlow(Scene scene) {
        boolean requestsWait = scene.seen().stream()
                .anyMatch(s -> Ids.READ_TIMEOUT.contains(s.sighting().id()));
        boolean workersBusy = scene.backends().stream().anyMatch(b -> b.hasWorkers() || b.isWaitedFor(scene));
        return scene.tries().count(Ids.NO_SERVER) > 0
                && !requestsWait
                && !workersBusy
                && last(scene, BY_CHECK)
                        .filter(line -> reason(line).equals(HANGS))
                        .map(line -> Math.floorDiv(line.sighting().lastAt(), 1_000L) * 1_000)
                        .map(second -> scene.isServedWithin(second - 1_000, second - 1))
                        .orElse(false);
    }

    /// No server was left from the moment on at which the proxy loaded its configuration, and none went down.
    private static Optional<Finding> byConfiguration(Scene scene) {
        boolean wentDown = last(scene, BY_CHECK).isPresent();
        boolean onlyThat = scene.tries().count(Ids.NO_SERVER) >= scene.burst().failures();
        return wentDown || !onlyThat
                ? Optional.empty()
                : scene.reload(RELOAD_MILLIS)
                        .map(reload -> Culprits.proxyOn(
                                        reload.host(),
                                        Finding.of(
                                                Texts.NO_BACKEND,
                                                Strength.LIKELY,
                                                "the proxy has no server for these requests since it loaded its"
                                                        + " configuration "
                                                        + Wording.beforeTrouble(
                                                                reload.event().at(), scene)),
                                        scene)
                                .provedBy(reload.host(), List.of(reload.event())));
    }

    private static Optional<Seen> last(Scene scene, Set<String> ids) {
        return scene.seen().stream()
                .filter(s -> ids.contains(s.sighting().id()))
                .max(Comparator.comparingLong(s -> s.sighting().lastAt()));
    }

    private static String name(Seen seen) {
        return seen.sighting().target().upstream() + "/"
                + seen.sighting().target().server();
    }

    private static String reason(Seen seen) {
        return seen.sighting().signal() instanceof Signal.ServerState state ? state.reason() : "";
    }
}
