package dev.gatewatch.analyzer.burst;

import java.util.ArrayList;
import java.util.List;

/// What was counted in the last hours, in slots of ten minutes, for bursts that are noticed long after they began.
///
/// @param slots oldest first; none reaches further back than six hours
public record Hours(List<Slot> slots) {
    static final Hours NONE = new Hours(List.of());

    private static final long SLOT_SECONDS = 600;
    private static final int KEPT_SLOTS = 36;

    public Hours {
        slots = List.copyOf(slots);
    }

    /// Ten minutes.
    ///
    /// @param second where it begins, seconds since 1970
    /// @param counts all requests, over all proxies
    public record Slot(long second, Counts counts) {}

    /// The hours with a second that has passed.
    ///
    /// @param settled all proxies' counts of this second
    Hours with(long second, Counts settled) {
        long start = Math.floorDiv(second, SLOT_SECONDS) * SLOT_SECONDS;
        boolean opens = slots.isEmpty() || slots.getLast().second() < start; // late seconds fall into the newest
        Slot newest = opens ? new Slot(start, Counts.NONE) : slots.getLast();
        List<Slot> more = new ArrayList<>(opens ? slots : slots.subList(0, slots.size() - 1));
        more.add(new Slot(newest.second(), newest.counts().and(settled.withoutAskers())));
        long oldest = newest.second() - KEPT_SLOTS * SLOT_SECONDS;
        while (more.getFirst().second() <= oldest) {
            more.removeFirst();
        }
        return new Hours(more);
    }

    /// What is counted from this second on.
    public Counts since(long second) {
        Counts sum = Counts.NONE;
        for (Slot slot : slots) {
            if (slot.second() + SLOT_SECONDS > second) {
                sum = sum.and(slot.counts());
            }
        }
        return sum;
    }
}
