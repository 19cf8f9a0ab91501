package dev.gatewatch.standalone.recording;

import dev.gatewatch.wire.SourceKind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Moves recorded lines to another time: every stamp is rewritten in its own format, all other bytes stay.
///
/// @param from recorded moment that becomes `to`
/// @param to when that moment is to be
/// @param speed how many recorded seconds pass in one
/// @param recordedOffset UTC offset of the recorded host, for stamps without zone
/// @param offset UTC offset that rewritten stamps have
/// @param recordedBoot kernel's zero of the recorded host
/// @param boot kernel's zero that rewritten kernel records count from
public record Retimer(
        Instant from,
        Instant to,
        int speed,
        ZoneOffset recordedOffset,
        ZoneOffset offset,
        Instant recordedBoot,
        Instant boot) {
    private static final Pattern BRACKETED =
            Pattern.compile("(?<=\\[)\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}(?=\\])");
    private static final Pattern BRACKETED_MILLIS =
            Pattern.compile("(?<=\\[)\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(?=\\])");
    private static final Pattern SLASHED = Pattern.compile("(?m)^\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d");
    private static final Pattern SYSLOG = Pattern.compile("(?m)^[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d");
    private static final Pattern JOURNAL =
            Pattern.compile("(?<=\"(?:__REALTIME_TIMESTAMP|_SOURCE_REALTIME_TIMESTAMP)\":\")\\d{1,18}(?=\")");
    private static final Pattern KERNEL = Pattern.compile("(?m)(?<=^\\d{1,4},\\d{1,12},)\\d{1,18}(?=,)");

    private static final Pattern ISO =
            Pattern.compile("(?<!\\d)\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:\\d\\d)");
    private static final Pattern SECONDS = Pattern.compile("(?<=\"ts\":)\\d{1,10}\\.\\d{1,9}");

    private static final DateTimeFormatter TIME_LOCAL = format("dd/MMM/uuuu:HH:mm:ss Z");
    private static final DateTimeFormatter ACCEPTED = format("dd/MMM/uuuu:HH:mm:ss.SSS");
    private static final DateTimeFormatter ERROR_LOG = format("uuuu/MM/dd HH:mm:ss");
    private static final DateTimeFormatter SYSLOG_OUT = format("MMM ppd HH:mm:ss");
    private static final DateTimeFormatter SYSLOG_IN = format("uuuu MMM ppd HH:mm:ss");

    /// When a recorded moment is to be.
    public Instant retime(Instant recorded) {
        return to.plus(Duration.between(from, recorded).dividedBy(speed));
    }

    /// Whole lines of a source, retimed.
    public byte[] retime(SourceKind source, byte[] lines) {
        String text =
                new String(lines, StandardCharsets.ISO_8859_1); // a character a byte, so that all others pass untouched
        String retimed = switch (source) {
            case NGINX_ACCESS -> replace(text, BRACKETED, this::zoned);
            case NGINX_ERROR -> replace(text, SLASHED, stamp -> local(stamp, ERROR_LOG));
            case HAPROXY ->
                replace(replace(text, SYSLOG, this::syslog), BRACKETED_MILLIS, stamp -> local(stamp, ACCEPTED));
            case TRAEFIK -> replace(replace(text, BRACKETED, this::zoned), ISO, this::iso);
            case ALB, ENVOY -> replace(text, ISO, this::iso);
            case CADDY -> replace(text, SECONDS, this::seconds);
            case JOURNALD -> replace(text, JOURNAL, this::micros);
            case KERNEL -> replace(text, KERNEL, this::sinceBoot);
        };
        return retimed.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String replace(String text, Pattern stamp, UnaryOperator<String> retimed) {
        return stamp.matcher(text).replaceAll(m -> retimed.apply(m.group()));
    }

    private String zoned(String stamp) {
        Instant recorded = OffsetDateTime.parse(stamp, TIME_LOCAL).toInstant();
        return TIME_LOCAL.format(retime(recorded).atOffset(offset));
    }

    private String local(String stamp, DateTimeFormatter format) {
        Instant recorded = LocalDateTime.parse(stamp, format).toInstant(recordedOffset);
        return format.format(retime(recorded).atOffset(offset));
    }

    private String syslog(String stamp) {
        int year = from.atOffset(recordedOffset).getYear();
        Instant recorded = LocalDateTime.parse(year + " " + stamp, SYSLOG_IN).toInstant(recordedOffset);
        return SYSLOG_OUT.format(retime(recorded).atOffset(offset));
    }

    private String iso(String stamp) {
        return retime(OffsetDateTime.parse(stamp).toInstant()).atOffset(offset).toString();
    }

    private String seconds(String stamp) {
        BigDecimal seconds = new BigDecimal(stamp);
        Instant retimed =
                retime(Instant.EPOCH.plusNanos(seconds.movePointRight(9).longValue()));
        return BigDecimal.valueOf(micros(retimed), 6).toPlainString();
    }

    private String micros(String stamp) {
        long micros = Long.parseLong(stamp);
        return Long.toString(micros(
                retime(Instant.EPOCH.plusNanos(micros % 1_000_000 * 1_000).plusSeconds(micros / 1_000_000))));
    }

    private String sinceBoot(String stamp) {
        Instant recorded = recordedBoot.plus(Duration.ofNanos(Long.parseLong(stamp) * 1_000));
        return Long.toString(Math.max(0, micros(retime(recorded)) - micros(boot)));
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT);
    }
}
