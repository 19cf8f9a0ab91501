package dev.gatewatch.analyzer.cause;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Times in sentences.
public final class Wording {
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

    private Wording() {}

    /// `14:02:27`, UTC.
    public static String clock(long at) {
        return CLOCK.format(Instant.ofEpochMilli(at));
    }

    /// When an event was, seen from the moment that trouble began: `0.3 s before the first failure`.
    static String beforeTrouble(long at, Scene scene) {
        double seconds = (scene.troubleAt() - at) / 1000.0;
        String size = String.format(Locale.ROOT, Math.abs(seconds) < 10 ? "%.1f s" : "%.0f s", Math.abs(seconds));
        return size + (seconds >= 0 ? " before" : " after") + " the first failure";
    }
}
