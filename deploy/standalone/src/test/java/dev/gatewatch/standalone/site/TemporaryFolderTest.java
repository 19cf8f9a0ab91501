package dev.gatewatch.standalone.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TemporaryFolderTest {
    /// A process that is ended by a signal while it works in its folder.
    static final class Main {
        public static void main(String[] args) throws Exception {
            TemporaryFolder folder = TemporaryFolder.create("gatewatch-test-");
            folder.stopAtSignal(() -> System.out.println("stopped"));
            Files.writeString(folder.path().resolve("file"), "text");
            System.out.println(folder.path());
            Thread.sleep(Duration.ofMinutes(1));
            folder.close();
        }
    }

    @Test
    void it_is_removed_with_what_it_holds() throws Exception {
        Path path;
        try (TemporaryFolder folder = TemporaryFolder.create("gatewatch-test-")) {
            path = folder.path();
            Files.writeString(Files.createDirectories(path.resolve("a/b")).resolve("file"), "text");
        }
        assertThat(path).doesNotExist();
    }

    @Test
    void it_is_removed_when_a_signal_ends_the_process() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            Path folder = Path.of(lines.readLine());
            assertThat(folder.resolve("file")).exists();

            process.toHandle().destroy(); // the process itself would close its output at once

            assertThat(lines.readLine()).isEqualTo("stopped");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(folder).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }
}
