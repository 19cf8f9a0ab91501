package dev.gatewatch.program;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as operators write them: `100ms`, `30s`, `5m`, `1h30m`, `7d`.
final class Durations {
    private static final Pattern FORM = Pattern.compile("-?(?:\\d{1,12}(?:ms|s|m|h|d))+");
    private static final Pattern PART = Pattern.compile("(\\d+)(ms|s|m|h|d)");

    private Durations() {}

    static Duration parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(text + " (expected: a duration such as 30s)");
        }
        Duration sum = Duration.ZERO;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            sum = sum.plus(Duration.of(Long.parseLong(part.group(1)), unit(part.group(2))));
        }
        return text.startsWith("-") ? sum.negated() : sum;
    }

    static String print(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        Duration size = duration.abs();
        StringBuilder text = new StringBuilder(duration.isNegative() ? "-" : "");
        append(text, size.toDaysPart(), "d");
        append(text, size.toHoursPart(), "h");
        append(text, size.toMinutesPart(), "m");
        append(text, size.toSecondsPart(), "s");
        append(text, size.toMillisPart(), "ms");
        return text.toString();
    }

    private static void append(StringBuilder text, long amount, String unit) {
        if (amount > 0) {
            text.append(amount).append(unit);
        }
    }

    private static ChronoUnit unit(String name) {
        return switch (name) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            default -> ChronoUnit.DAYS;
        };
    }
}
