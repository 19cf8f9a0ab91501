package dev.gatewatch.standalone.recording;

import dev.gatewatch.wire.HostFacts.Watermark;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// One log file of a recording as the stream that an agent would make of it.
final class RecordedStream {
    private static final int BATCH_LIMIT = 64 * 1024;

    private final RecordedHost host;
    private final LogFile log;
    private final List<LineSplit.Line> lines;

    RecordedStream(RecordedHost host, LogFile log, List<LineSplit.Line> lines) {
        this.host = host;
        this.log = log;
        this.lines = lines;
    }

    /// When the first line that says it was written.
    Optional<Instant> firstMoment() {
        return lines.stream().map(LineSplit.Line::at).filter(Objects::nonNull).findFirst();
    }

    Optional<Instant> lastMoment() {
        return lines.isEmpty()
                ? Optional.empty()
                : Optional.ofNullable(lines.getLast().at());
    }

    Watermark watermark(Instant readUpTo) {
        return new Watermark(id(), log.source(), log.origin(), readUpTo, 0, 0);
    }

    /// The lines, those that were written at nearly the same time together.
    ///
    /// @param begin moment of lines before the first one that says when it was written, if no line says it
    List<Entry> entries(Instant begin, Arrival arrival) {
        Duration look = arrival.look(id());
        Duration way = arrival.way(id());
        Instant unsaid = firstMoment().orElse(begin);
        List<Entry> entries = new ArrayList<>();
        long previousEnd = lines.isEmpty() ? 0 : lines.getFirst().start();
        for (int first = 0; first < lines.size(); ) {
            int after = endOfBatch(first, unsaid, look);
            Instant at = moment(lines.get(after - 1), unsaid);
            entries.add(new Entry.Lines(at.plus(way), batch(lines.subList(first, after), previousEnd, at)));
            previousEnd = lines.get(after - 1).end();
            first = after;
        }
        return entries;
    }

    private static Instant moment(LineSplit.Line line, Instant unsaid) {
        return Objects.requireNonNullElse(line.at(), unsaid);
    }

    private int endOfBatch(int first, Instant unsaid, Duration interval) {
        LineSplit.Line head = lines.get(first);
        Instant look = moment(head, unsaid).plus(interval);
        int after = first + 1;
        while (after < lines.size()
                && !moment(lines.get(after), unsaid).isAfter(look)
                && lines.get(after).to() - head.from() <= BATCH_LIMIT) {
            after++;
        }
        return after;
    }

    private LineBatch batch(List<LineSplit.Line> part, long previousEnd, Instant at) {
        LineSplit.Line head = part.getFirst();
        LineSplit.Line tail = part.getLast();
        boolean cut = tail.to() - head.from() > BATCH_LIMIT;
        byte[] bytes = Arrays.copyOfRange(log.bytes(), head.from(), cut ? head.from() + BATCH_LIMIT : tail.to());
        if (cut) {
            bytes[BATCH_LIMIT - 1] = '\n';
        }
        return new LineBatch(
                host.name(),
                host.addresses(),
                log.source(),
                log.origin(),
                id(),
                head.start(),
                tail.end(),
                previousEnd,
                host.offset(),
                at,
                log.source() == SourceKind.KERNEL ? host.bootedAt() : null,
                flags(cut, bytes),
                null,
                bytes);
    }

    private static Set<LineBatch.Flag> flags(boolean cut, byte[] lines) {
        Set<LineBatch.Flag> flags = EnumSet.noneOf(LineBatch.Flag.class);
        if (cut) {
            flags.add(LineBatch.Flag.CUT);
        } else if (lines[lines.length - 1] != '\n') {
            flags.add(LineBatch.Flag.PARTIAL);
        }
        return flags;
    }

    private String id() {
        return host.name() + ":" + log.origin();
    }
}
