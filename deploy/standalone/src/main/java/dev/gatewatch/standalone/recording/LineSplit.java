package dev.gatewatch.standalone.recording;

import dev.gatewatch.wire.SourceKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds the lines of a log file, with the moment and the position of each.
final class LineSplit {
    private static final int STAMP_WITHIN = 4096;
    private static final Pattern CURSOR = Pattern.compile("\"__CURSOR\"\\s*:\\s*\"s=[0-9a-f]+;i=([0-9a-f]{1,15});");
    private static final Pattern SEQUENCE = Pattern.compile("\\d+,(\\d{1,18}),");

    private final LogFile log;
    private final LineStamp stamp;
    private final Predicate<Instant> plausible;

    /// A line: where it is in the file, its position in the stream, and when it was written, as far as it or
    /// a line before says it.
    record Line(
            int from,
            int to,
            long start,
            long end,
            @Nullable Instant at) {}

    /// @param plausible whether a moment can belong to the recording; a stamp of which that is not true is
    ///     damaged
    LineSplit(LogFile log, LineStamp stamp, Predicate<Instant> plausible) {
        this.log = log;
        this.stamp = stamp;
        this.plausible = plausible;
    }

    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        byte[] bytes = log.bytes();
        long position = 0;
        Instant newest = null;
        for (int from = 0; from < bytes.length; ) {
            int to = endOfLine(bytes, from);
            String text = text(bytes, from, to);
            long start = log.source().positionsAreBytes() ? from : Math.max(position, sequence(text, position));
            position = log.source().positionsAreBytes() ? to : start + 1;
            newest = later(newest, moment(text));
            lines.add(new Line(from, to, start, position, newest));
            from = to;
        }
        return lines;
    }

    private static int endOfLine(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        return Math.min(at + 1, bytes.length);
    }

    /// A journal entry's fields come in any order, so all of it is looked at; of other lines the beginning
    /// will do.
    private String text(byte[] bytes, int from, int to) {
        int length = log.source() == SourceKind.JOURNALD ? to - from : Math.min(to - from, STAMP_WITHIN);
        return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }

    private long sequence(String text, long otherwise) {
        boolean kernel = log.source() == SourceKind.KERNEL;
        Matcher m = (kernel ? SEQUENCE : CURSOR).matcher(text);
        return (kernel ? m.lookingAt() : m.find()) ? Long.parseLong(m.group(1), kernel ? 10 : 16) : otherwise;
    }

    private @Nullable Instant moment(String text) {
        Instant moment = stamp.read(log.source(), text);
        return moment != null && plausible.test(moment) ? moment : null;
    }

    private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? other : one;
    }
}
