package dev.gatewatch.analyzer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether the stores in a state directory were left by a process that came to its end, or by one that was killed.
///
/// With exactly-once processing Kafka Streams does not use what a killed process left, since it may hold what was never
/// committed. It finds that out store by store, when the tasks are assigned already, and then has the whole group
/// rebalance. Who knows it before the start can throw these stores away at once, and the group need not move.
///
/// @param marker an empty file that is there from a clean stop to the next start
record CleanStop(Path marker) {

    /// Of an application's stores in a state directory.
    static CleanStop in(Path stateDirectory, String applicationId) {
        return new CleanStop(stateDirectory.resolve(applicationId + ".stopped"));
    }

    /// Whether the last process stopped by itself; asked once, at the start.
    boolean taken() throws IOException {
        return Files.deleteIfExists(marker);
    }

    /// Notes that this process stopped by itself.
    void note() throws IOException {
        Files.write(marker, new byte[0]);
    }
}
