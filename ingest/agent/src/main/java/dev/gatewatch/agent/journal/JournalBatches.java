package dev.gatewatch.agent.journal;

import dev.gatewatch.agent.checkpoint.Checkpoints;
import dev.gatewatch.agent.checkpoint.Mark;
import dev.gatewatch.agent.events.AgentEvents;
import dev.gatewatch.agent.ship.HostStamp;
import dev.gatewatch.agent.ship.Outlet;
import dev.gatewatch.wire.Gap;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes batches of journal entries: one stream per row of sequence numbers, every entry once, and a gap
/// where entries are missing that were there.
final class JournalBatches {
    static final String ORIGIN = "journal";

    /// Bytes of a batch at most; an entry that is longer is cut.
    static final int MAX_BYTES = 64 << 10;

    private static final String KIND = "journal\t";
    private static final Duration REPLAY = Duration.ofSeconds(60);

    private final HostStamp stamp;
    private final Outlet outlet;
    private final Checkpoints checkpoints;
    private final AgentEvents events;
    /// Just after the last entry of each row that was handed on.
    private final Map<String, Long> ends = new HashMap<>();

    private final Map<String, Long> gapsOf = new HashMap<>();
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream(MAX_BYTES);
    private @Nullable JournalCursor firstInBatch;
    private @Nullable JournalCursor last;
    private long count;
    private @Nullable Gap gap;
    private boolean missing;
    private Instant caughtUpAt = Instant.EPOCH;
    private Instant readUpTo = Instant.EPOCH;

    JournalBatches(HostStamp stamp, Outlet outlet, Checkpoints checkpoints, AgentEvents events) {
        this.stamp = stamp;
        this.outlet = outlet;
        this.checkpoints = checkpoints;
        this.events = events;
        for (Mark mark : checkpoints.marks()) {
            cursorOf(mark).ifPresent(cursor -> {
                ends.put(cursor.journal(), mark.position());
                if (last == null || cursor.at().isAfter(last.at())) {
                    last = cursor;
                }
            });
        }
    }

    private static Optional<JournalCursor> cursorOf(Mark mark) {
        return mark.bookmark().startsWith(KIND)
                ? JournalCursor.parse(mark.bookmark().substring(KIND.length()))
                : Optional.empty();
    }

    /// The entry after which to go on, null at the first start ever.
    @Nullable
    JournalCursor last() {
        return last;
    }

    /// The cursor is not in the journal any more: what lies between it and the next entry is lost.
    void expectGap() {
        missing = true;
    }

    /// Adds an entry, `[from, to)` with its newline.
    ///
    /// @return false if it is no entry or was handed on before
    boolean add(byte[] bytes, int from, int to) {
        Optional<JournalCursor> found = JournalCursor.ofEntry(bytes, from, to);
        if (found.isEmpty()) {
            return false;
        }
        JournalCursor cursor = found.get();
        Long end = ends.get(cursor.journal());
        if (end != null && cursor.sequence() < end) {
            return false;
        }
        JournalCursor first = firstInBatch;
        boolean tooLong = to - from > MAX_BYTES;
        if (first != null
                && (tooLong
                        || missing
                        || !first.journal().equals(cursor.journal())
                        || lines.size() + to - from > MAX_BYTES)) {
            flush();
        }
        if (missing) {
            noteGap(cursor, end);
        }
        if (firstInBatch == null) {
            firstInBatch = cursor;
        }
        last = cursor;
        count++;
        if (tooLong) {
            lines.write(bytes, from, MAX_BYTES - 1);
            lines.write('\n');
            events.cut(SourceKind.JOURNALD);
            flush(EnumSet.of(LineBatch.Flag.CUT));
        } else {
            lines.write(bytes, from, to - from);
        }
        return true;
    }

    private void noteGap(JournalCursor cursor, @Nullable Long end) {
        missing = false;
        long size = end == null ? 0 : cursor.sequence() - end;
        if (end == null || size > 0) {
            gap = new Gap(Gap.Kind.VACUUMED, size);
            gapsOf.merge(cursor.journal(), 1L, Long::sum);
            events.gap(SourceKind.JOURNALD, ORIGIN, gap);
        }
    }

    /// Hands on what has been added.
    void flush() {
        flush(EnumSet.noneOf(LineBatch.Flag.class));
    }

    private void flush(Set<LineBatch.Flag> flags) {
        JournalCursor first = firstInBatch;
        JournalCursor newest = last;
        if (first == null || newest == null) {
            return;
        }
        if (newest.at().isBefore(stamp.now().minus(REPLAY))) {
            flags.add(LineBatch.Flag.REPLAY);
        }
        long end = newest.sequence() + 1;
        long prev = ends.getOrDefault(first.journal(), first.sequence());
        LineBatch batch = stamp.batch(
                SourceKind.JOURNALD,
                ORIGIN,
                stream(first.journal()),
                first.sequence(),
                end,
                prev,
                null,
                flags,
                gap,
                lines.toByteArray());
        outlet.put(batch, count, KIND + newest.text());
        ends.put(first.journal(), end);
        lines.reset();
        firstInBatch = null;
        count = 0;
        gap = null;
    }

    private String stream(String journal) {
        return stamp.host() + ":" + SourceKind.JOURNALD.id() + ":" + journal;
    }

    /// Everything that the journal had at this moment has been handed on.
    void caughtUp(Instant now) {
        caughtUpAt = now;
    }

    /// How far each row has been acknowledged; the newest one up to now if nothing is on its way.
    List<HostFacts.Watermark> watermarks() {
        JournalCursor newest = last;
        List<HostFacts.Watermark> marks = new ArrayList<>();
        if (newest != null) {
            String stream = stream(newest.journal());
            long end = ends.getOrDefault(newest.journal(), 0L);
            Optional<Mark> mark = checkpoints.mark(stream);
            long acknowledged = mark.map(Mark::position).orElse(0L);
            Instant ackedAt = mark.flatMap(JournalBatches::cursorOf)
                    .map(JournalCursor::at)
                    .orElse(Instant.EPOCH);
            boolean all = acknowledged >= end && firstInBatch == null;
            if (all) {
                checkpoints.confirm(stream);
            }
            Instant known = all && caughtUpAt.isAfter(ackedAt) ? caughtUpAt : ackedAt;
            readUpTo = known.isAfter(readUpTo) ? known : readUpTo; // a new entry does not undo what was read before it
            marks.add(new HostFacts.Watermark(
                    stream,
                    SourceKind.JOURNALD,
                    ORIGIN,
                    readUpTo,
                    mark.isPresent() ? Math.max(0, end - acknowledged) : 0,
                    gapsOf.getOrDefault(newest.journal(), 0L)));
        }
        return List.copyOf(marks);
    }
}
