package dev.gatewatch.analyzer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanStopTest {
    private final CleanStop stop;

    CleanStopTest(@TempDir Path folder) {
        stop = CleanStop.in(folder, "analyzer");
    }

    @Test
    void a_first_start_finds_none() throws IOException {
        assertThat(stop.taken()).isFalse();
    }

    @Test
    void a_start_after_a_clean_stop_finds_it() throws IOException {
        stop.note();

        assertThat(stop.taken()).isTrue();
    }

    @Test
    void a_start_after_a_kill_finds_none_though_there_was_one_before() throws IOException {
        stop.note();
        stop.taken();

        assertThat(stop.taken()).isFalse();
    }
}
