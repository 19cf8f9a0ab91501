package dev.gatewatch.analyzer.grammar;

import dev.gatewatch.analyzer.grammar.AccessFormat.Escape;
import dev.gatewatch.analyzer.grammar.AccessFormat.Field;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Requests through NGINX that ended well, in a format that is known: neither NGINX nor a try at a server failed,
/// and the client stayed.
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
    private final int[] slots;
    private final Ending[] endings;
    private final Literal[] closings;
    private final int[] froms = new int[Field.values().length];
    private final int[] tos = new int[Field.values().length];
    private final Field time;
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
        this.slots = format.fields().stream().mapToInt(Field::ordinal).toArray();
        this.endings = new Ending[count];
        this.closings = new Literal[count];
        boolean iso = format.tells(Field.TIME_ISO8601);
        this.time = iso ? Field.TIME_ISO8601 : Field.TIME_LOCAL;
        this.clock = iso ? StampClock.iso() : StampClock.common();
        for (int i = 0; i < count; i++) {
            closings[i] = Literal.of(literals.get(i + 1));
            endings[i] = ending(format, literals.get(i), format.fields().get(i), literals.get(i + 1));
        }
        this.whole = whole;
    }

    private Ending ending(AccessFormat format, String before, Field field, String after) {
        if (after.isEmpty()) {
            return Ending.LINE;
        }
        if (field == time && (after.startsWith("]") || after.startsWith("\""))) {
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
        for (int field = 0; field < slots.length; field++) {
            Literal closing = closings[field];
            int end = end(bytes, i, to, endings[field], closing);
            if (end < 0) {
                return false;
            }
            froms[slots[field]] = i;
            tos[slots[field]] = end;
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
        int bracket = froms[time.ordinal()] - 1;
        return Slice.isDigit(bytes[from])
                && bracket - from < LONGEST_HEAD
                && ByteSearch.indexOf(bytes, (byte) '[', from, bracket) < 0;
    }

    private boolean isOrdinary(byte[] bytes, int to) {
        int slot = Field.STATUS.ordinal();
        status = threeDigits(bytes, froms[slot], tos[slot]);
        boolean usual = status >= 100 && (status < 494 || status > 504 || status == 500 || status == 501);
        if (!usual || !isOneTry(bytes)) {
            return false;
        }
        int stamp = froms[time.ordinal()];
        at = tos[time.ordinal()] - stamp == clock.length() ? clock.millis(bytes, stamp, to) : StampClock.NONE;
        return at != StampClock.NONE;
    }

    private static int threeDigits(byte[] bytes, int from, int to) {
        return to - from == 3 && pastDigits(bytes, from, to) == to ? number(bytes, from, to) : -1;
    }

    /// At most one server was tried, and it did not fail.
    private boolean isOneTry(byte[] bytes) {
        nameFrom = froms[Field.UPSTREAM_ADDR.ordinal()];
        nameTo = tos[Field.UPSTREAM_ADDR.ordinal()];
        int slot = Field.UPSTREAM_STATUS.ordinal();
        int length = tos[slot] - froms[slot];
        boolean tells = length > 0 && bytes[froms[slot]] != '-';
        int answered = tells ? threeDigits(bytes, froms[slot], tos[slot]) : 0;
        boolean fine = answered >= 0 && (answered < 502 || answered > 504) && (tells || length <= 1);
        status |= tells ? 1 << 10 : 0;
        return fine && blank(bytes, nameFrom, nameTo) < 0;
    }

    @Override
    public void findPath(byte[] bytes) {
        Field field = holds(Field.REQUEST_URI) ? Field.REQUEST_URI : holds(Field.URI) ? Field.URI : Field.REQUEST;
        int from = froms[field.ordinal()];
        int to = tos[field.ordinal()];
        if (field == Field.REQUEST) {
            from = blank(bytes, from, to) + 1;
            if (from == 0 || from >= to || bytes[from] != '/') {
                pathFrom = -1;
                return;
            }
        }
        pathFrom = from;
        while (from < to && bytes[from] != '?' && (bytes[from] != ' ' || field != Field.REQUEST)) {
            from++;
        }
        pathTo = from;
    }

    private boolean holds(Field field) {
        return tos[field.ordinal()] > froms[field.ordinal()];
    }
}
