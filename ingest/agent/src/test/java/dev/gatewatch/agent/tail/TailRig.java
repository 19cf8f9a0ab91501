package dev.gatewatch.agent.tail;

import dev.gatewatch.agent.checkpoint.Checkpoints;
import dev.gatewatch.agent.events.AgentEvents;
import dev.gatewatch.agent.ship.HostStamp;
import dev.gatewatch.agent.testing.Broker;
import dev.gatewatch.agent.testing.HandClock;
import dev.gatewatch.wire.SourceKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/// A tailer on real files in a temporary directory, with its steps and its clock in the hands of the test.
final class TailRig implements AutoCloseable {
    final Path directory;
    final Path log;
    final HandClock clock = new HandClock();
    final Broker broker = new Broker();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final boolean fromBeginning;
    private final int blockSize;
    Checkpoints checkpoints;
    FileTailer tailer;

    TailRig(Path directory, boolean fromBeginning, int blockSize) {
        this.directory = directory;
        this.log = directory.resolve("access.log");
        this.fromBeginning = fromBeginning;
        this.blockSize = blockSize;
        start();
    }

    static TailRig fromBeginning(Path directory) {
        return new TailRig(directory, true, FileTailer.BLOCK_SIZE);
    }

    void start() {
        try {
            AgentEvents events = new AgentEvents(meters);
            checkpoints = Checkpoints.open(directory.resolve("state"), clock, events);
            broker.connect(checkpoints);
            HostStamp stamp = new HostStamp("edge1", ZoneId.of("Europe/Berlin"), clock, () -> List.of("10.0.0.1"));
            tailer = new FileTailer(
                    log.toString(),
                    SourceKind.NGINX_ACCESS,
                    fromBeginning,
                    stamp,
                    broker,
                    checkpoints,
                    events,
                    blockSize);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A second goes by, and the tailer does what there is to do.
    TailRig poll() {
        clock.advance(Duration.ofSeconds(1));
        while (tailer.poll()) {
            // until there is nothing more to do
        }
        return this;
    }

    TailRig pollFor(Duration time) {
        for (long i = 0; i < time.toSeconds(); i++) {
            poll();
        }
        return this;
    }

    /// The process is killed and started again.
    void killAndRestart() {
        Path state = directory.resolve("state").resolve("positions");
        try {
            byte[] saved = Files.exists(state) ? Files.readAllBytes(state) : null;
            tailer.close();
            checkpoints.close();
            if (saved == null) {
                Files.deleteIfExists(state);
            } else {
                Files.write(state, saved); // close() has saved, a killed process would not have
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    /// The process is stopped in good order and started again.
    void restart() {
        try {
            tailer.close();
            checkpoints.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    void append(String text) {
        append(log, text);
    }

    static void append(Path file, String text) {
        try {
            Files.write(
                    file,
                    text.getBytes(StandardCharsets.ISO_8859_1),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path rotated(String suffix) {
        return directory.resolve("access.log" + suffix);
    }

    void rename(String suffix) {
        try {
            Files.move(log, rotated(suffix));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    double counter(String name) {
        return meters.find("gatewatch.agent." + name).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    @Override
    public void close() throws IOException {
        tailer.close();
        checkpoints.close();
    }
}
