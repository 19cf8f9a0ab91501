package dev.gatewatch.standalone.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.standalone.replay.Replay;
import dev.gatewatch.standalone.replay.TestPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Recordings whose streams overtake each other by seconds, cut into other batches, and recordings whose hosts
/// have wrong clocks.
class ShuffledRecordingsTest {
    private static final List<Long> SEEDS = List.of(1L, 2L);

    /// What must be the same in the end, in whatever order lines come.
    private record Told(
            String id,
            String cause,
            Incident.Verdict verdict,
            Incident.@Nullable Culprit culprit,
            Instant startedAt,
            Instant lastFailureAt,
            long requests,
            SortedMap<String, Long> failed) {
        static Told of(Incident incident) {
            return new Told(
                    incident.id(),
                    incident.cause() + "/" + incident.subCause(),
                    incident.verdict(),
                    incident.culprit(),
                    incident.startedAt(),
                    incident.lastFailureAt(),
                    incident.requests().total(),
                    incident.requests().failed());
        }
    }

    static Stream<Path> recordings() throws IOException {
        return Stream.concat(
                folders(Path.of("../lab/recordings")).stream(),
                folders(Path.of("src/test/resources/recordings")).stream());
    }

    private static List<Path> folders(Path folder) throws IOException {
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void the_same_incidents_come_of_the_same_lines_in_another_order(Path recording) throws IOException {
        List<Told> prompt = told(recording, new Disturbance.Nothing());
        for (long seed : SEEDS) {
            assertThat(told(recording, new Disturbance.Shuffle(seed)))
                    .as("seed " + seed)
                    .isEqualTo(prompt);
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void clocks_that_are_wrong_by_three_seconds_change_no_cause(Path recording) throws IOException {
        List<String> right = causes(recording, new Disturbance.Nothing());
        for (long seed : SEEDS) {
            assertThat(causes(recording, new Disturbance.Skew(seed)))
                    .as("seed " + seed)
                    .isEqualTo(right);
        }
    }

    private static List<String> causes(Path recording, Disturbance disturbance) throws IOException {
        return told(recording, disturbance).stream()
                .map(told -> told.cause() + " " + told.culprit())
                .toList();
    }

    private static List<Told> told(Path recording, Disturbance disturbance) throws IOException {
        return Replay.last(new Replay(TestPipeline.create()).revisions(disturbance.read(recording))).stream()
                .map(revision -> Told.of(revision.incident()))
                .toList();
    }
}
