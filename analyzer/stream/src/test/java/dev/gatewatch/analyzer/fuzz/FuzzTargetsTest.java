package dev.gatewatch.analyzer.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.gatewatch.analyzer.signal.Reading;
import dev.gatewatch.analyzer.signal.Signal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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

    static Stream<Arguments> findings() {
        return Stream.of(
                argumentSet(
                        "a format without variables: an exception ended the reading of the batch",
                        "nginx-log-format",
                        "\0combine\n::1 - - [22/Nov/2026:13:53:00 +0100] \"GET / HTTP/1.1\" 502 157 \"-\" \"-\""),
                argumentSet(
                        "a long path of a socket: kept more of it than of any text",
                        "envoy",
                        "\0[2013] \"2\" 20 4- 1 0 06 1 00 \"/" + "x".repeat(600)),
                argumentSet(
                        "two endings and many quotes: allocated 7 KB a byte",
                        "haproxy",
                        "\2Noa7%1$s.1:32978 [22/Nov/0226:18:57:46.132] fe fe/<NOSRV>%2$s -1/-1/-1/-1/0 401 0 - - \1\0\0\0PR--"
                                        .formatted("\u0081".repeat(5), "/".repeat(63))
                                + " 2/2/0/0r1/0 400\u00a00 - - PR-- 2/2/0/0/0 1/0 \"<BAD\0\0" + "\u0081".repeat(9)
                                + "1\0\0\0\0 \"" + "\u0081".repeat(4) + "\"".repeat(130)
                                + "\1\0\0\0" + "\u0081".repeat(5)),
                argumentSet(
                        "the same part of a line again and again: took 16 us and allocated 4 KB a byte",
                        "haproxy",
                        "\4" + "10.85.0.102:58639 [22/Nov/2026:14:01:50.143] fe_main be_orders/app2 0/0/0/6/6 200 "
                                + "217 - - ---- 1/1/0/0/0 0/".repeat(650)));
    }

    @ParameterizedTest
    @MethodSource("findings")
    void it_holds_of_what_was_found(String name, String input) {
        FuzzTarget target = FuzzTargets.named(name);
        assertThatCode(() -> target.check(input.getBytes(StandardCharsets.ISO_8859_1)))
                .doesNotThrowAnyException();
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
