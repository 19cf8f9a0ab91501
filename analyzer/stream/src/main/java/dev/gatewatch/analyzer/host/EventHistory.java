package dev.gatewatch.analyzer.host;

import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.wire.SourceKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What happened on one host of late, oldest first. Immutable; bounded in number and in time, so that a noisy
/// host costs no more than a quiet one.
public final class EventHistory {
    /// How long an event is kept after a newer one, in milliseconds: longer than any cause is looked back
    /// for.
    public static final long KEPT_MILLIS = 15 * 60_000;

    /// How many events of a host are kept at most.
    static final int KEPT_EVENTS = 500;

    /// How many events of one kind (same id) are kept at most, so that one noisy kind does not push out the others.
    static final int KEPT_OF_A_KIND = 60;

    /// The same for servers of which a proxy says that they do not answer: a proxy may have many, which go down at
    /// once.
    static final int KEPT_OF_SERVERS = 300;

    /// How far the stamps of a line of the kernel and of its copy in the journal may lie apart, in
    /// milliseconds.
    private static final long COPY_MILLIS = 2_000;

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

    /// This history and one event more. An event that is there already is not taken twice, nor is the journal's
    /// copy of what the kernel's own log has.
    public EventHistory with(HostEvent event) {
        boolean fromJournal = event.source().equals(SourceKind.JOURNALD.id());
        if (events.contains(event) || (fromJournal && events.stream().anyMatch(e -> isCopy(event, e)))) {
            return this;
        }
        List<HostEvent> all = new ArrayList<>(events.size() + 1);
        all.addAll(events);
        all.removeIf(e -> isCopy(e, event));
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

    /// Whether one event is the journal's copy of another in the kernel's log.
    private static boolean isCopy(HostEvent copy, HostEvent original) {
        return copy.source().equals(SourceKind.JOURNALD.id())
                && original.source().equals(SourceKind.KERNEL.id())
                && Math.abs(copy.at() - original.at()) <= COPY_MILLIS
                && isSame(copy.signal(), original.signal());
    }

    private static boolean isSame(Signal a, Signal b) {
        return switch (a) {
            case Signal.KernelEvent k ->
                b instanceof Signal.KernelEvent other
                        && new Signal.KernelEvent(k.id(), other.at(), k.pid(), k.process(), k.cgroup(), k.detail())
                                .equals(other);
            case Signal.Packet p ->
                b instanceof Signal.Packet other
                        && new Signal.Packet(p.id(), other.at(), p.prefix(), p.source(), p.destination(), p.port())
                                .equals(other);
            default -> false;
        };
    }

    private static void dropSurplusOfKind(List<HostEvent> all, HostEvent event) {
        long ofKind = all.stream().filter(e -> e.id().equals(event.id())).count();
        int kept = event.signal() instanceof Signal.ServerState ? KEPT_OF_SERVERS : KEPT_OF_A_KIND;
        if (ofKind > kept) {
            // the oldest one stays, since it tells when it began
            all.stream()
                    .filter(e -> e.id().equals(event.id()))
                    .skip(1)
                    .findFirst()
                    .ifPresent(all::remove);
        }
    }
}
