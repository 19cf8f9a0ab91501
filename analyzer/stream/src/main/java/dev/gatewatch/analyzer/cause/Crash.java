package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The failing server's unit ended by itself: by an error, by a signal, again and again, or because it could
/// not even start.
final class Crash implements Cause {
    static final Id NEVER_STARTED = new Id("backend_down", "never_started");
    static final Id CRASH_LOOP = new Id("app_crash", "crash_loop");
    static final Id EXIT_ERROR = new Id("app_crash", "exit_error");
    static final Id KILLED = new Id("app_crash", "killed");

    /// A process that ends so soon after its start never served, in milliseconds: a program that rejects its
    /// configuration does so before it listens, also where systemd calls it started as soon as it is executed.
    private static final long START_MILLIS = 5_000;

    /// Restarts in the time of the burst that make a loop.
    private static final int LOOP_RESTARTS = 3;

    /// Workers started anew within the burst that mean that workers die again and again.
    private static final int REPLACED_WORKERS = 3;

    /// SIGABRT: the process ended itself, as after an uncaught exception.
    private static final int ABORTED = 6;

    /// systemd ends such a unit, with SIGABRT.
    private static final Set<String> NOT_ALIVE = Set.of("unit_watchdog");

    private static final Set<String> CANNOT_START = Set.of("spawn_failed", "app_bind_in_use");
    private static final Set<String> RESTARTED = Set.of("unit_restart_scheduled");
    /// systemd says so too when it gives up a unit that crashed again and again.
    private static final Set<String> START_FAILED = Set.of("unit_start_failed");

    private static final Set<String> GAVE_UP = Set.of("unit_start_limit");
    private static final Set<String> WORKER_BOOTED = Set.of("app_worker_boot");
    private static final Set<String> WORKER_KILLED = Set.of("app_worker_killed");
    private static final Set<String> FAILED = Set.of("unit_failed");

    @Override
    public List<Id> ids() {
        return List.of(NEVER_STARTED, CRASH_LOOP, EXIT_ERROR, KILLED);
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        return scene.firstOfUnits((backend, life) -> examine(scene, backend, life));
    }

    private static Optional<Finding> examine(Scene scene, Backend backend, UnitLife life) {
        return cannotStart(scene, backend, life)
                .or(() -> loop(scene, backend, life))
                .or(() -> endedAtStart(scene, backend, life))
                .or(() -> exit(scene, backend, life))
                .or(() -> workerKilled(scene, backend, life))
                .or(() -> workersReplaced(scene, backend, life));
    }

    private static Optional<Finding> cannotStart(Scene scene, Backend backend, UnitLife life) {
        List<HostEvent> lines = Stream.of(
                        life.all(CANNOT_START).stream(), life.execFailures(), refusedStarts(life).stream())
                .flatMap(found -> found)
                .sorted(Comparator.comparingLong(HostEvent::at))
                .toList();
        long served = backend.endpoint().lastServedAt(); // after the last failure it is the recovery
        boolean ranInBetween = !lines.isEmpty()
                && served > lines.getFirst().at() + Scene.SKEW_MILLIS
                && served <= scene.burst().lastFailureAt();
        if (lines.isEmpty() || ranInBetween) {
            return Optional.empty();
        }
        String because = backend.who() + " could not start "
                + Wording.beforeTrouble(lines.getFirst().at(), scene);
        return Optional.of(finding(NEVER_STARTED, backend, because, lines, life.all(FAILED)));
    }

    /// Starts that failed without a main process that ended by itself: what runs before it refused.
    private static List<HostEvent> refusedStarts(UnitLife life) {
        return life.crashes().isEmpty() && life.all(GAVE_UP).isEmpty() ? life.all(START_FAILED) : List.of();
    }

    private static Optional<Finding> loop(Scene scene, Backend backend, UnitLife life) {
        List<HostEvent> restarts = life.all(RESTARTED);
        List<HostEvent> gaveUp = life.all(GAVE_UP);
        boolean crashed = !life.crashes().isEmpty() || !life.all(FAILED).isEmpty();
        boolean again = restarts.size() >= LOOP_RESTARTS || !gaveUp.isEmpty();
        if (!crashed || !again) {
            return Optional.empty();
        }
        String because = backend.who() + " crashed and was restarted " + restarts.size() + " times"
                + (gaveUp.isEmpty() ? "" : ", until systemd gave up") + ", first "
                + Wording.beforeTrouble(life.events().getFirst().at(), scene);
        return Optional.of(finding(
                CRASH_LOOP,
                backend,
                because,
                life.crashes(),
                Stream.concat(restarts.stream(), gaveUp.stream()).toList()));
    }

    /// The first process that ended by itself was one that somebody had just started: not what served before, which
    /// was stopped in good order, but what was to take its place.
    private static Optional<Finding> endedAtStart(Scene scene, Backend backend, UnitLife life) {
        Optional<HostEvent> end = life.crash(unit -> true)
                .filter(e -> e.signal() instanceof Signal.UnitEvent unit
                        && unit.exit().equals("exited")
                        && life.isFirstOfItsStart(e, START_MILLIS));
        long served = backend.endpoint().lastServedAt(); // after the last failure it is the recovery
        if (end.isEmpty() || (served > end.get().at() && served <= scene.burst().lastFailureAt())) {
            return Optional.empty();
        }
        String because = backend.who() + " ended with an error as soon as it was started, "
                + Wording.beforeTrouble(end.get().at(), scene);
        return Optional.of(finding(NEVER_STARTED, backend, because, life.crashes(), life.all(FAILED)));
    }

    private static Optional<Finding> exit(Scene scene, Backend backend, UnitLife life) {
        Optional<HostEvent> crash = life.crash(unit -> true);
        if (crash.isEmpty() || !(crash.get().signal() instanceof Signal.UnitEvent unit)) {
            return Optional.empty();
        }
        boolean bySystemd = !life.all(NOT_ALIVE).isEmpty();
        boolean byItself = unit.exit().equals("exited") || (unit.status() == ABORTED && !bySystemd);
        String how = unit.exit().equals("exited")
                ? "exited with status " + unit.status()
                : "was ended by signal " + unit.status();
        String because = backend.who() + " " + how + " "
                + Wording.beforeTrouble(crash.get().at(), scene);
        Finding finding = finding(byItself ? EXIT_ERROR : KILLED, backend, because, life.crashes(), life.all(FAILED));
        return Optional.of(scene.judgedByTime(finding, crash.get(), Scene.AFTER_MILLIS));
    }

    private static Optional<Finding> workerKilled(Scene scene, Backend backend, UnitLife life) {
        List<HostEvent> lines = life.all(WORKER_KILLED).stream()
                .filter(e -> !life.wasAskedFor(e))
                .toList();
        boolean byItsMaster = !life.all(Ids.WORKER_GIVEN_UP).isEmpty();
        if (lines.isEmpty() || byItsMaster || !scene.tries().mostly(Ids.CUT_OFF, Ids.REFUSED, Ids.READ_TIMEOUT)) {
            return Optional.empty();
        }
        String because = "a worker of " + backend.who() + " was killed "
                + Wording.beforeTrouble(lines.getFirst().at(), scene);
        return Optional.of(finding(KILLED, backend, because, lines, List.of()));
    }

    /// Masters like puma's do not say that a worker is gone, only that another one is there. Where requests are cut off
    /// while workers are replaced again and again, and neither the master nor a start accounts for that, something
    /// ends them.
    private static Optional<Finding> workersReplaced(Scene scene, Backend backend, UnitLife life) {
        List<HostEvent> booted = life.all(WORKER_BOOTED).stream()
                .filter(e ->
                        e.at() >= scene.troubleAt() && e.at() <= scene.burst().lastFailureAt())
                .toList();
        boolean accountedFor = life.startAfter(scene.troubleAt() - START_MILLIS).isPresent()
                || !life.all(Ids.WORKER_GIVEN_UP).isEmpty()
                || !life.all(Ids.WORKER_LEFT).isEmpty();
        if (booted.size() < REPLACED_WORKERS || accountedFor || !scene.tries().mostly(Ids.CUT_OFF)) {
            return Optional.empty();
        }
        String because = "workers of " + backend.who() + " ended again and again: " + booted.size()
                + " were started anew while requests were cut off";
        return Optional.of(finding(KILLED, backend, because, booted, List.of()).weakenedTo(Strength.LIKELY));
    }

    private static Finding finding(
            Id id, Backend backend, String because, List<HostEvent> proof, List<HostEvent> more) {
        return Finding.of(id, backend.tied() ? Strength.PROVED : Strength.LIKELY, because)
                .at(backend, proof)
                .at(backend, more);
    }
}
