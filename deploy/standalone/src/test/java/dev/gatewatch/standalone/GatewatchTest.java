package dev.gatewatch.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.program.Output;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewatchTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void what_cannot_be_printed_is_a_failure() {
        assertThat(run("No space left on device", "causes")).isEqualTo(1);
        assertThat(told()).isEqualTo("gatewatch causes: standard output cannot be written: No space left on device\n");
    }

    @Test
    void a_reader_that_has_gone_is_none() {
        assertThat(run("Broken pipe", "causes")).isZero();
        assertThat(told()).isEmpty();
    }

    private int run(String why, String... args) {
        OutputStream failing = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(why);
            }
        };
        return new Gatewatch(new Output(failing), new PrintStream(err, true, StandardCharsets.UTF_8))
                .run(List.of(args));
    }

    private String told() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
