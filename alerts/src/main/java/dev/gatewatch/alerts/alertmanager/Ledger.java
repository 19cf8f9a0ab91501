package dev.gatewatch.alerts.alertmanager;

import dev.gatewatch.incident.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What one Alertmanager has been told, and so what it is due to be told. There is no queue: an alert that
/// could not be sent is still due, in its newest form, until it is taken or superseded.
///
/// A firing alert is due at each revision and each interval; a resolved one likewise while `resolvedFor`
/// lasts, and beyond that until it was taken once, so that a resolve is not lost to an Alertmanager that was
/// away.
final class Ledger {
    /// A resolve that was never taken is given up then.
    private static final Duration PURSUIT = Duration.ofHours(24);
    /// An alert that was found invalid is tried again then, or when its incident changes.
    private static final Duration GRUDGE = Duration.ofMinutes(10);

    /// What was told of a service, and when.
    private record Entry(String incident, int revision, Instant at, boolean taken) {
        boolean about(Subject subject) {
            return incident.equals(subject.incident().id())
                    && revision == subject.incident().revision();
        }
    }

    private final SendingConfig sending;
    private final Map<String, Entry> entries = new HashMap<>();

    Ledger(SendingConfig sending) {
        this.sending = sending;
    }

    /// The subjects that are to be sent now.
    List<Subject> due(List<Subject> subjects, Instant now) {
        return subjects.stream()
                .filter(subject -> !dueAt(subject, now).isAfter(now))
                .toList();
    }

    /// How long nothing will be due unless the board changes, at most `limit`.
    Duration idle(List<Subject> subjects, Instant now, Duration limit) {
        Instant next = now.plus(limit);
        for (Subject subject : subjects) {
            Instant due = dueAt(subject, now);
            next = due.isBefore(next) ? due : next;
        }
        return next.isBefore(now) ? Duration.ZERO : Duration.between(now, next);
    }

    void taken(Collection<Subject> subjects, Instant now) {
        subjects.forEach(subject -> note(subject, now, true));
    }

    void refused(Subject subject, Instant now) {
        note(subject, now, false);
    }

    /// Forgets services that have no incident any more.
    void keepOnly(List<Subject> subjects) {
        entries.keySet().retainAll(subjects.stream().map(Subject::service).collect(Collectors.toSet()));
    }

    private void note(Subject subject, Instant now, boolean taken) {
        entries.put(
                subject.service(),
                new Entry(subject.incident().id(), subject.incident().revision(), now, taken));
    }

    private Instant dueAt(Subject subject, Instant now) {
        Instant until = until(subject.incident());
        if (!now.isBefore(until.plus(PURSUIT))) {
            return Instant.MAX;
        }
        Entry entry = entries.get(subject.service());
        if (entry == null || !entry.about(subject)) {
            return now;
        }
        if (!entry.taken()) {
            return entry.at().plus(GRUDGE);
        }
        Instant next = entry.at().plus(sending.interval());
        return next.isBefore(until) ? next : Instant.MAX;
    }

    private Instant until(Incident incident) {
        Instant resolvedAt = incident.resolvedAt();
        return resolvedAt == null ? Instant.MAX.minus(PURSUIT) : resolvedAt.plus(sending.resolvedFor());
    }
}
