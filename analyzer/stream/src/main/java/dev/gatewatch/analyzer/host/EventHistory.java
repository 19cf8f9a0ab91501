package dev.gatewatch.analyzer.host;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What happened on one host of late, oldest first. Immutable; bounded in number and in time, so that a noisy
/// host costs no more than a quiet one.
public final class EventHistory {
    /// How long an event is kept after a newer one, in milliseconds: longer than any cause is looked back
    /// for.
    static final long KEPT_MILLIS = 15 * 60_000;

    /// How many events of a host are kept at most.
    static final int KEPT_EVENTS = 500;

    /// How many events of one kind (same id, same unit) are kept at most, so that one noisy kind does not
    /// push out the others.
    static final int KEPT_OF_A_KIND = 60;

    /// No event.
    public static final EventHistory NONE = new EventHistory(List.of());

    private final List<HostEvent> events;

    private EventHistory(List<HostEvent> events) {
        this.events = events;
    }

    /// The events, oldest first.
    public List<HostEvent> events() {
        return events;
    }

    /// This history and one event more. An event that is there already is not taken twice.
    public EventHistory with(HostEvent event) {
        if (events.contains(event)) {
            return this;
        }
        List<HostEvent> all = new ArrayList<>(events.size() + 1);
        all.addAll(events);
        all.add(event);
        all.sort(Comparator.comparingLong(HostEvent::at));
        long oldest = all.getLast().at() - KEPT_MILLIS;
        all.removeIf(e -> e.at() < oldest);
        dropSurplusOfKind(all, event);
        while (all.size() > KEPT_EVENTS) {
            all.removeFirst();
        }
        return new EventHistory(List.copyOf(all));
    }

    private static void dropSurplusOfKind(List<HostEvent> all, HostEvent event) {
        long ofKind = all.stream().filter(e -> e.id().equals(event.id())).count();
        if (ofKind > KEPT_OF_A_KIND) {
            // the oldest one stays, since it tells when it began
            all.stream()
                    .filter(e -> e.id().equals(event.id()))
                    .skip(1)
                    .findFirst()
                    .ifPresent(all::remove);
        }
    }
}
