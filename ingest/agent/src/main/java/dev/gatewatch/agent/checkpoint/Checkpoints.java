package dev.gatewatch.agent.checkpoint;

import dev.gatewatch.agent.events.AgentEvents;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The marks of all streams, in memory and in the state directory, which belongs to one agent at a time.
public final class Checkpoints implements AutoCloseable {
    /// The state is saved when this much has been acknowledged since,
    static final long SAVE_AFTER_BYTES = 4 << 20;
    /// or when this much time has gone by and anything changed.
    static final Duration SAVE_AFTER = Duration.ofSeconds(1);
    /// Marks that nobody has seen to be true for so long are dropped; no log stays around unrotated and
    /// unread for longer.
    static final Duration FORGET_AFTER = Duration.ofDays(90);
    /// Marks that are merely still true are saved this often.
    private static final Duration REFRESH_AFTER = Duration.ofMinutes(10);

    private final MarkFile file;
    private final FileChannel lockFile;
    private final FileLock lock;
    private final InstantSource clock;
    private final AgentEvents events;
    private final Start start;
    /// Held while the file is written; taken before the lock of the marks.
    private final Object saving = new Object();

    private final Map<String, Mark> marks = new LinkedHashMap<>();
    private boolean changed;
    private boolean failing;
    private long acknowledgedSince;
    private Instant savedAt;
    private Instant triedAt;

    /// What the state directory held.
    public enum Start {
        /// Nothing: no agent ever ran with this directory.
        FIRST,
        /// The positions of an agent before.
        RESUMED,
        /// Positions that cannot be read: an agent ran here, and where it was is lost.
        LOST
    }

    private Checkpoints(
            MarkFile file,
            FileChannel lockFile,
            FileLock lock,
            InstantSource clock,
            AgentEvents events,
            Start start,
            List<Mark> marks) {
        this.file = file;
        this.lockFile = lockFile;
        this.lock = lock;
        this.clock = clock;
        this.events = events;
        this.start = start;
        this.savedAt = clock.instant();
        this.triedAt = savedAt;
        marks.forEach(mark -> this.marks.put(mark.stream(), mark));
    }

    /// Takes the state directory, which is made if it is not there, and reads what it holds.
    ///
    /// @throws StateDirectoryInUseException if another agent holds it
    /// @throws IOException if it cannot be made, locked or read
    public static Checkpoints open(Path directory, InstantSource clock, AgentEvents events) throws IOException {
        Files.createDirectories(directory);
        FileChannel lockFile =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = lock(lockFile, directory);
            MarkFile file = new MarkFile(directory);
            return load(directory, file, lockFile, lock, clock, events);
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    private static FileLock lock(FileChannel lockFile, Path directory) throws IOException {
        try {
            FileLock lock = lockFile.tryLock();
            if (lock == null) {
                throw new StateDirectoryInUseException(directory);
            }
            return lock;
        } catch (OverlappingFileLockException e) {
            throw new StateDirectoryInUseException(directory);
        }
    }

    private static Checkpoints load(
            Path directory, MarkFile file, FileChannel lockFile, FileLock lock, InstantSource clock, AgentEvents events)
            throws IOException {
        String damage = "";
        for (Path path : List.of(file.current(), file.previous())) {
            try {
                List<Mark> marks = file.read(path);
                if (!damage.isEmpty()) {
                    events.stateDamaged(
                            directory, damage + "; going on with the copy before it, some lines are sent twice");
                }
                return new Checkpoints(file, lockFile, lock, clock, events, Start.RESUMED, marks);
            } catch (MarkFile.DamagedException e) {
                damage = e.getMessage() == null ? e.toString() : e.getMessage();
                Files.move(
                        path,
                        path.resolveSibling(path.getFileName() + ".damaged"),
                        StandardCopyOption.REPLACE_EXISTING);
            } catch (NoSuchFileException e) {
                // the copy before it may be there
            }
        }
        if (damage.isEmpty()) {
            events.firstStart(directory);
            return new Checkpoints(file, lockFile, lock, clock, events, Start.FIRST, List.of());
        }
        events.stateDamaged(
                directory,
                damage
                        + "; there is no copy, every source is read from its beginning with the same positions as before");
        return new Checkpoints(file, lockFile, lock, clock, events, Start.LOST, List.of());
    }

    /// What the state directory held when it was opened.
    public Start start() {
        return start;
    }

    /// The mark of a stream.
    public synchronized Optional<Mark> mark(String stream) {
        return Optional.ofNullable(marks.get(stream));
    }

    /// All marks.
    public synchronized List<Mark> marks() {
        return List.copyOf(marks.values());
    }

    /// Sets the mark of a stream.
    ///
    /// @param bytes how many bytes this acknowledges
    public synchronized void advance(String stream, long position, String bookmark, long bytes) {
        marks.put(stream, new Mark(stream, position, bookmark, clock.instant()));
        acknowledgedSince += bytes;
        changed = true;
    }

    /// Says that a stream's mark is still true: its source has been looked at and has nothing more.
    public synchronized void confirm(String stream) {
        marks.computeIfPresent(stream, (id, mark) -> new Mark(id, mark.position(), mark.bookmark(), clock.instant()));
    }

    /// How long changes have been waiting to be saved.
    public synchronized Duration age() {
        return changed ? Duration.between(savedAt, clock.instant()) : Duration.ZERO;
    }

    /// Saves if enough has changed or enough time has gone by. Trouble is told and tried again later.
    public void saveIfDue() {
        if (isDue()) {
            save();
        }
    }

    private synchronized boolean isDue() {
        Duration age = Duration.between(triedAt, clock.instant());
        boolean due = changed && (acknowledgedSince >= SAVE_AFTER_BYTES || age.compareTo(SAVE_AFTER) >= 0);
        return due || age.compareTo(REFRESH_AFTER) >= 0;
    }

    /// Saves now. Trouble is told and tried again later. Acknowledgements go on meanwhile.
    public void save() {
        synchronized (saving) {
            List<Mark> snapshot = snapshot();
            try {
                file.save(snapshot);
                saved();
            } catch (IOException e) {
                failed(e);
            }
        }
    }

    private synchronized List<Mark> snapshot() {
        triedAt = clock.instant();
        marks.values().removeIf(mark -> mark.at().isBefore(triedAt.minus(FORGET_AFTER)));
        changed = false;
        acknowledgedSince = 0;
        return List.copyOf(marks.values());
    }

    private synchronized void saved() {
        savedAt = triedAt;
        if (failing) {
            failing = false;
            events.checkpointRecovered();
        }
    }

    private synchronized void failed(IOException e) {
        changed = true;
        events.checkpointFailed(e, !failing);
        failing = true;
    }

    /// Saves and gives the directory back.
    @Override
    public void close() throws IOException {
        synchronized (saving) {
            if (lockFile.isOpen()) {
                save();
                lock.release();
                lockFile.close();
            }
        }
    }
}
