package dev.gatewatch.analyzer.grammar;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.function.Function;

/// Reads stamps that mostly differ from the one before in their seconds only, without allocating for these.
final class StampClock {
    /// For what is no such stamp.
    static final long NONE = Long.MIN_VALUE;

    private final Function<Cursor, Stamp> grammar;
    private final int secondsAt;
    private final byte[] known;
    private final long zoneMask;
    private ZoneOffset offset = ZoneOffset.UTC;
    private long head;
    private long middle;
    private long beforeSeconds;
    private long end;
    private long minute = NONE;

    /// @param grammar reads such a stamp
    /// @param secondsAt where its two digits of seconds stand
    /// @param length its length
    StampClock(Function<Cursor, Stamp> grammar, int secondsAt, int length) {
        this.grammar = grammar;
        this.secondsAt = secondsAt;
        this.known = new byte[length];
        int zone = length - secondsAt - 2;
        this.zoneMask = zone == 0 ? 0 : -1L << (Long.SIZE - zone * Byte.SIZE);
    }

    /// `22/Nov/2026:13:55:15`
    static StampClock commonWithoutZone() {
        return new StampClock(Stamp::common, 18, 20);
    }

    /// `22/Nov/2026:13:52:29 +0000`
    static StampClock common() {
        return new StampClock(Stamp::common, 18, 26);
    }

    /// `2026-11-22T13:52:29+00:00`
    static StampClock iso() {
        return new StampClock(Stamp::iso, 17, 25);
    }

    int length() {
        return known.length;
    }

    /// Takes the offset of stamps without zone.
    void use(ZoneOffset host) {
        if (!host.equals(offset)) {
            offset = host;
            minute = NONE;
        }
    }

    /// Milliseconds since 1970 of the stamp at the index, [#NONE] if none stands there.
    long millis(byte[] bytes, int at, int to) {
        if (to - at < known.length) {
            return NONE;
        }
        int tens = bytes[at + secondsAt] - '0';
        int ones = bytes[at + secondsAt + 1] - '0';
        if (tens < 0 || tens > 5 || ones < 0 || ones > 9 || !(isKnown(bytes, at) || learns(bytes, at))) {
            return NONE;
        }
        return minute + (tens * 10 + ones) * 1000L;
    }

    /// Whether all but the seconds is as it was. At least sixteen bytes precede these, at most eight follow.
    private boolean isKnown(byte[] bytes, int at) {
        if (minute == NONE) {
            return false;
        }
        long different = ByteSearch.eight(bytes, at) ^ head;
        different |= ByteSearch.eight(bytes, at + 8) ^ middle;
        different |= ByteSearch.eight(bytes, at + secondsAt - 8) ^ beforeSeconds;
        different |= (ByteSearch.eight(bytes, at + known.length - 8) ^ end) & zoneMask;
        return different == 0;
    }

    private boolean learns(byte[] bytes, int at) {
        Cursor line = new Cursor(bytes, at, at + known.length);
        Stamp stamp = grammar.apply(line);
        if (line.malformed() || !line.atEnd()) {
            return false;
        }
        System.arraycopy(bytes, at, known, 0, known.length);
        head = ByteSearch.eight(known, 0);
        middle = ByteSearch.eight(known, 8);
        beforeSeconds = ByteSearch.eight(known, secondsAt - 8);
        end = ByteSearch.eight(known, known.length - 8);
        long seconds = stamp.millisOfDay() / 1000 % 60;
        minute = stamp.millis(offset, Instant.EPOCH) - seconds * 1000;
        return true;
    }
}
