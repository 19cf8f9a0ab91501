package dev.gatewatch.standalone.demo;

import dev.gatewatch.standalone.recording.Entry;
import dev.gatewatch.standalone.recording.Recording;
import dev.gatewatch.wire.LineBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Function;

/// Writes the lines of a recording into log files as if they happened now, each when its time has come.
final class Player {
    private final Recording recording;
    private final Function<LineBatch, Path> files;
    private final InstantSource clock;

    /// @param files where the lines of a stream go
    Player(Recording recording, Function<LineBatch, Path> files, InstantSource clock) {
        this.recording = recording;
        this.files = files;
        this.clock = clock;
    }

    /// Makes the files, empty, so that an agent finds them.
    void prepare() throws IOException {
        for (Entry entry : recording.entries()) {
            if (entry instanceof Entry.Lines(Instant at, LineBatch batch)) {
                Path file = files.apply(batch);
                Files.createDirectories(file.toAbsolutePath().getParent());
                Files.write(file, new byte[0], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        }
    }

    /// Plays to the end.
    void play(Function<LineBatch, Retimer> retimers) throws IOException, InterruptedException {
        for (Entry entry : recording.entries()) {
            if (entry instanceof Entry.Lines(Instant at, LineBatch batch)) {
                Retimer retimer = retimers.apply(batch);
                awaitMoment(retimer.retime(at));
                Files.write(files.apply(batch), retimer.retime(batch.source(), batch.lines()), StandardOpenOption.APPEND);
            }
        }
    }

    private void awaitMoment(Instant moment) throws InterruptedException {
        Duration left = Duration.between(clock.instant(), moment);
        if (left.isPositive()) {
            Thread.sleep(left);
        }
    }
}
