package dev.gatewatch.analyzer.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The corpus, judged as `explain --corpus` does.
class CorpusSampleTest {
    private static final ObjectReader JSON = new ObjectMapper().reader();
    private static final SignalCatalogue CATALOGUE = SignalCatalogue.read();
    private static final Instant READ_AT = Instant.parse("2026-11-22T14:10:00Z");

    /// What is read otherwise than the corpus has it: the beginning of the line. A denied response and an
    /// invalid one look alike (PH--); sH-- is a timeout, where the corpus has a failed connection.
    private static final List<String> DIFFERENT =
            List.of("127.0.0.1:39692 [22/Nov/2026:13:54:02.894]", "<134>1 2026-11-22T13:55:16.881666+00:00");

    private static List<CorpusSample> corpus() throws IOException {
        try (InputStream file = CorpusSampleTest.class.getResourceAsStream("/dev/gatewatch/analyzer/corpus.jsonl")) {
            assertThat(file).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> CorpusSample.parse(JSON, line))
                    .filter(sample -> LineSource.ofId(sample.source()).isPresent())
                    .toList();
        }
    }

    private static Explanation explain(@Nullable LineSource source, CorpusSample sample) {
        byte[] bytes = sample.bytes();
        return new Explainer(CATALOGUE, ZoneOffset.UTC, READ_AT).explain(source, bytes, 0, bytes.length);
    }

    private static Explanation explain(CorpusSample sample) {
        return explain(LineSource.ofId(sample.source()).orElseThrow(), sample);
    }

    @Test
    void every_line_but_two_says_what_the_corpus_has_it_say_in_its_own_form() throws IOException {
        List<CorpusSample> wrong = corpus().stream()
                .filter(sample -> !sample.differences(explain(sample)).isEmpty())
                .toList();
        assertThat(corpus()).hasSizeGreaterThanOrEqualTo(258);
        assertThat(wrong).extracting(CorpusSample::line).hasSameSizeAs(DIFFERENT);
        assertThat(wrong).allSatisfy(sample -> assertThat(DIFFERENT).anyMatch(sample.line()::startsWith));
    }

    @Test
    void every_source_is_guessed() throws IOException {
        assertThat(corpus()).allSatisfy(sample -> {
            Explanation guessed = explain(null, sample);
            assertThat(guessed.source()).extracting(LineSource::id).isEqualTo(sample.source());
            assertThat(guessed).isEqualTo(explain(sample));
        });
    }

    @Test
    void every_signal_of_the_corpus_has_a_meaning() throws IOException {
        assertThat(corpus())
                .allSatisfy(sample -> assertThat(explain(sample).means()).isNotBlank());
    }

    private static CorpusSample sample(String line, String expect) {
        return CorpusSample.parse(
                JSON, "{\"source\":\"nginx-error\",\"line\":\"" + line + "\",\"expect\":" + expect + "}");
    }

    private static List<CorpusSample.Difference> differences(String line, String expect) {
        CorpusSample sample = sample(line, expect);
        return sample.differences(explain(sample));
    }

    private static final String REFUSED =
            "2026/11/22 13:52:29 [error] 1#1: *1 connect() failed (111: x) while connecting to upstream, client: 1.1.1.1,"
                    + " server: a, request: \\\"GET / HTTP/1.1\\\", upstream: \\\"http://10.0.0.1/\\\", host: \\\"a\\\"";

    @Test
    void what_is_known_and_what_is_found_are_compared() {
        assertThat(
                        differences(
                                REFUSED,
                                "{\"cause\":\"connect_refused\",\"errno\":111,\"upstream\":\"http://10.0.0.1/\",\"note\":\"x\"}"))
                .isEmpty();
        assertThat(differences(REFUSED, "{\"cause\":\"no_route\",\"errno\":113,\"term_state\":\"SC\"}"))
                .containsExactly(
                        new CorpusSample.Difference("cause", "no_route", "connect_refused"),
                        new CorpusSample.Difference("errno", "113", "111"),
                        new CorpusSample.Difference("term_state", "SC", "null"));
        assertThat(differences("hello", "{\"cause\":\"noise\"}"))
                .containsExactly(new CorpusSample.Difference("cause", "noise", "null"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"truncated", "truncated_head", "poster_redacted", "date_redacted"})
    void a_line_of_which_something_is_missing_may_be_unread_but_not_misread(String mark) {
        String expect = "{\"cause\":\"no_route\",\"errno\":113,\"" + mark + "\":1}";
        assertThat(differences("hello", expect)).isEmpty();
        assertThat(differences(REFUSED, expect)).hasSize(2);
    }

    @Test
    void scores_add_up() {
        CorpusSample plain = sample(REFUSED, "{\"cause\":\"connect_refused\"}");
        CorpusSample wrong = sample(REFUSED, "{\"cause\":\"no_route\"}");
        CorpusSample marked = sample(REFUSED, "{\"cause\":\"connect_refused\",\"truncated\":1}");
        CorpusSample unread = sample("hello", "{\"cause\":\"connect_refused\",\"truncated\":1}");
        CorpusSample misread = sample(REFUSED, "{\"cause\":\"no_route\",\"truncated\":1}");
        CorpusScore score = List.of(plain, wrong, marked, unread, misread).stream()
                .map(s -> CorpusScore.of(s, explain(s), s.differences(explain(s))))
                .reduce(CorpusScore.NOT_JUDGED, CorpusScore::plus);

        assertThat(score).isEqualTo(new CorpusScore(1, 1, 1, 1, 1, 1));
        assertThat(score.lines()).isEqualTo(6);
        assertThat(score.isClean()).isFalse();
        assertThat(CorpusScore.NOT_JUDGED.isClean()).isTrue();
        assertThat(CorpusScore.of(misread, explain(misread), misread.differences(explain(misread)))
                        .isClean())
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "[]", "{\"source\":\"a\"}", "{\"source\":1,\"line\":\"a\",\"expect\":{}}"})
    void what_is_no_corpus_is_refused(String text) {
        assertThatThrownBy(() -> CorpusSample.parse(JSON, text)).isInstanceOf(IllegalArgumentException.class);
    }
}
