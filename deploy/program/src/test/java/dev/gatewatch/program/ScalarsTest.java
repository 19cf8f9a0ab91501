package dev.gatewatch.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarsTest {
    @ParameterizedTest
    @ValueSource(strings = {"100ms", "30s", "5m", "1h30m", "7d", "0s", "-5s", "1d2h3m4s5ms"})
    void durationsArePrintedAsTheyAreRead(String text) {
        assertThat(Durations.print(Durations.parse(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "5 s", "5x", "PT5S", "1.5s", "--5s"})
    void otherDurationsAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Durations.parse(text))
                .withMessage(text + " (expected: a duration such as 30s)");
    }

    @Test
    void durationsAreAddedUp() {
        assertThat(Durations.parse("-1m30s")).isEqualTo(Duration.ofSeconds(-90));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0B", "512B", "64KiB", "3MiB", "2GiB", "1TiB"})
    void sizesArePrintedAsTheyAreRead(String text) {
        assertThat(ByteSize.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:0", "[::1]:9095", "gateway.example:65535"})
    void addressesArePrintedAsTheyAreRead(String text) {
        assertThat(Address.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":80", "host", "host:", "host:x", "host:65536", "host:-1", "::1:80"})
    void otherAddressesAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.parse(text))
                .withMessageContaining("expected: HOST:PORT");
    }

    @Test
    void aSecretHidesItselfAndIsReadAgainWhenItChanges(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("token"), "first\n");
        Secret secret = Secret.in(file);

        Files.writeString(file, "second\n");

        assertThat(secret).hasToString("<redacted>");
        assertThat(secret.reveal()).isEqualTo("second");
    }
}
