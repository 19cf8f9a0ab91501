package dev.gatewatch.standalone.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.AnalyzerEvents;
import dev.gatewatch.analyzer.Pipeline;
import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.standalone.recording.Recording;
import dev.gatewatch.standalone.replay.Replay;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Faults that the laboratory made and recorded, at least one of each cause.
class LabRecordingsTest {
    static Stream<Path> recordings() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("../lab/recordings"))) {
            return folders.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void each_fault_is_told_with_cause_and_variant_and_nothing_else_is(Path recording) throws IOException {
        Replay replay = new Replay(
                () -> new Pipeline(BurstConfig.DEFAULT, new AnalyzerEvents(new SimpleMeterRegistry())).get());
        List<Incident> incidents = Replay.last(replay.revisions(Recording.read(recording))).stream()
                .map(Replay.Revision::incident)
                .toList();

        Judgement judgement = Judgement.of(Truth.read(recording), incidents);
        assertThat(judgement.found()).as(judgement.told()).allMatch(Judgement.Answer::rightSubCause);
        assertThat(judgement.invented()).as(judgement.told()).isEmpty();
        assertThat(judgement.repeated()).as(judgement.told()).isEmpty();
    }
}
