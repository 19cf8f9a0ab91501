package dev.gatewatch.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The shell script that starts everything. What it starts has its own tests.
class LauncherTest {
    private static final Path LAUNCHER =
            Path.of("../bin/gatewatch").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    private record Outcome(int status, String out, String err) {}

    @Test
    void help_lists_the_verbs() throws Exception {
        Outcome outcome = run(LAUNCHER, folder, "--help");

        assertThat(outcome.status()).isZero();
        assertThat(outcome.out())
                .contains(
                        "demo", "standalone", "replay DIR", "explain [FILE]", "agent", "analyzer", "alerts", "causes");
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void it_is_found_through_symlinks_and_spaces() throws Exception {
        Path elsewhere = Files.createDirectories(folder.resolve("some where"));
        Path link = Files.createSymbolicLink(elsewhere.resolve("gw"), LAUNCHER);
        Path second = Files.createSymbolicLink(folder.resolve("gw 2"), Path.of("some where/gw"));

        assertThat(run(link, elsewhere, "--help").status()).isZero();
        assertThat(run(second, elsewhere, "--help").status()).isZero();
    }

    @Test
    void an_unknown_verb_is_wrong_usage() throws Exception {
        Outcome outcome = run(LAUNCHER, folder, "replya");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("unknown verb 'replya'", "usage:");
    }

    @Test
    void no_verb_is_wrong_usage() throws Exception {
        assertThat(run(LAUNCHER, folder).status()).isEqualTo(2);
    }

    private Outcome run(Path launcher, Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(err.toFile())
                .start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), out, Files.readString(err));
    }
}
