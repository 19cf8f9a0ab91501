package dev.gatewatch.agent.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.agent.events.AgentEvents;
import dev.gatewatch.agent.testing.HandClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
    @TempDir
    Path directory;

    private final HandClock clock = new HandClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    private Checkpoints open() throws IOException {
        return Checkpoints.open(directory, clock, new AgentEvents(meters));
    }

    private Path current() {
        return directory.resolve("positions");
    }

    @Test
    void are_there_after_a_restart() throws IOException {
        try (Checkpoints first = open()) {
            assertThat(first.start()).isEqualTo(Checkpoints.Start.FIRST);
            first.advance("a", 5, "tab\t, newline\n, backslash \\n", 1);
        }

        try (Checkpoints second = open()) {
            assertThat(second.start()).isEqualTo(Checkpoints.Start.RESUMED);
            assertThat(second.mark("a")).hasValueSatisfying(mark -> {
                assertThat(mark.position()).isEqualTo(5);
                assertThat(mark.bookmark()).isEqualTo("tab\t, newline\n, backslash \\n");
            });
        }
    }

    @Test
    void are_saved_after_a_second_or_4_MiB() throws IOException {
        try (Checkpoints checkpoints = open()) {
            checkpoints.advance("a", 1, "x", 10);
            checkpoints.saveIfDue();
            boolean atOnce = Files.exists(current());
            checkpoints.advance("a", 2, "x", 4 << 20);
            checkpoints.saveIfDue();
            long size = Files.size(current());
            checkpoints.advance("b", 1, "x", 10);
            clock.advance(Duration.ofSeconds(1));
            checkpoints.saveIfDue();

            assertThat(atOnce).isFalse();
            assertThat(Files.size(current())).isGreaterThan(size);
            assertThat(checkpoints.age()).isZero();
        }
    }

    @Test
    void a_second_agent_is_turned_away() throws IOException {
        try (Checkpoints first = open()) {
            assertThat(first.marks()).isEmpty();
            assertThatThrownBy(this::open)
                    .isInstanceOf(StateDirectoryInUseException.class)
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("in use by another agent");
        }
    }

    @Test
    void a_file_cut_or_altered_anywhere_is_never_taken_for_whole() throws IOException {
        try (Checkpoints checkpoints = open()) {
            checkpoints.advance("a", 1, "older", 0);
            checkpoints.save();
            checkpoints.advance("a", 2, "newer", 0);
        }
        byte[] whole = Files.readAllBytes(current());
        byte[] previous = Files.readAllBytes(directory.resolve("positions.previous"));
        for (int i = 0; i < whole.length; i++) {
            byte[] altered = whole.clone();
            altered[i] ^= 1;
            for (byte[] damaged : new byte[][] {Arrays.copyOf(whole, i), altered}) {
                Files.write(current(), damaged);
                Files.write(directory.resolve("positions.previous"), previous);
                try (Checkpoints again = open()) {
                    assertThat(again.mark("a").orElseThrow().bookmark()).isEqualTo("older");
                }
            }
        }
    }

    @Test
    void damage_without_a_copy_is_told_and_kept() throws IOException {
        Files.writeString(current(), "rubbish");

        try (Checkpoints checkpoints = open()) {
            assertThat(checkpoints.start()).isEqualTo(Checkpoints.Start.LOST);
            assertThat(Files.readString(directory.resolve("positions.damaged"))).isEqualTo("rubbish");
            assertThat(meters.counter("gatewatch.agent.state.damaged").count()).isEqualTo(1);
        }
    }

    @Test
    void killed_between_the_two_renames_the_copy_serves() throws IOException {
        try (Checkpoints checkpoints = open()) {
            checkpoints.advance("a", 1, "x", 0);
        }
        Files.move(
                current(), directory.resolve("positions.previous"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        try (Checkpoints checkpoints = open()) {
            assertThat(checkpoints.start()).isEqualTo(Checkpoints.Start.RESUMED);
            assertThat(checkpoints.mark("a")).isPresent();
        }
    }

    @Test
    void a_directory_that_cannot_be_written_is_told_and_tried_again() throws IOException { // F27
        try (Checkpoints checkpoints = open()) {
            Path blocked = Files.createDirectory(directory.resolve("positions.new"));
            checkpoints.advance("a", 1, "x", 0);
            checkpoints.save();
            double failures =
                    meters.counter("gatewatch.agent.checkpoint.failures").count();
            Files.delete(blocked);
            clock.advance(Duration.ofSeconds(1));

            checkpoints.saveIfDue();

            assertThat(failures).isEqualTo(1);
            assertThat(current()).exists();
        }
    }

    @Test
    void marks_that_nobody_confirms_are_forgotten_at_last() throws IOException {
        try (Checkpoints checkpoints = open()) {
            checkpoints.advance("gone", 1, "x", 0);
            checkpoints.advance("there", 1, "x", 0);
            clock.advance(Duration.ofDays(91));
            checkpoints.confirm("there");

            checkpoints.save();

            assertThat(checkpoints.mark("gone")).isEmpty();
            assertThat(checkpoints.mark("there")).isPresent();
        }
    }
}
