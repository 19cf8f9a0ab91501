package dev.gatewatch.agent.tail;

import dev.gatewatch.wire.Gap;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A file that is held open and read: which stream it is, how far it has been read, and whether more is to be
/// expected. Keeping the file open is what makes rotation harmless: the name moves on, the bytes stay.
final class TailedFile {
    /// The path by which the configuration knows the file.
    final Path origin;
    final FileChannel channel;
    FileIdentity identity;

    /// Set as soon as the first line is complete; there is nothing to ship before.
    @Nullable
    FileBookmark bookmark;

    String stream = "";
    /// The generation that a truncation began, until its first line is complete.
    @Nullable
    FileBookmark pending;

    /// Where the next batch begins.
    long position;
    /// Where the last batch ended.
    long previous;
    /// Whether a batch of the stream has ever been shipped.
    boolean begun;

    @Nullable
    LongLine longLine;

    @Nullable
    Gap gap;

    long gaps;

    /// Where reading begins if no checkpoint knows the file.
    boolean startAtEnd;

    /// Size at the last look.
    long size;
    boolean atEnd;
    Instant grewAt;
    /// When everything that was there had been read.
    Instant caughtUpAt;
    /// The same, once it was acknowledged too.
    Instant readUpTo;

    /// An end that was reached and is not known to be acknowledged yet; a busy file has always one.
    long reachedEnd;
    /// When it was reached, null if there is none.
    @Nullable
    Instant reachedEndAt;

    /// When the path began to name another file or none, null while it names this one.
    @Nullable
    Instant retiredAt;

    TailedFile(Path origin, FileChannel channel, FileIdentity identity, Instant now) {
        this.origin = origin;
        this.channel = channel;
        this.identity = identity;
        this.grewAt = now;
        this.caughtUpAt = now;
        this.readUpTo = Instant.EPOCH;
    }

    /// Takes up to where the stream is acknowledged.
    void acknowledged(long upTo) {
        if (atEnd && reachedEndAt == null) {
            reachedEnd = position;
            reachedEndAt = caughtUpAt;
        }
        if (reachedEndAt != null && upTo >= reachedEnd) {
            readUpTo = atEnd && upTo >= position ? caughtUpAt : reachedEndAt;
            reachedEndAt = null;
        }
    }

    /// Everything before this has been looked at, even if not all of it is shipped.
    long scannedTo() {
        LongLine line = longLine;
        return line == null ? position : line.scannedTo;
    }

    void begin(FileBookmark newBookmark, String newStream, long at) {
        bookmark = newBookmark;
        stream = newStream;
        position = at;
        previous = at;
        begun = false;
        pending = null;
        longLine = null;
    }

    /// The file's content has been replaced: what was read is one generation, what is there now the next.
    void truncated(FileBookmark next, @Nullable Gap lost) {
        pending = next;
        bookmark = null;
        stream = "";
        position = 0;
        previous = 0;
        longLine = null;
        gap = lost;
        gaps += lost == null ? 0 : 1;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // a file that was only read has nothing to lose
        }
    }

    /// A line that is longer than the limit, while its end is looked for.
    static final class LongLine {
        final byte[] head;
        long scannedTo;

        LongLine(byte[] head, long scannedTo) {
            this.head = head;
            this.scannedTo = scannedTo;
        }
    }
}
