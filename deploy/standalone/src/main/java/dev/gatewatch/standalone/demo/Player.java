package dev.gatewatch.standalone.demo;

import dev.gatewatch.standalone.recording.Entry;
import dev.gatewatch.standalone.recording.Recording;
import dev.gatewatch.standalone.recording.Retimer;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.LineBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Writes the lines of a recording into log files as if they happened now, each when its time has come.
final class Player {
    private final Recording recording;
    private final Stage stage;
    private final InstantSource clock;

    /// Where it happens.
    interface Stage {
        /// Where the lines of a stream go.
        Path file(LineBatch batch);

        /// What moves the lines of a stream to now.
        Retimer retimer(LineBatch batch);

        /// When a recorded moment is to be.
        Instant retime(Instant recorded);

        /// Something is to become true of a host.
        void become(HostFacts facts) throws IOException;
    }

    Player(Recording recording, Stage stage, InstantSource clock) {
        this.recording = recording;
        this.stage = stage;
        this.clock = clock;
    }

    /// Plays to the end.
    void play() throws IOException, InterruptedException {
        for (Entry entry : recording.entries()) {
            awaitMoment(stage.retime(entry.at()));
            switch (entry) {
                case Entry.Lines(Instant at, LineBatch batch) ->
                    Files.write(
                            stage.file(batch),
                            stage.retimer(batch).retime(batch.source(), batch.lines()),
                            StandardOpenOption.APPEND);
                case Entry.Facts(Instant at, HostFacts facts) -> stage.become(facts);
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
