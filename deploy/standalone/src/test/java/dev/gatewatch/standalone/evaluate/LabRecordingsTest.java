package dev.gatewatch.standalone.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.standalone.replay.TestPipeline;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Judgement judgement = new Evaluation(TestPipeline.create(), new Disturbance.Nothing(), nowhere, nowhere)
                .judgements(List.of(recording))
                .getFirst();

        assertThat(judgement.found()).as(judgement.told()).allMatch(Judgement.Answer::rightSubCause);
        assertThat(judgement.invented()).as(judgement.told()).isEmpty();
        assertThat(judgement.repeated()).as(judgement.told()).isEmpty();
    }
}
