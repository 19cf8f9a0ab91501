package dev.gatewatch.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
    record Config(@Default("fine") String mood) {}

    /// Does what its mood says.
    private static final class Moody implements Service {
        private final CountDownLatch closed = new CountDownLatch(1);
        private final String mood;

        Moody(Config config) {
            mood = config.mood();
        }

        @Override
        public void start() throws IOException {
            if (mood.equals("broken")) {
                throw new IOException("cannot listen on 127.0.0.1:80", new IOException("Permission denied"));
            }
            System.out.println("started");
        }

        @Override
        public void awaitStop() throws InterruptedException {
            if (mood.equals("patient")) {
                closed.await();
            }
            if (mood.equals("failing")) {
                throw new IllegalStateException("the broker speaks no Kafka");
            }
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    /// The program in a process of its own, for signals.
    static final class Main {
        public static void main(String[] args) {
            System.exit(new Program<>("moody", "has moods", Config.class, Moody::new).run(args));
        }
    }

    @TempDir
    private Path dir;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Program<Config> program;

    @BeforeEach
    void create() {
        program = new Program<>("moody", "has moods", Config.class, Moody::new, new Output(out), printer(err));
    }

    @Test
    void aServiceThatEndsWellEndsWithZero() throws Exception {
        assertThat(program.run("run", "--config", config("mood: fine"))).isEqualTo(Program.OK);
    }

    @Test
    void failuresAtStartAndAtWorkAreToldWithoutAStackTrace() throws Exception {
        assertThat(program.run("run", "--config", config("mood: broken"))).isEqualTo(Program.FAILED);
        assertThat(program.run("run", "--config=" + config("mood: failing"))).isEqualTo(Program.FAILED);

        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "moody: cannot listen on 127.0.0.1:80",
                        "  because: Permission denied",
                        "moody: the broker speaks no Kafka");
    }

    @Test
    void checkPrintsTheEffectiveConfiguration() throws Exception {
        assertThat(program.run("check", "--config", config("{}"))).isEqualTo(Program.OK);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("mood: fine\n");
    }

    @Test
    void whatCannotBePrintedIsAFailure() throws Exception {
        Output full = new Output(OutputTest.failing("No space left on device"));
        Program<Config> told = new Program<>("moody", "has moods", Config.class, Moody::new, full, printer(err));

        assertThat(told.run("check", "--config", config("{}"))).isEqualTo(Program.FAILED);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("moody: standard output cannot be written: No space left on device\n");
    }

    @Test
    void aWrongConfigurationIsTwoForRunAndCheck() throws Exception {
        String file = config("mod: fine");

        assertThat(program.run("run", "--config", file)).isEqualTo(Program.USAGE);
        assertThat(program.run("check", "--config", file)).isEqualTo(Program.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsOnly(file + ":1:1: mod: unknown key (expected: mood)");
    }

    @Test
    void aWrongCommandLineIsTwo() {
        assertThat(program.run()).isEqualTo(Program.USAGE);
        assertThat(program.run("dance")).isEqualTo(Program.USAGE);
        assertThat(program.run("run")).isEqualTo(Program.USAGE);
        assertThat(program.run("run", "x.yaml")).isEqualTo(Program.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("unknown verb 'dance'", "run needs --config FILE, not 'x.yaml'");
    }

    @Test
    void helpFitsOneScreenAndNamesAddedVerbs() {
        program.with("describe", "print the topology", args -> 0);

        assertThat(program.run("--help")).isEqualTo(Program.OK);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("moody: has moods", "moody describe")
                .hasLineCount(10);
        assertThat(program.run("--version")).isEqualTo(Program.OK);
    }

    @Test
    void addedVerbsRunWithWhatFollows() {
        program.with("sum A B", "add", args -> args.size()).with("fail", "fail", args -> {
            throw new IOException("no");
        });

        assertThat(program.run("sum", "1", "2")).isEqualTo(2);
        assertThat(program.run("fail")).isEqualTo(Program.FAILED);
    }

    @Test
    void sigtermStopsItInOrderWithZero() throws Exception {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "run",
                        "--config",
                        config("mood: patient"))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("started");

            process.destroy();

            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private String config(String yaml) throws IOException {
        List<Path> earlier;
        try (var files = Files.list(dir)) {
            earlier = files.toList();
        }
        return Files.writeString(dir.resolve(earlier.size() + ".yaml"), yaml + "\n")
                .toString();
    }

    private static PrintStream printer(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
