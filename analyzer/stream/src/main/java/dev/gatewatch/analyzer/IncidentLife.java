package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.burst.Burst;
import dev.gatewatch.analyzer.burst.BurstMachine;
import dev.gatewatch.analyzer.burst.Detector;
import dev.gatewatch.analyzer.burst.ServiceState;
import dev.gatewatch.analyzer.cause.Behind;
import dev.gatewatch.analyzer.cause.Catalogue;
import dev.gatewatch.analyzer.cause.Finding;
import dev.gatewatch.analyzer.cause.Hearing;
import dev.gatewatch.analyzer.cause.Scene;
import dev.gatewatch.analyzer.host.Hosts;
import dev.gatewatch.analyzer.report.IncidentId;
import dev.gatewatch.analyzer.report.IncidentWriter;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.incident.Incident;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The life of a service's incidents: begun by a burst, examined again and again while it lasts, since what is known of
/// the hosts grows, over when the burst is, and revised for some minutes more if lines come late.
///
/// All moments are milliseconds since 1970; `now` is the wall clock.
final class IncidentLife {
    /// How often an incident is told anew at most if only its counts changed, in milliseconds.
    private static final long COUNTS_MILLIS = 5_000;

    /// How long after an incident was resolved late lines may revise it, on the wall clock.
    private static final Duration REVISED = Duration.ofMinutes(10);

    /// So many events that prove a cause are kept while an incident is open.
    static final int MOST_KEPT_PROOF = 10;

    private final BurstMachine machine;
    private final IncidentWriter writer;

    IncidentLife(BurstMachine machine, IncidentWriter writer) {
        this.machine = machine;
        this.writer = writer;
    }

    /// What a service becomes.
    ///
    /// @param incident what is to be told, null if nothing is
    record Next(Watched watched, @Nullable Incident incident) {}

    private record Telling(Watched.Told told, Incident incident) {}

    /// A service after a report, whose stamps are strangers' words. Lines about the time of an
    /// incident that is over belong to it, and begin no other.
    Watched take(Watched watched, ServiceReport told, long now) {
        ServiceReport report = told.readAt(now);
        Watched.Resolved resolved = watched.resolved();
        if (resolved == null) {
            return watched.with(machine.take(watched.state(), report, now));
        }
        ServiceReport late = report.upTo(resolved.at());
        ServiceState then = resolved.state();
        Watched taken = late.isEmpty()
                ? watched
                : watched.with(
                        resolved.with(machine.take(then, late, then.clock().heard())));
        return taken.with(machine.take(watched.state(), report.after(resolved.at()), now));
    }

    /// How near a burst is, of a service that has none.
    Detector.Alarm alarm(Watched watched, long now) {
        return machine.alarm(watched.state(), now);
    }

    /// The incident that begins with a burst; empty if it is only a suspicion, or another service's.
    Optional<Next> open(Watched watched, Detector.Alarm alarm, Hosts hosts, long now) {
        ServiceState begun = machine.begin(watched.state(), now);
        Scene scene = scene(begun, hosts);
        Catalogue.Diagnosis diagnosis = Catalogue.examine(scene);
        boolean proved = diagnosis.best().strength() == Finding.Strength.PROVED;
        boolean suspicionOnly = alarm == Detector.Alarm.SUSPICION && !proved;
        if (suspicionOnly || Catalogue.isToldElsewhere(scene, diagnosis.best())) {
            return Optional.empty();
        }
        String id = IncidentId.of(begun.service(), scene.burst().startedAt());
        Telling first =
                tell(new IncidentWriter.Revision(id, 1, null), begun, scene, diagnosis, Hearing.of(scene, now), now);
        return Optional.of(new Next(new Watched(begun, first.told, watched.resolved()), first.incident));
    }

    /// What becomes of an open incident; empty if there is nothing new to tell.
    Optional<Next> goOn(Watched watched, Watched.Told told, Hosts hosts, long now) {
        ServiceState state = watched.state();
        Scene scene = scene(state, hosts);
        Hearing hearing = Hearing.of(scene, now);
        long clock = state.clock().at(now);
        Catalogue.Diagnosis diagnosis = stillKnown(Catalogue.examine(scene), told, clock - scene.troubleAt());
        if (machine.isOver(state, now, hearing.isComplete())) {
            Telling last = tell(next(told, clock), state, scene, diagnosis, Hearing.ALL, now);
            Watched.Resolved resolved = new Watched.Resolved(state, last.told.withoutDiagnosis(), clock, now);
            return Optional.of(new Next(new Watched(machine.end(state), null, resolved), last.incident));
        }
        boolean changed = !gist(scene, diagnosis, hearing).equals(told.gist());
        boolean more = isMore(scene, diagnosis, told) && clock >= told.at() + COUNTS_MILLIS;
        if (!changed && !more) {
            return Optional.empty();
        }
        Telling anew = tell(next(told, null), state, scene, diagnosis, hearing, now);
        return Optional.of(new Next(new Watched(state, anew.told, watched.resolved()), anew.incident));
    }

    /// What was found, or what was told if that was stronger and its evidence may be forgotten by now.
    ///
    /// @param age how long ago trouble began, in milliseconds
    private static Catalogue.Diagnosis stillKnown(Catalogue.Diagnosis found, Watched.Told told, long age) {
        Catalogue.Diagnosis before = told.diagnosis();
        boolean weaker = found.best().strength().compareTo(told.strength()) < 0;
        return before != null && weaker && age >= Scene.REMEMBERED_MILLIS ? before : found;
    }

    /// What becomes of an incident that is over: late lines change what is told of it, but never open it
    /// again. Empty if nothing changes.
    ///
    /// @param resumedAt since when this instance knows what happens on hosts
    Optional<Next> revise(Watched watched, Watched.Resolved resolved, Hosts hosts, long now, long resumedAt) {
        if (now >= resolved.wall() + REVISED.toMillis()) {
            return Optional.of(new Next(watched.with((Watched.Resolved) null), null));
        }
        Watched.Told told = resolved.told();
        Scene scene = scene(resolved.state(), hosts);
        Catalogue.Diagnosis diagnosis = Catalogue.examine(scene);
        boolean changed = !gist(scene, diagnosis, Hearing.ALL).equals(told.gist()) || isMore(scene, diagnosis, told);
        boolean weaker = diagnosis.best().strength().compareTo(told.strength()) < 0;
        if (!changed || (weaker && mayHaveForgotten(resolved, scene, now, resumedAt))) {
            return Optional.empty();
        }
        Telling revised = tell(next(told, resolved.at()), resolved.state(), scene, diagnosis, Hearing.ALL, now);
        return Optional.of(new Next(watched.with(resolved.with(revised.told.withoutDiagnosis())), revised.incident));
    }

    /// Whether the evidence that an incident was told with may be gone, since it is too old, or since an
    /// instance that has ended knew it.
    private static boolean mayHaveForgotten(Watched.Resolved resolved, Scene scene, long now, long resumedAt) {
        long age = resolved.state().clock().at(now) - scene.troubleAt();
        return resolved.wall() < resumedAt || age >= Scene.REMEMBERED_MILLIS;
    }

    private static IncidentWriter.Revision next(Watched.Told told, @Nullable Long resolvedAt) {
        return new IncidentWriter.Revision(told.id(), told.revision() + 1, resolvedAt);
    }

    private static boolean isMore(Scene scene, Catalogue.Diagnosis diagnosis, Watched.Told told) {
        return scene.burst().failures() != told.failures()
                || diagnosis.best().proof().size() > told.proofs();
    }

    private Telling tell(
            IncidentWriter.Revision revision,
            ServiceState state,
            Scene scene,
            Catalogue.Diagnosis diagnosis,
            Hearing hearing,
            long now) {
        Incident incident = writer.write(revision, state, scene, diagnosis, hearing);
        Watched.Told told = new Watched.Told(
                revision.id(),
                revision.number(),
                state.clock().at(now),
                gist(scene, diagnosis, hearing),
                diagnosis.best().strength(),
                scene.burst().failures(),
                diagnosis.best().proof().size(),
                diagnosis.inShort(MOST_KEPT_PROOF));
        return new Telling(told, incident);
    }

    private static String gist(Scene scene, Catalogue.Diagnosis diagnosis, Hearing hearing) {
        Finding best = diagnosis.best();
        return best.id() + " " + best.strength() + " " + best.culpritHost() + " " + best.culpritUnit() + " "
                + scene.proxies() + " " + scene.relays() + " "
                + scene.backends().stream().map(b -> b.label()).sorted().toList() + " "
                + Behind.of(scene).stream().map(Behind::what).toList()
                + (hearing.isComplete() ? "" : " not heard");
    }

    private static Scene scene(ServiceState state, Hosts hosts) {
        Burst burst = state.burst();
        if (burst == null) {
            throw new IllegalStateException("service " + state.service() + " has an incident but no burst");
        }
        return new Scene(state, burst, hosts);
    }
}
