package dev.gatewatch.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutputTest {
    /// A stream into which nothing can be written.
    static OutputStream failing(String why) {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(why);
            }
        };
    }

    @Test
    void whatIsPrintedArrives() {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        Output out = new Output(to);

        out.print("häufig");

        assertThat(out.failure()).isEmpty();
        assertThat(to.toString(StandardCharsets.UTF_8)).isEqualTo("häufig");
    }

    @Test
    void aFullDiskIsRemembered() {
        Output out = new Output(failing("No space left on device"));

        out.println("lost");

        assertThat(out.failure()).get().extracting(IOException::getMessage).isEqualTo("No space left on device");
        assertThat(out.isUnread()).isFalse();
    }

    @Test
    void aClosedPipeIsNoFailure() {
        Output out = new Output(failing("Broken pipe"));

        out.println("unread");

        assertThat(out.failure()).isEmpty();
        assertThat(out.isUnread()).isTrue();
    }
}
