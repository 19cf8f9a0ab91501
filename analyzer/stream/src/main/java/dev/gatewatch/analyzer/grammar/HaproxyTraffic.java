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
    private static final Literal NOTHING_SPECIAL = Literal.of("- - ---- ");

    /// So much of an address is looked at at once: one of IPv4 with its port, and more.
    private static final int ADDRESS_BYTES = 24;

    private final StampClock clock = StampClock.commonWithoutZone();
    private final PrefixShape prefix = new PrefixShape();
    private final NumberRow untilCookies = NumberRow.closedBy("////   ");
    private final NumberRow untilRequest = NumberRow.closedBy("//// / ");

    @Override
    public void use(ZoneOffset offset) {
        clock.use(offset);
    }

    @Override
    public boolean takes(byte[] bytes, int from, int to) {
        int names = pastDate(bytes, prefix.end(bytes, from, to), to);
        int timers = names < 0 ? -1 : pastNames(bytes, names, to);
        int ending = timers < 0 ? -1 : pastTimers(bytes, timers, to);
        int counts = ending < 0 ? -1 : pastEnding(bytes, ending, to);
        return counts >= 0 && fits(bytes, counts, to);
    }

    /// Those with the same prefix as the line before, without cookies, captured headers and negative times.
    @Override
    public int endOfUsual(byte[] bytes, int from) {
        int client = prefix.endOfKnown(bytes, from);
        int names = client < 0 ? -1 : pastDate(bytes, client, bytes.length);
        int timers = names < 0 ? -1 : pastUsualNames(bytes, names);
        int request = timers < 0 ? -1 : pastUsualNumbers(bytes, timers);
        if (request < 0 || request >= bytes.length || bytes[request] != '"') {
            return -1;
        }
        int newline = ByteSearch.indexOf(bytes, (byte) '\n', request, bytes.length);
        return newline < 0 ? bytes.length : newline;
    }

    @Override
    public void findPath(byte[] bytes) {
        pathFrom = -1; // the backend is named: no path leads to it
    }

    /// `10.85.0.7:42020 [22/Nov/2026:13:55:15.981] `
    private int pastDate(byte[] bytes, int from, int to) {
        int date = pastClient(bytes, from, to);
        long begun = date < 0 ? StampClock.NONE : clock.millis(bytes, date, to);
        int millis = date + clock.length();
        if (begun == StampClock.NONE || to - millis < 7 || bytes[millis] != '.') {
            return -1;
        }
        int end = pastDigits(bytes, millis + 1, to);
        if (end != millis + 4 || bytes[end] != ']' || bytes[end + 1] != ' ') {
            return -1;
        }
        at = begun + number(bytes, millis + 1, end);
        return end + 2;
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
        int frontendEnd = blank(bytes, from, to);
        if (frontendEnd <= from || bytes[frontendEnd - 1] == ':') {
            return -1;
        }
        nameFrom = frontendEnd + 1;
        nameTo = blank(bytes, nameFrom, to);
        return nameTo <= nameFrom || nameTo >= to ? -1 : nameTo + 1;
    }

    /// As [#pastNames], of at most 64 bytes; a line that ends in between has no such names.
    private int pastUsualNames(byte[] bytes, int from) {
        if (from > bytes.length - Long.SIZE) {
            return -1;
        }
        long gaps = ByteSearch.gaps(bytes, from);
        if ((gaps & (gaps - 1)) == 0) {
            gaps |= ByteSearch.gaps(bytes, from + Integer.SIZE) << Integer.SIZE;
        }
        long later = gaps & (gaps - 1);
        int frontendEnd = from + Long.numberOfTrailingZeros(gaps);
        int end = from + Long.numberOfTrailingZeros(later);
        boolean fits = later != 0
                && bytes[frontendEnd] == ' '
                && bytes[end] == ' '
                && frontendEnd > from
                && end > frontendEnd + 1
                && bytes[frontendEnd - 1] != ':';
        nameFrom = frontendEnd + 1;
        nameTo = end;
        return fits ? end + 1 : -1;
    }

    /// `TR/Tw/Tc/Tr/Ta 200 217 - - ---- 2/2/1/1/0 0/0 `
    private int pastUsualNumbers(byte[] bytes, int from) {
        if (from > bytes.length - NumberRow.BYTES) {
            return -1;
        }
        long others = ByteSearch.othersThanDigits(bytes, from);
        int cookies = untilCookies.end(bytes, from, others, from);
        if (cookies < 0 || !NOTHING_SPECIAL.isAt(bytes, cookies, bytes.length)) {
            return -1;
        }
        int answer = untilCookies.endOf(TIMERS);
        status = number(bytes, answer - 3, answer);
        at += untilCookies.value(bytes, TIMERS - 1);
        boolean usual = answer - untilCookies.endOf(TIMERS - 1) == 4 && isOfServer(status);
        return usual ? untilRequest.end(bytes, from, others, cookies + NOTHING_SPECIAL.length()) : -1;
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

    private static boolean isOfServer(int status) {
        return status < 502 || status > 504;
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
        return ended && isOfServer(status) && HaproxyVariable.areCookieStates(bytes[i + 2], bytes[i + 3]) ? i + 5 : -1;
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
