package dev.gatewatch.program;

import java.time.Duration;
import java.util.Collection;

/// What compact constructors of configuration records ask of their components. The key is the component's
/// name in the file; the message becomes `bursts.quiet: -5s (expected: a positive duration such as 30s)`.
public final class Require {
    private Require() {}

    /// A duration above zero.
    public static void positive(String key, Duration value) {
        check(value.isPositive(), key, Durations.print(value), "a positive duration such as 30s");
    }

    /// A duration from `least` to `most`.
    public static void between(String key, Duration value, Duration least, Duration most) {
        check(
                value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
                key,
                Durations.print(value),
                "a duration from " + Durations.print(least) + " to " + Durations.print(most));
    }

    /// A number from `least` to `most`.
    public static void between(String key, double value, double least, double most) {
        check(value >= least && value <= most, key, plain(value), "from " + plain(least) + " to " + plain(most));
    }

    /// A number of at least `least`.
    public static void atLeast(String key, double value, double least) {
        check(value >= least, key, plain(value), "at least " + plain(least));
    }

    /// A text that is not blank.
    public static void filled(String key, String value) {
        check(!value.isBlank(), key, "''", "a text");
    }

    /// A list with at least one element.
    public static void filled(String key, Collection<?> value) {
        check(!value.isEmpty(), key, "[]", "at least one element");
    }

    /// Anything else.
    ///
    /// @param expected completes "expected: …"
    public static void check(boolean holds, String key, Object value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: " + expected + ")");
        }
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }
}
