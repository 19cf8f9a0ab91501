package dev.gatewatch.agent.tail;

import dev.gatewatch.agent.checkpoint.Checkpoints;
import dev.gatewatch.agent.events.AgentEvents;
import dev.gatewatch.agent.ship.HostStamp;
import dev.gatewatch.agent.ship.Outlet;
import dev.gatewatch.agent.ship.Source;
import dev.gatewatch.wire.Gap;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Follows the files of one configuration entry, a step at a time.
///
/// Once a second it looks which files the paths name. A file that has lost its name is read to its end and,
/// once it has been quiet for a while, finished; the file that has the name now is read from its beginning. A
/// file that became shorter, or whose first line changed, begins a new generation. After a restart, a file
/// that was rotated meanwhile is found again beside its old name by its identity.
public final class FileTailer implements Source {
    /// Bytes of a batch at most, and of a line: longer ones are cut.
    public static final int BLOCK_SIZE = 64 << 10;

    private static final Duration SCAN_EVERY = Duration.ofSeconds(1);
    /// NGINX's workers go on writing to a renamed file until they are told to open the new one.
    private static final Duration QUIET_AFTER_ROTATION = Duration.ofSeconds(10);
    /// As long as nothing took its place, a renamed file is most likely still written to.
    private static final Duration QUIET_WITHOUT_SUCCESSOR = Duration.ofMinutes(5);
    /// Blocks of one file before the other files have their turn.
    private static final int BLOCKS_PER_TURN = 16;

    private final PathPattern pattern;
    private final SourceKind source;
    private final boolean fromBeginning;
    private final HostStamp stamp;
    private final Checkpoints checkpoints;
    private final AgentEvents events;
    private final BlockReader reader;
    private final StreamStarts starts;
    private final List<TailedFile> files = new ArrayList<>();
    private final Map<Path, String> complaints = new HashMap<>();
    private final Set<Path> lostBefore = new HashSet<>();
    private Instant nextScan = Instant.MIN;
    private boolean scanned;
    private volatile List<HostFacts.Watermark> watermarks = List.of();

    /// @param path the file, or a glob in the last segment
    /// @param fromBeginning whether files that are there at the first start ever are read from their
    ///     beginning
    /// @param blockSize bytes of a batch at most, and of a line
    public FileTailer(
            String path,
            SourceKind source,
            boolean fromBeginning,
            HostStamp stamp,
            Outlet outlet,
            Checkpoints checkpoints,
            AgentEvents events,
            int blockSize) {
        this.pattern = new PathPattern(path);
        this.source = source;
        this.fromBeginning = fromBeginning;
        this.stamp = stamp;
        this.checkpoints = checkpoints;
        this.events = events;
        this.reader = new BlockReader(source, stamp, outlet, events, blockSize);
        this.starts = new StreamStarts(source, stamp, checkpoints, events);
    }

    @Override
    public boolean poll() {
        Instant now = stamp.now();
        boolean scan = !now.isBefore(nextScan);
        if (scan) {
            nextScan = now.plus(SCAN_EVERY);
            scan(now);
        }
        beginStreams();
        boolean more = false;
        for (TailedFile file : List.copyOf(files)) {
            more |= read(file, now);
        }
        finishDead(now);
        if (scan) {
            starts.settle();
            observe();
        }
        return more;
    }

    private void scan(Instant now) {
        List<Path> paths;
        try {
            paths = pattern.paths();
        } catch (IOException e) {
            complain(pattern.path(), e);
            return;
        }
        boolean seenBefore = scanned || starts.hasSeen(pattern.path()) || checkpoints.start() == Checkpoints.Start.LOST;
        Set<TailedFile> named = new HashSet<>();
        for (Path path : paths) {
            TailedFile file = look(path, now, !seenBefore && !fromBeginning);
            if (file != null) {
                named.add(file);
            }
        }
        for (TailedFile file : List.copyOf(files)) {
            if (!named.contains(file) && file.retiredAt == null) {
                file.retiredAt = now;
            }
        }
        if (!scanned) {
            scanned = true;
            findOrphans(now);
            starts.see(pattern.path());
        }
    }

    private @Nullable TailedFile look(Path path, Instant now, boolean startAtEnd) {
        try {
            FileStat stat = FileStat.of(path);
            for (TailedFile file : files) {
                if (file.identity.matches(stat.identity())) {
                    file.identity = stat.identity().born() == 0 ? file.identity : stat.identity();
                    file.retiredAt = null;
                    return file;
                }
            }
            TailedFile file = open(path, path, stat, now);
            if (file != null) {
                file.startAtEnd = startAtEnd;
                files.add(file);
                complaints.remove(path);
                openMissed(file, now);
            }
            return file;
        } catch (IOException e) {
            complain(path, e);
            return null;
        }
    }

    private @Nullable TailedFile open(Path origin, Path path, FileStat stat, Instant now) throws IOException {
        if (!stat.regular()) {
            throw new IOException("not a regular file");
        }
        FileChannel channel = FileChannel.open(path);
        FileStat after;
        try {
            after = FileStat.of(path);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        if (!after.identity().matches(stat.identity())) {
            channel.close(); // rotated in this very moment
            nextScan = now;
            return null;
        }
        return new TailedFile(origin, channel, after.identity(), now);
    }

    /// Opens files that came and went between two looks, or while no agent was running: after the last one
    /// that was read under this name, and before this one.
    private void openMissed(TailedFile file, Instant now) {
        starts.before(file.origin, file.identity).ifPresent(last -> {
            for (Path path : Siblings.bornBetween(file.origin, last, file.identity, starts.knownHeads())) {
                openRetired(file.origin, path, now);
            }
        });
    }

    private @Nullable TailedFile openRetired(Path origin, Path path, Instant now) {
        try {
            FileStat stat = FileStat.of(path);
            if (files.stream().anyMatch(file -> file.identity.matches(stat.identity()))) {
                return null;
            }
            TailedFile file = open(origin, path, stat, now);
            if (file != null) {
                file.retiredAt = now;
                files.addFirst(file);
            }
            return file;
        } catch (IOException e) {
            complain(path, e);
            return null;
        }
    }

    /// Streams of the agent before that no path names any more.
    private void findOrphans(Instant now) {
        for (StreamStarts.Known orphan : starts.unfinished(pattern)) {
            FileBookmark bookmark = orphan.bookmark();
            boolean isOpen = files.stream().anyMatch(f -> f.identity.matches(bookmark.identity()));
            if (isOpen && !orphan.superseded()) {
                continue; // it goes on where it was, or finds out that it was truncated
            }
            Optional<Path> rotated = orphan.superseded()
                    ? Siblings.copyOf(bookmark.path(), bookmark, orphan.position())
                    : Siblings.byIdentity(bookmark.path(), bookmark.identity());
            TailedFile file =
                    rotated.map(path -> openRetired(bookmark.path(), path, now)).orElse(null);
            if (file == null) {
                lostBefore.add(bookmark.path());
                starts.finish(orphan.stream(), orphan.position(), bookmark);
            } else if (orphan.superseded()) {
                file.begin(bookmark, orphan.stream(), orphan.position());
            }
        }
    }

    private void beginStreams() {
        boolean begun = false;
        for (TailedFile file : files) {
            if (file.bookmark == null) {
                try {
                    begun |= starts.begin(file);
                    if (file.bookmark != null && file.retiredAt == null && lostBefore.remove(file.origin)) {
                        gap(file, new Gap(Gap.Kind.ROTATED, 0));
                    }
                } catch (IOException e) {
                    complain(file.origin, e);
                }
            }
        }
        if (begun) {
            checkpoints.save(); // so that whatever ships has a name that survives a kill
        }
    }

    private void gap(TailedFile file, Gap gap) {
        file.gap = gap;
        file.gaps++;
        events.gap(source, file.origin.toString(), gap);
    }

    private boolean read(TailedFile file, Instant now) {
        try {
            long size = file.channel.size();
            if (size != file.size) {
                detectTruncation(file, size, now);
                file.size = size;
                file.grewAt = now;
                file.atEnd = false;
            } else if (file.atEnd) {
                file.caughtUpAt = now;
                return false;
            }
            boolean more = file.bookmark != null;
            for (int i = 0; i < BLOCKS_PER_TURN && more; i++) {
                more = reader.step(file);
            }
            return more;
        } catch (IOException e) {
            complain(file.origin, e);
            return false;
        }
    }

    private void detectTruncation(TailedFile file, long size, Instant now) throws IOException {
        FileBookmark bookmark = file.bookmark;
        if (bookmark == null) {
            return;
        }
        String head = size < file.scannedTo() ? null : FileHead.hash(file.channel);
        if (bookmark.head().equals(head) || bookmark.finished()) {
            return;
        }
        if (head == null && size >= file.scannedTo() && file.retiredAt != null) {
            return; // a dead file whose only line has no end
        }
        events.fileTruncated(file.origin, file.position, size);
        Gap lost = new Gap(Gap.Kind.TRUNCATED, Math.max(0, file.size - file.position));
        Optional<Path> copy = Siblings.copyOf(file.origin, bookmark, file.position);
        TailedFile tail = copy.map(path -> openRetired(file.origin, path, now)).orElse(null);
        if (tail != null) {
            tail.begin(bookmark, file.stream, file.position);
            tail.begun = file.begun;
        } else {
            starts.finish(file.stream, file.position, bookmark);
            events.gap(source, file.origin.toString(), lost);
        }
        file.truncated(starts.expect(bookmark.next()), tail == null ? lost : null);
        beginStreams();
    }

    private void finishDead(Instant now) {
        for (TailedFile file : List.copyOf(files)) {
            Instant retiredAt = file.retiredAt;
            if (retiredAt == null || !(file.atEnd || file.bookmark == null)) {
                continue;
            }
            boolean replaced = files.stream().anyMatch(f -> f.retiredAt == null && f.origin.equals(file.origin));
            Instant quietSince = file.grewAt.isAfter(retiredAt) ? file.grewAt : retiredAt;
            Duration quiet = replaced ? QUIET_AFTER_ROTATION : QUIET_WITHOUT_SUCCESSOR;
            if (!now.isBefore(quietSince.plus(quiet))) {
                finish(file);
            }
        }
    }

    private void finish(TailedFile file) {
        try {
            if (file.bookmark == null) {
                starts.beginDead(file);
            }
            FileBookmark bookmark = file.bookmark;
            if (bookmark != null) {
                if (!reader.finish(file)) {
                    return;
                }
                starts.finish(file.stream, file.position, bookmark);
                events.fileFinished(file.origin, file.stream, file.position);
            }
        } catch (IOException e) {
            complain(file.origin, e);
        }
        file.close();
        files.remove(file);
    }

    private void complain(Path path, IOException e) {
        String complaint = e.getClass().getSimpleName() + e.getMessage();
        if (complaint.equals(complaints.put(path, complaint))) {
            return;
        }
        if (e instanceof NoSuchFileException) {
            events.fileMissing(path);
        } else if (e instanceof AccessDeniedException) {
            events.fileUnreadable(path, Rights.remedy(path));
        } else {
            events.fileUnreadable(path, e.toString());
        }
    }

    private void observe() {
        List<HostFacts.Watermark> marks = new ArrayList<>();
        for (TailedFile file : files) {
            if (file.bookmark != null) {
                long acknowledged = checkpoints
                        .mark(file.stream)
                        .map(mark -> mark.position())
                        .orElse(0L);
                file.acknowledged(acknowledged);
                if (file.atEnd && acknowledged >= file.position) {
                    checkpoints.confirm(file.stream);
                }
                marks.add(new HostFacts.Watermark(
                        file.stream,
                        source,
                        file.origin.toString(),
                        file.readUpTo,
                        Math.max(0, file.size - acknowledged),
                        file.gaps));
            }
        }
        starts.see(pattern.path());
        watermarks = List.copyOf(marks);
    }

    @Override
    public List<HostFacts.Watermark> watermarks() {
        return watermarks;
    }

    @Override
    public void close() {
        starts.settle();
        files.forEach(TailedFile::close);
        files.clear();
    }
}
