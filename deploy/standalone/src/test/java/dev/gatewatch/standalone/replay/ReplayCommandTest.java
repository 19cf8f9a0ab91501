package dev.gatewatch.standalone.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {
    private static final Path STOPPED = Path.of("src/test/resources/recordings/nginx-backend-stopped");

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void final_incidents_are_lines_of_json_and_nothing_else() {
        assertThat(run(STOPPED.toString())).isZero();

        assertThat(text(out))
                .startsWith("{\"schema\":\"gatewatch/incident/1\"")
                .endsWith("}\n")
                .hasLineCount(1);
        assertThat(text(err)).isEmpty();
    }

    @Test
    void revisions_are_printed_on_demand() {
        assertThat(run(STOPPED.toString(), "--revisions")).isZero();

        assertThat(text(out).lines()).hasSizeGreaterThan(1);
        assertThat(text(out).lines().toList().getFirst()).contains("\"state\":\"open\"", "\"revision\":1,");
        assertThat(text(out).lines().toList().getLast()).contains("\"state\":\"resolved\"");
    }

    @Test
    void an_empty_folder_has_no_incident() {
        assertThat(run(folder.toString())).isZero();

        assertThat(text(out)).isEmpty();
        assertThat(text(err)).contains("no log files found in " + folder);
    }

    @Test
    void a_folder_that_is_not_there_is_wrong_usage() {
        assertThat(run(folder.resolve("no such").toString())).isEqualTo(2);

        assertThat(text(out)).isEmpty();
        assertThat(text(err)).contains("does not exist").hasLineCount(1);
    }

    @Test
    void a_file_is_no_folder() throws IOException {
        Path file = Files.writeString(folder.resolve("x.log"), "x");

        assertThat(run(file.toString())).isEqualTo(2);
        assertThat(text(err)).contains("is no folder");
    }

    @Test
    void noise_is_no_incident() throws IOException {
        byte[] noise = new byte[100_000];
        new Random(11).nextBytes(noise);
        for (String name : List.of("nginx/error.log", "nginx/access.log", "haproxy.log", "journal.json", "kmsg.log")) {
            Path file = folder.resolve("h").resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, noise);
        }

        assertThat(run(folder.toString())).isZero();
        assertThat(text(out)).isEmpty();
    }

    @Test
    void files_that_make_no_sense_are_told() throws IOException {
        Path host = Files.createDirectories(folder.resolve("edge1/nginx")).getParent();
        Path meta = Files.writeString(host.resolve("meta.json"), "{\"host\": \"edge1.lab\"");
        Path journal = Files.writeString(host.resolve("journal.json"), "{\"__REALTIME_TIMESTAMP\":\"1\"}\n\u0007x\n");
        Path inventory = Files.writeString(host.resolve("inventory.jsonl"), "{}\nnone\n");
        Path errors = Files.writeString(host.resolve("nginx/error.log"), "no log\n");

        assertThat(run(folder.toString())).isZero();
        assertThat(text(out)).isEmpty();
        assertThat(text(err).lines())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains(meta + " is no JSON", "(line 1, column 21)"),
                        line -> assertThat(line).contains(journal + ": 1 of 2 lines are no journal entries"),
                        line -> assertThat(line).contains(inventory + ": 1 of 2 lines are no snapshots of sockets"),
                        line -> assertThat(line).contains(errors + ": no line has a time"));
    }

    @Test
    void a_wrong_argument_is_named() {
        assertThat(run(STOPPED.toString(), "--revision")).isEqualTo(2);
        assertThat(run(STOPPED.toString(), "more")).isEqualTo(2);
        assertThat(run()).isEqualTo(2);
        assertThat(text(err))
                .contains("unexpected argument '--revision'", "unexpected argument 'more'", "DIR is missing");
    }

    @Test
    void help_is_printed() {
        assertThat(run("--help")).isZero();
        assertThat(text(out)).startsWith("usage: gatewatch replay DIR");
    }

    private int run(String... arguments) {
        return new ReplayCommand(TestPipeline.create(), print(out), print(err)).run(List.of(arguments));
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream from) {
        return from.toString(StandardCharsets.UTF_8);
    }
}
