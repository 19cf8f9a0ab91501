package dev.gatewatch.agent.tail;

import dev.gatewatch.agent.events.AgentEvents;
import dev.gatewatch.agent.ship.HostStamp;
import dev.gatewatch.agent.ship.Outlet;
import dev.gatewatch.wire.Gap;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/// Reads files block by block and ships the whole lines of each block. Half a line stays in the file until it
/// is whole, so that one buffer serves all files.
final class BlockReader {
    /// Lines that were written so long before they are read are flagged as a replay.
    private static final Duration REPLAY = Duration.ofSeconds(60);

    private final SourceKind source;
    private final HostStamp stamp;
    private final Outlet outlet;
    private final AgentEvents events;
    private final byte[] buffer;

    /// @param blockSize bytes of a batch at most, and of a line
    BlockReader(SourceKind source, HostStamp stamp, Outlet outlet, AgentEvents events, int blockSize) {
        this.source = source;
        this.stamp = stamp;
        this.outlet = outlet;
        this.events = events;
        this.buffer = new byte[blockSize];
    }

    /// Reads one block of a file that has a stream.
    ///
    /// @return whether there may be more to read at once
    boolean step(TailedFile file) throws IOException {
        if (!outlet.hasRoom()) {
            return false;
        }
        TailedFile.LongLine longLine = file.longLine;
        if (longLine != null) {
            return continueLongLine(file, longLine);
        }
        Instant now = stamp.now();
        int length = fill(file.channel, file.position);
        int nuls = Lines.nulRun(buffer, 0, length);
        if (nuls > 0) {
            skipNuls(file, nuls);
            return true;
        }
        int end = Lines.last(buffer, 0, length) + 1;
        if (end == 0 && length == buffer.length) {
            byte[] head = buffer.clone();
            head[head.length - 1] = '\n';
            file.longLine = new TailedFile.LongLine(head, file.position + length);
            return true;
        }
        int nulLine = Lines.lineWithNul(buffer, 0, length);
        boolean cutShort = nulLine > 0 && nulLine <= end;
        if (cutShort) {
            end = nulLine;
        }
        if (end > 0) {
            ship(file, Arrays.copyOf(buffer, end), file.position + end, EnumSet.noneOf(LineBatch.Flag.class));
        }
        boolean more = length == buffer.length || cutShort;
        caughtUp(file, !more, now);
        return more;
    }

    private boolean continueLongLine(TailedFile file, TailedFile.LongLine line) throws IOException {
        Instant now = stamp.now();
        int length = fill(file.channel, line.scannedTo);
        int newline = Lines.first(buffer, 0, length);
        if (newline < 0) {
            line.scannedTo += length;
            caughtUp(file, length < buffer.length, now);
            return length == buffer.length;
        }
        file.longLine = null;
        ship(file, line.head, line.scannedTo + newline + 1, EnumSet.of(LineBatch.Flag.CUT));
        events.cut(source);
        return true;
    }

    /// Ships what is left of a file that nobody writes to any more: a last line without newline.
    ///
    /// @return false if there is no room now
    boolean finish(TailedFile file) throws IOException {
        if (!outlet.hasRoom()) {
            return false;
        }
        TailedFile.LongLine longLine = file.longLine;
        if (longLine != null) {
            file.longLine = null;
            ship(file, longLine.head, longLine.scannedTo, EnumSet.of(LineBatch.Flag.CUT, LineBatch.Flag.PARTIAL));
            return true;
        }
        int length = fill(file.channel, file.position);
        if (length > 0) {
            ship(file, Arrays.copyOf(buffer, length), file.position + length, EnumSet.of(LineBatch.Flag.PARTIAL));
        }
        return true;
    }

    private int fill(FileChannel channel, long from) throws IOException {
        ByteBuffer target = ByteBuffer.wrap(buffer);
        while (target.hasRemaining() && channel.read(target, from + target.position()) > 0) {
            // until the block is full or the file ends
        }
        return target.position();
    }

    /// NUL bytes where a line should begin are what a writer without O_APPEND leaves after a truncation, or a
    /// power cut where lines were. At the beginning of a generation they stand for nothing; in the middle,
    /// for lines that are lost.
    private void skipNuls(TailedFile file, int nuls) {
        file.position += nuls;
        events.nulBytes(source, nuls);
        if (!file.begun) {
            file.previous = file.position;
        } else {
            Gap before = file.gap;
            file.gap = new Gap(Gap.Kind.TRUNCATED, nuls + (before == null ? 0 : before.size()));
            file.gaps += before == null ? 1 : 0;
        }
    }

    private static void caughtUp(TailedFile file, boolean atEnd, Instant now) {
        file.atEnd = atEnd;
        if (atEnd) {
            file.caughtUpAt = now;
        }
    }

    private void ship(TailedFile file, byte[] lines, long end, Set<LineBatch.Flag> flags) {
        FileBookmark bookmark = file.bookmark;
        if (bookmark == null) {
            throw new IllegalStateException(file.origin + " has no stream yet");
        }
        if (file.caughtUpAt.isBefore(stamp.now().minus(REPLAY))) {
            flags.add(LineBatch.Flag.REPLAY);
        }
        LineBatch batch = stamp.batch(
                source,
                file.origin.toString(),
                file.stream,
                file.position,
                end,
                file.previous,
                null,
                flags,
                file.gap,
                lines);
        int count = Lines.count(lines, 0, lines.length);
        outlet.put(batch, flags.contains(LineBatch.Flag.PARTIAL) ? Math.max(1, count) : count, bookmark.encode());
        file.position = end;
        file.previous = end;
        file.begun = true;
        file.gap = null;
    }
}
