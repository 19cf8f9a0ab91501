package dev.gatewatch.alerts.events;

import java.util.concurrent.atomic.AtomicLong;

/// Picks the 1st, 2nd, 4th, 8th, … of many, for events that may come in floods.
final class Samples {
    private final AtomicLong count = new AtomicLong();

    boolean next() {
        return Long.bitCount(count.incrementAndGet()) == 1;
    }
}
