package dev.gatewatch.standalone.replay;

import dev.gatewatch.standalone.evaluate.Truth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A recording with what really happened in it.
record RecordedTruth(Path folder, Truth truth) {

    static Stream<RecordedTruth> all() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("src/test/resources/recordings"))) {
            return folders.sorted().map(RecordedTruth::read).toList().stream();
        }
    }

    private static RecordedTruth read(Path folder) {
        try {
            return new RecordedTruth(folder, Truth.read(folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What must be found.
    List<Truth.Fault> incidents() {
        return truth.faults();
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
