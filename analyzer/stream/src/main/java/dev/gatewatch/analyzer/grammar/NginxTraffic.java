package dev.gatewatch.analyzer.grammar;

import dev.gatewatch.analyzer.grammar.AccessFormat.Escape;
import dev.gatewatch.analyzer.grammar.AccessFormat.Field;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Requests through NGINX that ended well, in a format that is known: neither NGINX nor a try at a server
/// failed, and the client stayed.
///
/// The name is `$upstream_addr` as it stands, empty if the format has none.
public final class NginxTraffic extends TrafficScan {
    private static final byte QUOTE = '"';
    private static final int LONGEST_HEAD = 500;

    /// How a value ends.
    private enum Ending {
        /// at a quote
        QUOTE,
        /// at a blank that no further try follows
        BLANK,
        /// where the text after it begins
        TEXT,
        /// after the length of a stamp
        STAMP,
        /// at the end of the line
        LINE
    }

    private final Literal opening;
    private final Ending[] endings;
    private final Literal[] closings;

    // Where the values begin and end, in the format's order. The last place is for fields that it has not: always
    // empty.
    private final int[] froms;
    private final int[] tos;

    private final int time;
    private final int statusField;
    private final int upstreamAddress;
    private final int upstreamStatus;
    private final int requestUri;
    private final int uri;
    private final int request;
    private final StampClock clock;
    private final boolean whole;

    /// A scan of a format's lines, null if the format does not tell enough.
    ///
    /// @param whole whether nothing may follow what the format describes
    public static @Nullable NginxTraffic of(AccessFormat format, boolean whole) {
        boolean timed = format.tells(Field.TIME_LOCAL) || format.tells(Field.TIME_ISO8601);
        boolean open = format.literals().stream()
                .skip(1)
                .limit(Math.max(0, format.fields().size() - 1L))
                .anyMatch(String::isEmpty);
        return timed && format.tells(Field.STATUS) && !format.tells(Field.MSEC) && !open
                ? new NginxTraffic(format, whole)
                : null;
    }

    private NginxTraffic(AccessFormat format, boolean whole) {
        List<String> literals = format.literals();
        int count = format.fields().size();
        this.opening = Literal.of(literals.getFirst());
        this.endings = new Ending[count];
        this.closings = new Literal[count];
        this.froms = new int[count + 1];
        this.tos = new int[count + 1];
        boolean iso = format.tells(Field.TIME_ISO8601);
        this.time = place(format, iso ? Field.TIME_ISO8601 : Field.TIME_LOCAL);
        this.statusField = place(format, Field.STATUS);
        this.upstreamAddress = place(format, Field.UPSTREAM_ADDR);
        this.upstreamStatus = place(format, Field.UPSTREAM_STATUS);
        this.requestUri = place(format, Field.REQUEST_URI);
        this.uri = place(format, Field.URI);
        this.request = place(format, Field.REQUEST);
        this.clock = iso ? StampClock.iso() : StampClock.common();
        for (int i = 0; i < count; i++) {
            closings[i] = Literal.of(literals.get(i + 1));
            endings[i] = ending(format, i);
        }
        this.whole = whole;
    }

    /// Of several times the same field, the last counts.
    private static int place(AccessFormat format, Field field) {
        int place = format.fields().lastIndexOf(field);
        return place < 0 ? format.fields().size() : place;
    }

    private static Ending ending(AccessFormat format, int index) {
        String before = format.literals().get(index);
        Field field = format.fields().get(index);
        String after = format.literals().get(index + 1);
        if (after.isEmpty()) {
            return Ending.LINE;
        }
        boolean dated = field == Field.TIME_ISO8601 || (field == Field.TIME_LOCAL && !format.tells(Field.TIME_ISO8601));
        if (dated && (after.startsWith("]") || after.startsWith("\""))) {
            return Ending.STAMP;
        }
        if (before.endsWith("\"") && after.startsWith("\"") && format.escape() != Escape.NONE) {
            return Ending.QUOTE;
        }
        return field.isList() && after.startsWith(" ") ? Ending.BLANK : Ending.TEXT;
    }

    @Override
    public void use(ZoneOffset offset) {
        clock.use(offset);
    }

    @Override
    public boolean takes(byte[] bytes, int from, int to) {
        if (!opening.isAt(bytes, from, to)) {
            return false;
        }
        int i = from + opening.length();
        for (int field = 0; field < closings.length; field++) {
            Literal closing = closings[field];
            int end = end(bytes, i, to, endings[field], closing);
            if (end < 0) {
                return false;
            }
            froms[field] = i;
            tos[field] = end;
            i = end + closing.length();
        }
        return (!whole || (i == to && isPlain(bytes, from))) && isOrdinary(bytes, to);
    }

    /// Where the value that begins at the index ends, and its closing text begins; -1 if it does not end so.
    private int end(byte[] bytes, int from, int to, Ending ending, Literal closing) {
        return switch (ending) {
            case QUOTE -> {
                int quote = ByteSearch.indexOf(bytes, QUOTE, from, to);
                boolean escaped = quote > from && bytes[quote - 1] == '\\';
                yield quote >= 0 && !escaped && closing.isAt(bytes, quote, to) ? quote : -1;
            }
            case BLANK -> {
                int end = blank(bytes, from, to);
                boolean more = end < 0 || (end + 1 < to && bytes[end + 1] == ':') || hasComma(bytes, from, end);
                yield !more && closing.isAt(bytes, end, to) ? end : -1;
            }
            case TEXT -> closing.indexIn(bytes, from, to);
            case STAMP -> {
                // what a stamp is made of is seen when it is read, so nothing need be looked for in it
                int end = from + clock.length();
                yield closing.isAt(bytes, end, to) ? end : -1;
            }
            case LINE -> to;
        };
    }

    private static boolean hasComma(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == ',') {
                return true;
            }
        }
        return false;
    }

    /// A line whose format is a guess is dated by the first date in brackets, which a user's name may forge.
    private boolean isPlain(byte[] bytes, int from) {
        int bracket = froms[time] - 1;
        return Slice.isDigit(bytes[from])
                && bracket - from < LONGEST_HEAD
                && ByteSearch.indexOf(bytes, (byte) '[', from, bracket) < 0;
    }

    private boolean isOrdinary(byte[] bytes, int to) {
        status = threeDigits(bytes, froms[statusField], tos[statusField]);
        boolean usual = status >= 100 && (status < 494 || status > 504 || status == 500 || status == 501);
        if (!usual || !isOneTry(bytes)) {
            return false;
        }
        int stamp = froms[time];
        at = tos[time] - stamp == clock.length() ? clock.millis(bytes, stamp, to) : StampClock.NONE;
        return at != StampClock.NONE;
    }

    private static int threeDigits(byte[] bytes, int from, int to) {
        return to - from == 3 && pastDigits(bytes, from, to) == to ? number(bytes, from, to) : -1;
    }

    /// At most one server was tried, and it did not fail.
    private boolean isOneTry(byte[] bytes) {
        nameFrom = froms[upstreamAddress];
        nameTo = tos[upstreamAddress];
        int from = froms[upstreamStatus];
        int length = tos[upstreamStatus] - from;
        boolean tells = length > 0 && bytes[from] != '-';
        int answered = tells ? threeDigits(bytes, from, from + length) : 0;
        boolean fine = answered >= 0 && (answered < 502 || answered > 504) && (tells || length <= 1);
        status |= tells ? 1 << 10 : 0;
        return fine && blank(bytes, nameFrom, nameTo) < 0;
    }

    @Override
    public void findPath(byte[] bytes) {
        int field = holds(requestUri) ? requestUri : holds(uri) ? uri : request;
        int from = froms[field];
        int to = tos[field];
        if (field == request) {
            from = blank(bytes, from, to) + 1;
            if (from == 0 || from >= to || bytes[from] != '/') {
                pathFrom = -1;
                return;
            }
        }
        pathFrom = from;
        while (from < to && bytes[from] != '?' && (bytes[from] != ' ' || field != request)) {
            from++;
        }
        pathTo = from;
    }

    private boolean holds(int field) {
        return tos[field] > froms[field];
    }
}
