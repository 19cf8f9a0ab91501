package dev.gatewatch.alerts.page;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Ids and amounts as people read them.
final class Words {
    private static final Set<String> ACRONYMS = Set.of("tls", "http", "https", "oom", "dns", "tcp", "ip", "cpu");
    private static final String THIN_SPACE = "\u202f";

    private Words() {}

    /// `backend_down` as `Backend down`.
    static String title(String id) {
        String words = lower(id);
        return words.isEmpty() ? words : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    /// `oom_kill` as `OOM kill`.
    static String lower(String id) {
        return Arrays.stream(id.split("_", -1))
                .map(word -> ACRONYMS.contains(word) ? word.toUpperCase(Locale.ROOT) : word)
                .collect(Collectors.joining(" "));
    }

    /// `Backend down, clean stop`.
    static String cause(String cause, @Nullable String subCause) {
        return subCause == null ? title(cause) : title(cause) + ", " + lower(subCause);
    }

    /// `12 345`.
    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(",", THIN_SPACE);
    }

    static String percent(double share) {
        double percent = share * 100;
        String pattern = percent == 0 || percent >= 9.95 ? "%.0f" : "%.1f";
        return String.format(Locale.ROOT, pattern, percent) + THIN_SPACE + "%";
    }

    /// The two largest units: `1 h 4 min`, `12 s`, `0.4 s`.
    static String span(Duration duration) {
        Duration size = duration.isNegative() ? Duration.ZERO : duration;
        if (size.toSeconds() < 10) {
            return String.format(Locale.ROOT, "%.1f s", size.toMillis() / 1_000.0);
        }
        if (size.toMinutes() < 1) {
            return size.toSeconds() + " s";
        }
        if (size.toHours() < 1) {
            return two(size.toMinutes(), "min", size.toSecondsPart(), "s");
        }
        return size.toDays() < 1
                ? two(size.toHours(), "h", size.toMinutesPart(), "min")
                : two(size.toDays(), "d", size.toHoursPart(), "h");
    }

    static String plural(long count, String one, String many) {
        return number(count) + " " + (count == 1 ? one : many);
    }

    /// The beginning of a long text, with how much is missing.
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end) + "… (" + number(text.length() - end) + " more characters)";
    }

    private static String two(long large, String largeUnit, long small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }
}
