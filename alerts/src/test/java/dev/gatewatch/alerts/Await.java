package dev.gatewatch.alerts;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/// Waits for what another thread or process does, looking again and again for a bounded time.
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Await() {}

    public static void until(String what, Callable<Boolean> holds) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        Exception last = null;
        while (System.nanoTime() < deadline) {
            try {
                if (holds.call()) {
                    return;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what, last);
    }
}
