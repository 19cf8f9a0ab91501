package dev.gatewatch.alerts.board;

import dev.gatewatch.incident.Incident;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The incidents that are open or were recently. One thread applies changes, any thread reads views or waits
/// for the next one.
///
/// Of one incident the highest revision wins, in whatever order and how often ever they arrive, so that the
/// topic can be read again from its beginning at any time.
public final class Board {
    private static final Comparator<Incident> OPEN_FIRST_NEWEST_FIRST = Comparator.comparing(Incident::state)
            .thenComparing(Incident::startedAt, Comparator.reverseOrder())
            .thenComparing(Incident::id);

    private final Retention retention;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile View view = View.EMPTY;

    public Board(Retention retention, InstantSource clock) {
        this.retention = retention;
        this.clock = clock;
    }

    /// The incidents as they are now.
    public View view() {
        return view;
    }

    /// Takes in what was read, and drops what is too old or too much.
    public void apply(List<Change> changes) {
        Map<String, Incident> incidents = new HashMap<>(view.byId());
        boolean different = false;
        for (Change change : changes) {
            different |= apply(change, incidents);
        }
        different |= incidents.values().removeIf(this::expired);
        if (different) {
            List<Incident> sorted = new ArrayList<>(incidents.values());
            sorted.sort(OPEN_FIRST_NEWEST_FIRST);
            List<Incident> kept = sorted.subList(0, Math.min(sorted.size(), retention.incidents()));
            publish(view.complete(), List.copyOf(kept));
        }
    }

    /// Notes that the topic has been read to its end.
    public void complete() {
        if (!view.complete()) {
            publish(true, view.incidents());
        }
    }

    /// Waits until the version is another than the one given, or the time is up.
    public View awaitChange(long version, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (view.version() == version && left > 0) {
                left = changed.awaitNanos(Math.min(left, TimeUnit.HOURS.toNanos(1)));
            }
            return view;
        } finally {
            lock.unlock();
        }
    }

    private static boolean apply(Change change, Map<String, Incident> incidents) {
        return switch (change) {
            case Change.Removed(String id) -> incidents.remove(id) != null;
            case Change.Revised(Incident incident) -> {
                Incident known = incidents.get(incident.id());
                boolean newer = known == null || incident.revision() > known.revision();
                if (newer) {
                    incidents.put(incident.id(), incident);
                }
                yield newer;
            }
        };
    }

    private boolean expired(Incident incident) {
        Instant resolvedAt = incident.resolvedAt();
        Instant end = resolvedAt == null ? incident.lastFailureAt() : resolvedAt;
        return end.isBefore(clock.instant().minus(retention.age()));
    }

    private void publish(boolean complete, List<Incident> incidents) {
        Map<String, Incident> byId = LinkedHashMap.newLinkedHashMap(incidents.size());
        incidents.forEach(incident -> byId.put(incident.id(), incident));
        lock.lock();
        try {
            view = new View(view.version() + 1, complete, incidents, Collections.unmodifiableMap(byId));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
