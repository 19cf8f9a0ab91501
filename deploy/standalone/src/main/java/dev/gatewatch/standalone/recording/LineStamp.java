package dev.gatewatch.standalone.recording;

import dev.gatewatch.wire.SourceKind;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads when a line was written from the line's own stamp.
///
/// @param offset of the host that wrote the line, for stamps without zone
/// @param bootedAt the kernel's zero; without it kernel records have no moment
/// @param about a moment near the line's, for stamps without year
record LineStamp(ZoneOffset offset, @Nullable Instant bootedAt, Instant about) {
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    private static final String MONTH = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
    private static final String CLOCK = "(\\d\\d):(\\d\\d):(\\d\\d)";

    /// `22/Nov/2026:14:00:59 +0000`, and HAProxy's form with milliseconds and without zone
    private static final Pattern TIME_LOCAL =
            Pattern.compile("(\\d\\d)/" + MONTH + "/(\\d{4}):" + CLOCK + "(?:\\.(\\d{3}))?(?: ([+-]\\d{4}))?");

    private static final Pattern ERROR_LOG = Pattern.compile("(\\d{4})/(\\d\\d)/(\\d\\d) " + CLOCK);
    private static final Pattern SYSLOG = Pattern.compile("(?:<\\d{1,3}>)?" + MONTH + " +(\\d{1,2}) " + CLOCK);
    private static final Pattern ISO =
            Pattern.compile("(\\d{4})-(\\d\\d)-(\\d\\d)T" + CLOCK + "(?:\\.(\\d{1,9}))?(?:(Z)|([+-]\\d\\d:?\\d\\d))?");
    private static final Pattern JOURNAL = Pattern.compile("\"__REALTIME_TIMESTAMP\"\\s*:\\s*\"(\\d{1,18})\"");
    private static final Pattern SECONDS = Pattern.compile("\"ts\":(\\d{1,11})\\.(\\d{1,9})");
    private static final Pattern KERNEL = Pattern.compile("\\d+,\\d+,(\\d{1,18}),");

    /// When the line was written, null if it does not say it.
    @Nullable
    Instant read(SourceKind kind, String line) {
        try {
            return switch (kind) {
                case NGINX_ACCESS, TRAEFIK -> first(timeLocal(line), iso(line));
                case ALB, ENVOY -> iso(line);
                case CADDY -> seconds(line);
                case NGINX_ERROR -> errorLog(line);
                case HAPROXY -> first(first(syslog(line), leadingIso(line)), timeLocal(line));
                case JOURNALD -> journal(line);
                case KERNEL -> kernel(line);
            };
        } catch (DateTimeException e) {
            return null; // looks like a stamp, but names a 31st of February
        }
    }

    private static @Nullable Instant first(@Nullable Instant one, @Nullable Instant other) {
        return one == null ? other : one;
    }

    private @Nullable Instant timeLocal(String line) {
        Matcher m = TIME_LOCAL.matcher(line);
        if (!m.find()) {
            return null;
        }
        LocalDateTime local = LocalDateTime.of(
                number(m, 3), month(m.group(2)), number(m, 1), number(m, 4), number(m, 5), number(m, 6));
        Instant second = local.toInstant(m.group(8) == null ? offset : ZoneOffset.of(m.group(8)));
        return m.group(7) == null ? second : second.plusMillis(number(m, 7));
    }

    private @Nullable Instant errorLog(String line) {
        Matcher m = ERROR_LOG.matcher(line);
        if (!m.lookingAt()) {
            return null;
        }
        return LocalDateTime.of(number(m, 1), number(m, 2), number(m, 3), number(m, 4), number(m, 5), number(m, 6))
                .toInstant(offset);
    }

    private @Nullable Instant syslog(String line) {
        Matcher m = SYSLOG.matcher(line);
        if (!m.lookingAt()) {
            return null;
        }
        int year = about.atOffset(offset).getYear();
        Instant best = null;
        for (int candidate = year - 1; candidate <= year + 1; candidate++) {
            Instant moment = inYear(candidate, m);
            if (moment != null && (best == null || distance(moment).compareTo(distance(best)) < 0)) {
                best = moment;
            }
        }
        return best;
    }

    private @Nullable Instant inYear(int year, Matcher m) {
        try {
            return LocalDateTime.of(year, month(m.group(1)), number(m, 2), number(m, 3), number(m, 4), number(m, 5))
                    .toInstant(offset);
        } catch (DateTimeException e) {
            return null; // 29 February of another year
        }
    }

    private Duration distance(Instant moment) {
        return Duration.between(moment, about).abs();
    }

    private @Nullable Instant leadingIso(String line) {
        Matcher m = ISO.matcher(line);
        return m.find() && m.start() <= "<999>1 ".length() ? iso(m) : null;
    }

    private @Nullable Instant iso(String line) {
        Matcher m = ISO.matcher(line);
        return m.find() ? iso(m) : null;
    }

    private Instant iso(Matcher m) {
        String fraction = m.group(7) == null ? "" : m.group(7);
        int nanos = Integer.parseInt((fraction + "000000000").substring(0, 9));
        LocalDateTime local = LocalDateTime.of(
                number(m, 1), number(m, 2), number(m, 3), number(m, 4), number(m, 5), number(m, 6), nanos);
        String zone = m.group(9);
        return local.toInstant(m.group(8) != null ? ZoneOffset.UTC : zone != null ? ZoneOffset.of(zone) : offset);
    }

    private static @Nullable Instant seconds(String line) {
        Matcher m = SECONDS.matcher(line);
        return m.find()
                ? Instant.ofEpochSecond(
                        Long.parseLong(m.group(1)), Long.parseLong((m.group(2) + "000000000").substring(0, 9)))
                : null;
    }

    private static @Nullable Instant journal(String line) {
        Matcher m = JOURNAL.matcher(line);
        return m.find() ? ofMicros(Long.parseLong(m.group(1))) : null;
    }

    private @Nullable Instant kernel(String line) {
        Matcher m = KERNEL.matcher(line);
        Instant zero = bootedAt;
        return zero != null && m.lookingAt() ? zero.plusNanos(Long.parseLong(m.group(1)) * 1_000) : null;
    }

    static Instant ofMicros(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
    }

    private static int month(String name) {
        return MONTHS.indexOf(name) / 3 + 1;
    }

    private static int number(Matcher m, int group) {
        return Integer.parseInt(m.group(group));
    }
}
