package dev.gatewatch.program;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;

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

    /// Names of settings that a library reads: one that it does not know, but nearly, is mistyped.
    /// Others may be there for what is plugged into it.
    public static void spelled(String key, Collection<String> settings, Collection<String> known) {
        for (String setting : settings) {
            if (!known.contains(setting)) {
                Names.nearest(setting, known).ifPresent(meant -> {
                    throw new IllegalArgumentException(key + "." + setting + ": unknown key (expected: " + meant + ")");
                });
            }
        }
    }

    /// A setting that a library reads: what it says against the value, if that is given.
    ///
    /// @param complaints what the library says of the setting's value
    public static void accepted(
            String key, Map<String, String> settings, String setting, Collection<String> complaints) {
        String value = settings.get(setting);
        if (value != null && !complaints.isEmpty()) {
            String complaint = complaints.iterator().next();
            check(
                    false,
                    key + "." + setting,
                    value,
                    complaint.replaceFirst("^Invalid value .* for configuration [^:]*: ", ""));
        }
    }

    /// Anything else; a duration is told as in the file.
    ///
    /// @param expected completes "expected: …"
    public static void check(boolean holds, String key, Object value, String expected) {
        if (!holds) {
            String told = value instanceof Duration duration ? Durations.print(duration) : value.toString();
            throw new IllegalArgumentException(key + ": " + told + " (expected: " + expected + ")");
        }
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? Long.toString((long) number)
                : Double.toString(number);
    }
}
