package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What became of a unit around a burst: the questions that several causes ask of systemd's messages.
///
/// @param backend the server whose unit it is
/// @param events the unit's events, oldest first
record UnitLife(Backend backend, List<HostEvent> events) {
    /// How long after a stop was asked for an exit still belongs to it: systemd's default `TimeoutStopSec`
    /// and a little more.
    private static final long STOP_MILLIS = 95_000;

    /// How much later than the exit of a process the stop that ended it may be logged, in milliseconds: systemd and
    /// the unit's processes write to the journal side by side.
    private static final long STOP_LOGGED_MILLIS = 1_000;

    private static final Set<String> NEXT_LIFE = Set.of("unit_stopped", "unit_starting", "unit_started");

    private static final int FIRST_EXEC_STATUS = 200;
    private static final int LAST_EXEC_STATUS = 243;

    static UnitLife of(Scene scene, Backend backend) {
        return new UnitLife(backend, scene.unitEvents(backend).toList());
    }

    /// Main process ends that nobody asked for.
    List<HostEvent> crashes() {
        return events.stream()
                .filter(e -> Ids.MAIN_EXITED.contains(e.id()) && !wasAskedFor(e) && !isCleanExit(e))
                .toList();
    }

    private static boolean isCleanExit(HostEvent event) {
        return event.signal() instanceof Signal.UnitEvent e && e.exit().equals("exited") && e.status() == 0;
    }

    /// Whether the process that ended is the one that was asked to stop, and not the one that was started in
    /// its place.
    boolean wasAskedFor(HostEvent exit) {
        return isAskedForBefore(exit)
                || events.stream()
                        .anyMatch(e -> e.id().equals("unit_stopping")
                                && e.at() >= exit.at()
                                && e.at() <= exit.at() + STOP_LOGGED_MILLIS);
    }

    private boolean isAskedForBefore(HostEvent exit) {
        for (int i = events.indexOf(exit) - 1; i >= 0 && events.get(i).at() >= exit.at() - STOP_MILLIS; i--) {
            if (events.get(i).id().equals("unit_stopping")) {
                return true;
            }
            if (NEXT_LIFE.contains(events.get(i).id())) {
                return false;
            }
        }
        return false;
    }

    /// Whether a process ended within so long after a start that was no restart by systemd, and nothing said in
    /// between that it was ready.
    boolean isFirstOfItsStart(HostEvent exit, long within) {
        Optional<HostEvent> start = events.stream()
                .filter(e -> e.id().equals("unit_started") && e.at() <= exit.at() && e.at() >= exit.at() - within)
                .max(Comparator.comparingLong(HostEvent::at));
        return start.isPresent()
                && events.stream()
                        .filter(e -> e.at() <= exit.at())
                        .noneMatch(e -> e.id().equals("unit_restart_scheduled")
                                || (Ids.READY.contains(e.id())
                                        && e.at() >= start.get().at()));
    }

    /// The first crash that ended like this.
    Optional<HostEvent> crash(Predicate<Signal.UnitEvent> ended) {
        return crashes().stream()
                .filter(e -> e.signal() instanceof Signal.UnitEvent unit && ended.test(unit))
                .findFirst();
    }

    /// Starts that failed since the program could not be executed, also right after a stop that was asked
    /// for.
    Stream<HostEvent> execFailures() {
        return events.stream()
                .filter(e -> e.signal() instanceof Signal.UnitEvent unit
                        && Ids.MAIN_EXITED.contains(e.id())
                        && isExecFailure(unit));
    }

    /// Whether the process never ran: systemd could not execute it. Status 200 to 243 come from systemd
    /// itself.
    ///
    /// Source: systemd.exec(5), "Process Exit Codes"
    static boolean isExecFailure(Signal.UnitEvent unit) {
        return unit.exit().equals("exited") && unit.status() >= FIRST_EXEC_STATUS && unit.status() <= LAST_EXEC_STATUS;
    }

    /// The stop that took the server away: of those before trouble began, or just after it as logs go, the one that is
    /// nearest to that moment.
    Optional<HostEvent> stopBefore(long troubleAt) {
        Optional<HostEvent> stop = events.stream()
                .filter(e -> e.id().equals("unit_stopped") && e.at() <= troubleAt + Scene.SKEW_MILLIS)
                .filter(e -> !followsCrash(e))
                .min(Comparator.comparingLong(e -> Math.abs(e.at() - troubleAt)));
        return stop.or(() -> events.stream()
                .filter(e -> e.id().equals("unit_stopping") && e.at() <= troubleAt + Scene.SKEW_MILLIS)
                .max(Comparator.comparingLong(HostEvent::at)));
    }

    /// Whether it was asked to stop, or stopped, in this time.
    boolean wasStoppedWithin(long from, long to) {
        return events.stream()
                .anyMatch(e -> (e.id().equals("unit_stopping") || e.id().equals("unit_stopped"))
                        && e.at() >= from
                        && e.at() <= to);
    }

    /// When the stop was asked for that ended like this.
    long stopAskedAt(HostEvent stopped) {
        return events.stream()
                .filter(e -> e.id().equals("unit_stopping")
                        && e.at() <= stopped.at()
                        && e.at() >= stopped.at() - STOP_MILLIS)
                .mapToLong(HostEvent::at)
                .max()
                .orElse(stopped.at());
    }

    /// systemd says "Stopped" also before it restarts a unit that crashed.
    private boolean followsCrash(HostEvent stopped) {
        return events.stream()
                .anyMatch(e -> e.at() <= stopped.at()
                        && e.at() >= stopped.at() - STOP_MILLIS
                        && (e.id().equals("unit_restart_scheduled") || e.id().equals("unit_failed"))
                        && noStartBetween(e.at(), stopped.at()));
    }

    private boolean noStartBetween(long from, long to) {
        return events.stream().noneMatch(e -> e.id().equals("unit_started") && e.at() > from && e.at() < to);
    }

    /// The first start after a moment.
    Optional<HostEvent> startAfter(long at) {
        return events.stream()
                .filter(e -> e.id().equals("unit_started") && e.at() >= at)
                .findFirst();
    }

    /// The unit's events of these kinds.
    List<HostEvent> all(Set<String> ids) {
        return events.stream().filter(e -> ids.contains(e.id())).toList();
    }
}
