package dev.gatewatch.agent.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that moves only by hand.
public final class HandClock implements InstantSource {
    private volatile Instant now = Instant.now(); // files are born by the clock of the machine

    @Override
    public Instant instant() {
        return now;
    }

    /// Lets time go by.
    public void advance(Duration by) {
        now = now.plus(by);
    }

    /// Sets the time.
    public void set(Instant instant) {
        now = instant;
    }
}
