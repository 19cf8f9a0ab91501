package dev.gatewatch.analyzer.grammar;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// A date and time as a line gives it: perhaps without year, perhaps without zone.
///
/// @param year [#UNKNOWN] if the line does not tell
/// @param millisOfDay milliseconds since midnight
/// @param offsetSeconds distance from UTC, [#UNKNOWN] if the line does not tell
public record Stamp(int year, int month, int day, int millisOfDay, int offsetSeconds) {
    /// For a part that the line does not tell.
    public static final int UNKNOWN = Integer.MIN_VALUE;

    /// No stamp at all.
    public static final Stamp NONE = new Stamp(UNKNOWN, 0, 0, 0, UNKNOWN);

    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
    private static final long DAY = 86_400_000;

    /// The last second of the year 9999.
    private static final long LAST_SECOND = 253_402_300_799L;

    /// Milliseconds since 1970. The reader's time stands in for a missing stamp, and finds the year of a
    /// stamp without one.
    public long millis(ZoneOffset host, Instant readAt) {
        if (month == 0) {
            return readAt.toEpochMilli();
        }
        long shift = 1000L * (offsetSeconds == UNKNOWN ? host.getTotalSeconds() : offsetSeconds);
        if (year != UNKNOWN) {
            return millisIn(year) - shift;
        }
        int thisYear = readAt.atOffset(host).getYear();
        long best = millisIn(thisYear) - shift;
        for (int candidate : new int[] {thisYear - 1, thisYear + 1}) {
            long other = millisIn(candidate) - shift;
            if (Math.abs(other - readAt.toEpochMilli()) < Math.abs(best - readAt.toEpochMilli())) {
                best = other;
            }
        }
        return best;
    }

    private long millisIn(int someYear) {
        return epochDay(someYear, month, day) * DAY + millisOfDay;
    }

    /// Days since 1970 of a civil date, by eras of 400 years.
    private static long epochDay(int year, int month, int day) {
        int shifted = month <= 2 ? year - 1 : year;
        int era = Math.floorDiv(shifted, 400);
        int yearOfEra = shifted - era * 400;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - 719_468;
    }

    /// Seconds since 1970, UTC; no stamp if they are negative.
    static Stamp ofEpochSecond(long seconds) {
        if (seconds < 0) {
            return NONE;
        }
        LocalDate day = LocalDate.ofEpochDay(Math.min(seconds, LAST_SECOND) / 86_400);
        int second = (int) (seconds % 86_400);
        return new Stamp(day.getYear(), day.getMonthValue(), day.getDayOfMonth(), second * 1000, 0);
    }

    Stamp plusMillis(int millis) {
        return new Stamp(year, month, day, millisOfDay + millis, offsetSeconds);
    }

    /// `2026/11/22 13:52:29`, as NGINX's error log has it.
    public static Stamp slashed(Cursor line) {
        int year = line.digits(4);
        line.skip("/");
        int month = line.digits(2);
        line.skip("/");
        int day = line.digits(2);
        line.skip(" ");
        return checked(line, new Stamp(year, month, day, timeOfDay(line), UNKNOWN));
    }

    /// `22/Nov/2026:13:52:29 +0000` or `22/Nov/2026:13:52:29.123`, as access logs have it.
    public static Stamp common(Cursor line) {
        int day = line.digits(2);
        line.skip("/");
        int month = month(line);
        line.skip("/");
        int year = line.digits(4);
        line.skip(":");
        int time = timeOfDay(line) + fraction(line);
        int offset = UNKNOWN;
        if (line.peek() == ' ' && (line.peek(1) == '+' || line.peek(1) == '-')) {
            line.skip(" ");
            offset = offset(line);
        }
        return checked(line, new Stamp(year, month, day, time, offset));
    }

    /// `2026-11-22T13:52:29.123456+00:00`, also with a blank for the `T`, a comma for the point, or without
    /// zone.
    public static Stamp iso(Cursor line) {
        int year = line.digits(4);
        line.skip("-");
        int month = line.digits(2);
        line.skip("-");
        int day = line.digits(2);
        if (!line.take('T')) {
            line.skip(" ");
        }
        int time = timeOfDay(line) + fraction(line);
        int offset = UNKNOWN;
        if (line.take('Z')) {
            offset = 0;
        } else if (line.peek() == '+' || line.peek() == '-') {
            offset = offset(line);
        }
        return checked(line, new Stamp(year, month, day, time, offset));
    }

    /// `Nov 22 13:52:29` or `Nov  2 13:52:29`, as syslog has it.
    public static Stamp syslog(Cursor line) {
        int month = month(line);
        line.skip(" ");
        line.skipBlanks();
        int day = (int) line.digits();
        line.skip(" ");
        return checked(line, new Stamp(UNKNOWN, month, day, timeOfDay(line), UNKNOWN));
    }

    /// Whether a month's name stands here, as at the beginning of a syslog line.
    static boolean atMonth(Cursor line) {
        return monthAt(line) > 0 && line.peek(3) == ' ' && (line.peek(4) == ' ' || Slice.isDigit(line.peek(4)));
    }

    private static Stamp checked(Cursor line, Stamp stamp) {
        boolean fits = stamp.month >= 1 && stamp.month <= 12 && stamp.day >= 1 && stamp.day <= 31;
        if (!fits) {
            line.fail("a date");
        }
        return line.malformed() ? NONE : stamp;
    }

    private static int timeOfDay(Cursor line) {
        int hour = line.digits(2);
        line.skip(":");
        int minute = line.digits(2);
        line.skip(":");
        int second = line.digits(2);
        if (hour > 23 || minute > 59 || second > 60) {
            line.fail("a time of day");
        }
        return ((hour * 60 + minute) * 60 + second) * 1000;
    }

    /// `.123456` or nothing, in milliseconds.
    private static int fraction(Cursor line) {
        if (!Slice.isDigit(line.peek(1)) || !(line.take('.') || line.take(','))) {
            return 0;
        }
        int millis = 0;
        int scale = 100;
        while (line.atDigit()) {
            millis += scale * line.digits(1);
            scale /= 10;
        }
        return millis;
    }

    private static int offset(Cursor line) {
        int sign = line.take('-') ? -1 : 1;
        line.take('+');
        int hours = line.digits(2);
        line.take(':');
        int minutes = line.digits(2);
        return sign * (hours * 60 + minutes) * 60;
    }

    private static int month(Cursor line) {
        int month = monthAt(line);
        if (month == 0) {
            line.fail("a month");
        }
        line.moveTo(line.column() + 3);
        return month;
    }

    private static int monthAt(Cursor line) {
        for (int i = 0; i < 12; i++) {
            if ((line.peek() | 0x20) == MONTHS.charAt(3 * i)
                    && (line.peek(1) | 0x20) == MONTHS.charAt(3 * i + 1)
                    && (line.peek(2) | 0x20) == MONTHS.charAt(3 * i + 2)) {
                return i + 1;
            }
        }
        return 0;
    }
}
