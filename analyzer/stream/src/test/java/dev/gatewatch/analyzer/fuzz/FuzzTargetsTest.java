package dev.gatewatch.analyzer.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.analyzer.signal.Reading;
import dev.gatewatch.analyzer.signal.Signal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What fuzzing looks for holds of all real lines; `deploy/bench/fuzz` tries others.
class FuzzTargetsTest {

    static Set<String> names() {
        return FuzzTargets.all().keySet();
    }

    @ParameterizedTest
    @MethodSource("names")
    void it_holds_of_real_lines(String name) {
        FuzzTarget target = FuzzTargets.named(name);
        List<byte[]> seeds = target.seeds();
        assertThat(seeds.size()).isGreaterThan(5);
        for (byte[] seed : seeds) {
            assertThatCode(() -> target.check(seed))
                    .as(new String(seed, StandardCharsets.ISO_8859_1))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void it_holds_of_next_to_nothing(String name) {
        FuzzTarget target = FuzzTargets.named(name);
        for (String input : List.of("", "\0", "\n", "\0\n", "\0\n\n", "\0\0\n", "\0x\n", "\0x\ny")) {
            assertThatCode(() -> target.check(input.getBytes(StandardCharsets.ISO_8859_1)))
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 513})
    void a_signal_without_an_id_or_with_a_long_text_does_not_pass(int length) {
        Signal signal = new Signal.ProxyEvent(length == 0 ? "" : "reload", 0, "nginx", "x".repeat(length));
        assertThatThrownBy(() -> ReadingProperties.check(new Reading.Says(signal), 600))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void a_complaint_about_what_is_not_in_the_line_does_not_pass() {
        assertThatThrownBy(() -> ReadingProperties.check(new Reading.NotUnderstood(8, "a blank"), 7))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void the_dictionary_has_the_words_of_the_grammars() {
        assertThat(Dictionary.text().lines())
                .contains("\"upstream timed out\"", "\"<NOSRV>\"", "\"$upstream_addr\"", "\"Out of memory\"")
                .allMatch(line -> line.isEmpty() || line.startsWith("#") || line.matches("\"([^\"\\\\]|\\\\.)+\""));
    }
}
