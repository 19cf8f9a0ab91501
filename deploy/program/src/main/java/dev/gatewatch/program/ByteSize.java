package dev.gatewatch.program;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An amount of bytes, written `64KiB`, `1MiB`, `2GiB` or `512B`.
///
/// @param bytes at least 0
public record ByteSize(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12}) ?(B|KiB|MiB|GiB|TiB)");
    private static final Map<String, Integer> SHIFTS = Map.of("B", 0, "KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException(bytes + " (expected: a size of 0 bytes or more)");
        }
    }

    /// Reads an amount with its unit.
    ///
    /// @throws IllegalArgumentException if the text is not that
    public static ByteSize parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(text + " (expected: a size such as 64KiB)");
        }
        int shift = SHIFTS.getOrDefault(form.group(2), 0);
        return new ByteSize(Math.multiplyExact(Long.parseLong(form.group(1)), 1L << shift));
    }

    /// The amount with the largest unit that divides it.
    @Override
    public String toString() {
        if (bytes == 0) {
            return "0B";
        }
        int step = Math.min(Long.numberOfTrailingZeros(bytes) / 10, 4);
        return (bytes >> (10 * step))
                + switch (step) {
                    case 0 -> "B";
                    case 1 -> "KiB";
                    case 2 -> "MiB";
                    case 3 -> "GiB";
                    default -> "TiB";
                };
    }
}
