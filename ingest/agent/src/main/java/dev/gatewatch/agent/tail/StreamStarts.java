package dev.gatewatch.agent.tail;

import dev.gatewatch.agent.checkpoint.Checkpoints;
import dev.gatewatch.agent.checkpoint.Mark;
import dev.gatewatch.agent.events.AgentEvents;
import dev.gatewatch.agent.ship.HostStamp;
import dev.gatewatch.wire.Gap;
import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Decides which stream a file is and where its reading begins, from what the checkpoints know; and notes
/// when a stream has ended.
final class StreamStarts {
    private static final String SEEN = "seen";

    private final SourceKind source;
    private final HostStamp stamp;
    private final Checkpoints checkpoints;
    private final AgentEvents events;
    private final List<Known> ending = new ArrayList<>();
    private final Map<Long, Set<String>> streamsByInode = new HashMap<>();

    StreamStarts(SourceKind source, HostStamp stamp, Checkpoints checkpoints, AgentEvents events) {
        this.source = source;
        this.stamp = stamp;
        this.checkpoints = checkpoints;
        this.events = events;
        known().forEach(known -> remember(known.stream, known.bookmark));
    }

    private void remember(String stream, FileBookmark bookmark) {
        streamsByInode
                .computeIfAbsent(bookmark.identity().inode(), inode -> new LinkedHashSet<>())
                .add(stream);
    }

    /// A stream of a file that the checkpoints know.
    ///
    /// @param superseded whether the file was truncated since and a later generation of it is known
    record Known(String stream, long position, FileBookmark bookmark, boolean superseded, Instant at) {}

    /// Gives a file its stream if its first line is complete.
    ///
    /// @return whether it has one now
    boolean begin(TailedFile file) throws IOException {
        String head = FileHead.hash(file.channel);
        if (head == null) {
            return false;
        }
        FileBookmark pending = file.pending;
        Optional<Known> known = latest(file.identity);
        if (pending != null) {
            replace(file, pending, head);
        } else if (known.isPresent()) {
            resume(file, head, known.get());
        } else {
            long position = file.startAtEnd ? afterLastNewline(file.channel) : 0;
            startFirst(file, head, position);
        }
        return true;
    }

    /// Gives a dead file its stream even if its only line has no end.
    void beginDead(TailedFile file) throws IOException {
        String head = FileHead.hashOfDead(file.channel);
        if (head == null) {
            return; // it is empty
        }
        FileBookmark pending = file.pending;
        if (pending != null) {
            replace(file, pending, head);
        } else if (latest(file.identity).isEmpty()) {
            startFirst(file, head, 0);
        }
    }

    private void resume(TailedFile file, String head, Known known) throws IOException {
        long position = known.position;
        boolean same = head.equals(known.bookmark.head())
                && position <= file.channel.size()
                && (known.bookmark.finished() || isLineStart(file.channel, position));
        if (same) {
            file.begin(known.bookmark, known.stream, position);
            file.begun = true;
            file.caughtUpAt = known.at;
            file.readUpTo = known.at;
            events.fileOpened(file.origin, known.stream, position);
            return;
        }
        events.fileTruncated(file.origin, position, file.channel.size());
        Gap lost = new Gap(Gap.Kind.TRUNCATED, 0);
        file.gap = lost;
        file.gaps++;
        events.gap(source, file.origin.toString(), lost);
        if (known.bookmark.hasHead()) {
            finish(known.stream, position, known.bookmark);
            start(file, known.bookmark.next().withHead(head), 0);
        } else {
            replace(file, known.bookmark, head);
        }
    }

    /// Notes that a file was truncated and its next generation has no first line yet: should it be rotated
    /// away before an agent looks at it again, it will be looked for.
    FileBookmark expect(FileBookmark pending) {
        String stream = pending.stream(stamp.host(), source);
        checkpoints.advance(stream, 0, pending.encode(), 0);
        remember(stream, pending);
        return pending;
    }

    private void replace(TailedFile file, FileBookmark pending, String head) {
        start(file, pending.withHead(head), 0);
        checkpoints.advance(
                pending.stream(stamp.host(), source), 0, pending.finish().encode(), 0);
    }

    private void startFirst(TailedFile file, String head, long position) {
        if (position == 0 && file.identity.born() > 0) {
            Instant born = Instant.ofEpochSecond(
                    TimeUnit.NANOSECONDS.toSeconds(file.identity.born()), file.identity.born() % 1_000_000_000L);
            file.caughtUpAt = born.isBefore(file.caughtUpAt) ? born : file.caughtUpAt;
        }
        start(file, new FileBookmark(file.origin, file.identity, head, 0, false), position);
    }

    private void start(TailedFile file, FileBookmark bookmark, long position) {
        String stream = bookmark.stream(stamp.host(), source);
        file.begin(bookmark, stream, position);
        checkpoints.advance(stream, position, bookmark.encode(), 0);
        remember(stream, bookmark);
        events.fileOpened(file.origin, stream, position);
    }

    /// Notes that a stream ends at `position`; its checkpoint says so once everything before is acknowledged.
    void finish(String stream, long position, FileBookmark bookmark) {
        ending.add(new Known(stream, position, bookmark, false, stamp.now()));
    }

    /// Writes down the ends of streams that are acknowledged by now.
    void settle() {
        ending.removeIf(end -> {
            boolean acknowledged = checkpoints
                    .mark(end.stream)
                    .map(mark -> mark.position() >= end.position)
                    .orElse(true);
            if (acknowledged) {
                checkpoints.advance(
                        end.stream, end.position, end.bookmark.finish().encode(), 0);
            }
            return acknowledged;
        });
    }

    /// Whether this configuration entry has ever been looked at.
    boolean hasSeen(Path path) {
        return checkpoints.mark(SEEN + " " + path).isPresent();
    }

    /// Notes that this configuration entry has been looked at: what appears from now on is new.
    void see(Path path) {
        if (hasSeen(path)) {
            checkpoints.confirm(SEEN + " " + path);
        } else {
            checkpoints.advance(SEEN + " " + path, 0, SEEN, 0);
        }
    }

    /// The youngest file that was read under a name, if `identity` is a file that is not known and younger.
    Optional<FileIdentity> before(Path origin, FileIdentity identity) {
        if (identity.born() == 0 || latest(identity).isPresent()) {
            return Optional.empty();
        }
        return known().stream()
                .filter(known -> known.bookmark.path().equals(origin))
                .map(known -> known.bookmark.identity())
                .filter(older -> older.born() > 0 && older.born() < identity.born())
                .max(Comparator.comparingLong(FileIdentity::born));
    }

    /// The hashes of all first lines that are known.
    Set<String> knownHeads() {
        return known().stream().map(known -> known.bookmark.head()).collect(Collectors.toSet());
    }

    /// The streams of the pattern's files whose end has not been seen.
    List<Known> unfinished(PathPattern pattern) {
        return known().stream()
                .filter(known -> !known.bookmark.finished() && pattern.matches(known.bookmark.path()))
                .map(known ->
                        new Known(known.stream, known.position, known.bookmark, isSuperseded(known.bookmark), known.at))
                .toList();
    }

    private boolean isSuperseded(FileBookmark bookmark) {
        return latest(bookmark.identity())
                .filter(latest -> latest.bookmark.generation() > bookmark.generation())
                .isPresent();
    }

    private Optional<Known> latest(FileIdentity identity) {
        return streamsByInode.getOrDefault(identity.inode(), Set.of()).stream()
                .flatMap(stream -> checkpoints.mark(stream).stream())
                .flatMap(StreamStarts::known)
                .filter(known -> known.bookmark.identity().matches(identity))
                .max(Comparator.comparingInt((Known known) -> known.bookmark.generation())
                        .thenComparing(known -> known.bookmark.hasHead())
                        .thenComparing(Known::at));
    }

    private List<Known> known() {
        return checkpoints.marks().stream().flatMap(StreamStarts::known).toList();
    }

    private static Stream<Known> known(Mark mark) {
        return FileBookmark.decode(mark.bookmark())
                .map(bookmark -> new Known(mark.stream(), mark.position(), bookmark, false, mark.at()))
                .stream();
    }

    private static boolean isLineStart(FileChannel channel, long position) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        return position == 0 || (channel.read(one, position - 1) == 1 && one.get(0) == '\n');
    }

    private static long afterLastNewline(FileChannel channel) throws IOException {
        byte[] block = new byte[FileTailer.BLOCK_SIZE];
        for (long end = channel.size(); end > 0; ) {
            int length = (int) Math.min(block.length, end);
            int read = channel.read(ByteBuffer.wrap(block, 0, length), end - length);
            int last = Lines.last(block, 0, read);
            if (last >= 0) {
                return end - length + last + 1;
            }
            end -= length;
        }
        return 0;
    }
}
