package dev.gatewatch.agent.facts;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs programs of the host for what they print.
@FunctionalInterface
interface Commands {
    /// What a program prints to its standard output; empty if there is no such program, it fails, or it takes
    /// too long.
    String output(List<String> command);

    /// Programs of this host, given two seconds each.
    static Commands ofThisHost() {
        return command -> {
            try {
                return run(command, Duration.ofSeconds(2));
            } catch (IOException e) {
                return "";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return "";
            }
        };
    }

    private static String run(List<String> command, Duration limit) throws IOException, InterruptedException {
        Path output = Files.createTempFile("gatewatch-", ".out"); // a pipe that nobody empties would stop the program
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectOutput(output.toFile())
                    .redirectError(Redirect.DISCARD)
                    .redirectInput(Redirect.from(Path.of("/dev/null").toFile()));
            builder.environment().put("LC_ALL", "C.UTF-8");
            Process process = builder.start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return "";
            }
            return process.exitValue() == 0 ? Files.readString(output, StandardCharsets.UTF_8) : "";
        } finally {
            Files.deleteIfExists(output);
        }
    }
}
