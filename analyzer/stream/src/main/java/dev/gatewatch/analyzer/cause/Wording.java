package dev.gatewatch.analyzer.cause;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Times in sentences.
public final class Wording {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

    /// How near two moments are that whole seconds cannot order, in milliseconds.
    private static final long SAME_MOMENT_MILLIS = 1_500;

    private Wording() {}

    /// `14:02:27`, UTC.
    public static String clock(long at) {
        return CLOCK.format(Instant.ofEpochMilli(at));
    }

    /// When an event was, seen from the moment that trouble began: `12 s before the first failure`. Many
    /// lines carry whole seconds only, so what is nearer than that has no order.
    static String beforeTrouble(long at, Scene scene) {
        long millis = scene.troubleAt() - at;
        if (Math.abs(millis) < SAME_MOMENT_MILLIS) {
            return "at " + clock(at) + ", as the first request failed";
        }
        return "at " + clock(at) + ", " + Math.round(Math.abs(millis) / 1000.0) + " s "
                + (millis > 0 ? "before" : "after") + " the first request failed";
    }
}
