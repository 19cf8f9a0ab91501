package dev.gatewatch.incident;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IncidentJsonTest {
    private final IncidentJson json = new IncidentJson();

    static Stream<Arguments> goldenFiles() {
        return Stream.of(
                argumentSet("an open incident", "incident-1-open.json", Golden.OPEN),
                argumentSet("a resolved one of which little is known", "incident-1-resolved.json", Golden.RESOLVED));
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void golden_json_reads_as_it_always_did(String file, Incident expected) throws IOException {
        assertThat(json.decode(Golden.file(file))).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void an_incident_is_written_as_it_always_was_members_in_this_order(String file, Incident incident) {
        assertThat(text(incident)).isEqualTo(new String(Golden.file(file), UTF_8));
    }

    private String text(Incident incident) {
        return new String(json.encode(incident), UTF_8);
    }

    @Test
    void an_incident_is_one_line() {
        assertThat(text(Golden.OPEN)).doesNotContain("\n").startsWith("{\"schema\":\"gatewatch/incident/1\",\"id\":");
    }

    @Test
    void members_of_a_newer_version_are_skipped_wherever_they_stand() throws IOException {
        String newer = text(Golden.OPEN)
                .replace("\"requests\":{", "\"requests\":{\"slowest\":[1,{\"a\":null}],")
                .replace("\"culprit\":{", "\"culprit\":{\"container\":\"orders-1\",")
                .replace("\"runbook\":{", "\"severity\":\"page\",\"runbook\":{\"owner\":\"shop\",");
        assertThat(json.decode(newer.getBytes(UTF_8))).isEqualTo(Golden.OPEN);
    }

    @Test
    void an_incident_of_a_writer_before_the_chain_has_none() throws IOException {
        String older = text(Golden.OPEN).replaceFirst("\"chain\":\\[.*?\\],", "");
        assertThat(older).doesNotContain("chain");
        assertThat(json.decode(older.getBytes(UTF_8)).chain()).isEmpty();
        assertThat(json.decode(older.getBytes(UTF_8)).evidence()).isEqualTo(Golden.OPEN.evidence());
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-22T14:02:27Z, 2026-11-22T14:02:27.000Z",
        "2026-11-22T14:02:27.5Z, 2026-11-22T14:02:27.500Z",
        "2026-11-22T14:02:27.999999999Z, 2026-11-22T14:02:27.999Z",
        "1969-12-31T23:59:59.001Z, 1969-12-31T23:59:59.001Z",
    })
    void times_are_utc_with_three_decimals(String at, String written) {
        assertThat(text(lastFailing(Instant.parse(at)))).contains("\"lastFailureAt\":\"" + written + "\"");
    }

    private static Incident lastFailing(Instant at) {
        Incident i = Golden.OPEN;
        return new Incident(
                i.id(),
                i.revision(),
                i.state(),
                i.service(),
                i.cause(),
                i.subCause(),
                i.confidence(),
                i.verdict(),
                i.summary(),
                i.startedAt(),
                i.detectedAt(),
                at,
                i.resolvedAt(),
                i.culprit(),
                i.proxies(),
                i.endpoints(),
                i.requests(),
                i.evidence(),
                i.chain(),
                i.alternatives(),
                i.checks(),
                i.runbook());
    }

    @ParameterizedTest
    @ValueSource(strings = {"yesterday", "2026-11-22", "2026-11-22 14:02:27", "1795356147", ""})
    void what_is_no_time_is_refused(String time) {
        String broken = text(Golden.OPEN).replace("2026-11-22T14:02:30.000Z", time);
        assertThatIOException()
                .isThrownBy(() -> json.decode(broken.getBytes(UTF_8)))
                .withMessageContaining("expected a time like 2026-11-22T14:02:27.000Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "{} {}",
                "[]",
                "{\"id\":",
                "\"text\"",
                "{\"state\":\"burning\"}",
                "{\"revision\":\"x\"}"
            })
    void what_is_no_incident_is_refused(String text) {
        assertThatIOException().isThrownBy(() -> json.decode(text.getBytes(UTF_8)));
    }

    @Test
    void an_incident_without_its_lists_is_refused() {
        String without = text(Golden.RESOLVED).replace("\"proxies\":[],", "");
        assertThatIOException().isThrownBy(() -> json.decode(without.getBytes(UTF_8)));
    }
}
