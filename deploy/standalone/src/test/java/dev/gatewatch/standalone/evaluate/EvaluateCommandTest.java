package dev.gatewatch.standalone.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.standalone.replay.TestPipeline;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluateCommandTest {
    private static final Path RECORDINGS =
            Path.of("src/test/resources/recordings").toAbsolutePath();

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void threeRecordings() throws IOException {
        for (String name : List.of("control-404-burst", "nginx-backend-stopped", "nginx-slow-backend-504")) {
            Files.createSymbolicLink(folder.resolve(name), RECORDINGS.resolve(name));
        }
    }

    @Test
    void each_recording_is_judged_and_all_are_scored() {
        assertThat(run(folder.toString())).isZero();

        assertThat(printed())
                .containsPattern("control-404-burst +quiet\n")
                .containsPattern("nginx-backend-stopped +right backend_down/clean_stop 0\\.\\d\\d\n")
                .containsPattern("nginx-slow-backend-504 +right backend_timeout/slow_response 0\\.\\d\\d\n")
                .containsPattern("\ncause +1\\.000 of 2\n")
                .containsPattern("\ncontrols quiet +1 of 1\n")
                .containsPattern("\nincidents too many +0 false, 0 repeated\n");
    }

    @Test
    void who_has_no_evidence_says_so() {
        assertThat(run("--no-evidence", folder.toString())).isZero();

        assertThat(printed())
                .contains("WRONG unknown/null")
                .containsPattern("\ncause +0\\.000 of 2\n")
                .containsPattern("\nright or abstained +1\\.000 of 2\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--missing-log", "--skew", "--shuffle"})
    void the_same_seed_does_the_same(String disturbance) {
        assertThat(run(folder.toString(), disturbance, "7")).isZero();
        String first = printed();
        out.reset();
        assertThat(run(folder.toString(), disturbance, "7")).isZero();
        assertThat(printed()).isEqualTo(first);
    }

    @Test
    void a_truth_that_is_none_is_named() throws IOException {
        Path recording = Files.createDirectory(folder.resolve("broken"));
        Files.writeString(recording.resolve(Truth.FILE), "{}");

        assertThat(run(folder.toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("broken", "incidents");
    }

    @Test
    void a_truth_that_is_no_json_is_named() throws IOException {
        Path recording = Files.createDirectory(folder.resolve("broken"));
        Files.writeString(recording.resolve(Truth.FILE), "{\"incidents\": [");

        assertThat(run(folder.toString())).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains(recording + ": truth.json is no JSON: ", "(line 1, column ")
                .doesNotContain("REDACTED");
    }

    @Test
    void a_folder_without_recordings_is_wrong_usage() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));

        assertThat(run(empty.toString())).isEqualTo(2);
        assertThat(run(folder.resolve("no such").toString())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("empty holds no recordings (expected: folders with a truth.json)", "no such does not exist");
    }

    @Test
    void a_seed_that_is_none_is_named() {
        assertThat(run("--skew", "x", folder.toString())).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--skew needs a SEED, not 'x'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--no-such", "--missing-log", "--missing-log x .", "--skew", "--shuffle -1 ."})
    void wrong_usage_is_told(String arguments) {
        assertThat(run(arguments.split(" "))).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("usage: gatewatch evaluate DIR");
    }

    @Test
    void help_is_printed() {
        assertThat(run("--help")).isZero();
        assertThat(printed()).startsWith("usage: gatewatch evaluate DIR");
    }

    private int run(String... arguments) {
        PrintStream to = new PrintStream(out, true, StandardCharsets.UTF_8);
        return new EvaluateCommand(TestPipeline.create(), to, new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(List.of(arguments));
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
