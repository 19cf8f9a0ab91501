package dev.gatewatch.analyzer.grammar;

import java.time.ZoneOffset;

/// Requests through HAProxy that ended well, in `option httplog`: the server answered, nobody cut it short, no
/// server was tried twice.
///
/// The name is `backend/server`.
public final class HaproxyTraffic extends TrafficScan {
    private static final int TIMERS = 5;
    private static final int COUNTS = 5;
    private static final Literal NO_COOKIES = Literal.of(" - - ");

    /// So much of an address is looked at at once: one of IPv4 with its port, and more.
    private static final int ADDRESS_BYTES = 24;

    private final StampClock clock = StampClock.commonWithoutZone();
    private final PrefixShape prefix = new PrefixShape();

    @Override
    public void use(ZoneOffset offset) {
        clock.use(offset);
    }

    @Override
    public boolean takes(byte[] bytes, int from, int to) {
        int date = pastClient(bytes, prefix.end(bytes, from, to), to);
        if (date < 0) {
            return false;
        }
        long begun = clock.millis(bytes, date, to);
        int millis = date + clock.length();
        if (begun == StampClock.NONE || to - millis < 7 || bytes[millis] != '.') {
            return false;
        }
        int names = pastDigits(bytes, millis + 1, to);
        if (names != millis + 4 || bytes[names] != ']' || bytes[names + 1] != ' ') {
            return false;
        }
        at = begun + number(bytes, millis + 1, names);
        int timers = pastNames(bytes, names + 2, to);
        int ending = timers < 0 ? -1 : pastTimers(bytes, timers, to);
        int counts = ending < 0 ? -1 : pastEnding(bytes, ending, to);
        return counts >= 0 && fits(bytes, counts, to);
    }

    @Override
    public void findPath(byte[] bytes) {
        pathFrom = -1; // the backend is named: no path leads to it
    }

    /// `10.85.0.7:42020 [`, with the bracket.
    private static int pastClient(byte[] bytes, int from, int to) {
        int i = from <= bytes.length - ADDRESS_BYTES ? pastAddress(bytes, from, to) : from;
        while (i < to && isOfAddress(bytes[i])) {
            i++;
        }
        boolean whole = i - from >= 7 && i + 1 < to && Slice.isDigit(bytes[i - 1]);
        return whole && bytes[i] == ' ' && bytes[i + 1] == '[' ? i + 2 : -1;
    }

    /// Past what an address is made of, as far as [#ADDRESS_BYTES].
    private static int pastAddress(byte[] bytes, int from, int to) {
        int others = othersThanOfAddress(ByteSearch.eight(bytes, from))
                | (othersThanOfAddress(ByteSearch.eight(bytes, from + 8)) << 8)
                | (othersThanOfAddress(ByteSearch.eight(bytes, from + 16)) << 16)
                | (1 << ADDRESS_BYTES);
        return Math.min(to, from + Integer.numberOfTrailingZeros(others));
    }

    /// As [#isOfAddress], for eight bytes.
    private static int othersThanOfAddress(long eight) {
        long ascii = ByteSearch.ascii(eight);
        long digitOrColon = ByteSearch.atLeast(ascii, '0') & ~ByteSearch.atLeast(ascii, ':' + 1);
        long letter = ByteSearch.atLeast(ascii, 'a') & ~ByteSearch.atLeast(ascii, 'f' + 1);
        long point = ByteSearch.atLeast(ascii, '.') & ~ByteSearch.atLeast(ascii, '.' + 1);
        return ByteSearch.bits(eight | ~(digitOrColon | letter | point));
    }

    private static boolean isOfAddress(byte candidate) {
        return Slice.isDigit(candidate)
                || candidate == '.'
                || candidate == ':'
                || (candidate >= 'a' && candidate <= 'f');
    }

    /// `frontend backend/server `
    private int pastNames(byte[] bytes, int from, int to) {
        int blanks = from <= bytes.length - Integer.SIZE ? ByteSearch.places(bytes, (byte) ' ', from) : 0;
        int frontendEnd = blanks != 0 ? from + Integer.numberOfTrailingZeros(blanks) : blank(bytes, from, to);
        if (frontendEnd <= from || bytes[frontendEnd - 1] == ':') {
            return -1;
        }
        int more = blanks & (blanks - 1);
        nameFrom = frontendEnd + 1;
        nameTo = more != 0 ? from + Integer.numberOfTrailingZeros(more) : blank(bytes, nameFrom, to);
        return nameTo <= nameFrom || nameTo >= to ? -1 : nameTo + 1;
    }

    /// `TR/Tw/Tc/Tr/Ta `
    private int pastTimers(byte[] bytes, int from, int to) {
        int i = from;
        for (int timer = 1; timer <= TIMERS; timer++) {
            boolean negative = i < to && bytes[i] == '-';
            int first = negative ? i + 1 : i;
            int end = pastDigits(bytes, first, to);
            if (end < 0 || end >= to || bytes[end] != (timer < TIMERS ? '/' : ' ')) {
                return -1;
            }
            if (timer == TIMERS && !negative) {
                at += number(bytes, first, end);
            }
            i = end + 1;
        }
        return i;
    }

    /// `200 217 - - ---- `
    private int pastEnding(byte[] bytes, int from, int to) {
        int statusEnd = pastDigits(bytes, from, to);
        if (statusEnd != from + 3 || statusEnd >= to || bytes[statusEnd] != ' ') {
            return -1;
        }
        status = number(bytes, from, statusEnd);
        int sizeEnd = pastDigits(bytes, statusEnd + 1, to);
        int i = sizeEnd >= 0 && NO_COOKIES.isAt(bytes, sizeEnd, to)
                ? sizeEnd + NO_COOKIES.length()
                : pastWords(bytes, statusEnd + 1, to, 3); // bytes and two captured cookies
        if (i < 0) {
            return -1;
        }
        boolean ended = to - i > 5 && bytes[i] == '-' && bytes[i + 1] == '-' && bytes[i + 4] == ' ';
        boolean ordinary = status < 502 || status > 504;
        return ended && ordinary && HaproxyVariable.areCookieStates(bytes[i + 2], bytes[i + 3]) ? i + 5 : -1;
    }

    /// Past so many words and the blanks behind them; -1 if there are not so many.
    private static int pastWords(byte[] bytes, int from, int to, int count) {
        int i = from;
        for (int word = 0; word < count; word++) {
            i = blank(bytes, i, to) + 1;
            if (i == 0) {
                return -1;
            }
        }
        return i;
    }

    /// `2/2/1/1/0 0/0 `, the captured headers, whose braces must be closed, and a quoted request.
    private static boolean fits(byte[] bytes, int from, int to) {
        int i = pastCounts(bytes, from, to, COUNTS);
        if (i < 0 || i >= to || bytes[i] != ' ') {
            return i == to;
        }
        i = pastCounts(bytes, i + 1, to, 2);
        while (i >= 0 && i + 1 < to && bytes[i] == ' ' && bytes[i + 1] == '{') {
            i = ByteSearch.indexOf(bytes, (byte) '}', i + 2, to) + 1;
            if (i == 0) {
                return false;
            }
        }
        return i >= 0 && (i >= to || (bytes[i] == ' ' && (i + 1 == to || bytes[i + 1] == '"')));
    }

    /// Numbers with slashes between them.
    private static int pastCounts(byte[] bytes, int from, int to, int count) {
        int i = from;
        for (int k = 1; k <= count; k++) {
            i = pastDigits(bytes, i, to);
            if (i < 0 || (k < count && (i >= to || bytes[i] != '/'))) {
                return -1;
            }
            i += k < count ? 1 : 0;
        }
        return i;
    }
}
