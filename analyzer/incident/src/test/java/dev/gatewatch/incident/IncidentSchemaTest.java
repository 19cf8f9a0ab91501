package dev.gatewatch.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The published schema accepts what the codec writes and nothing that a reader could stumble over.
class IncidentSchemaTest {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final Schema SCHEMA = schema();

    private static Schema schema() {
        try (InputStream schema = IncidentJson.schema()) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(schema, InputFormat.JSON);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void what_the_codec_writes_satisfies_the_schema() throws IOException {
        for (Incident incident : List.of(Golden.OPEN, Golden.RESOLVED)) {
            assertThat(SCHEMA.validate(MAPPER.readTree(new IncidentJson().encode(incident))))
                    .isEmpty();
        }
    }

    @Test
    void each_member_but_the_chain_is_required() {
        golden().fieldNames().forEachRemaining(member -> {
            ObjectNode without = golden();
            without.remove(member);
            boolean valid = SCHEMA.validate(without).isEmpty();
            assertThat(valid).as("without " + member).isEqualTo(member.equals("chain"));
        });
    }

    private static ObjectNode golden() {
        try {
            return (ObjectNode) MAPPER.readTree(Golden.file("incident-1-open.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Arguments wrong(String name, String where, Consumer<ObjectNode> change) {
        return argumentSet(name, where, change);
    }

    static Stream<Arguments> wrongIncidents() {
        return Stream.of(
                wrong("another layout", "/schema", i -> i.put("schema", "gatewatch/incident/2")),
                wrong("an id with a slash", "/id", i -> i.put("id", "../../etc/passwd")),
                wrong("a short id", "/id", i -> i.put("id", "a")),
                wrong("revision 0", "/revision", i -> i.put("revision", 0)),
                wrong("half a revision", "/revision", i -> i.put("revision", 1.5)),
                wrong("a state in capitals", "/state", i -> i.put("state", "OPEN")),
                wrong("no name", "/service", i -> i.put("service", "")),
                wrong("an endless name", "/service", i -> i.put("service", "x".repeat(301))),
                wrong("a cause with a hyphen", "/cause", i -> i.put("cause", "backend-down")),
                wrong("a cause as a number", "/cause", i -> i.put("cause", 5)),
                wrong("an empty variant", "/subCause", i -> i.put("subCause", "")),
                wrong("more than certain", "/confidence", i -> i.put("confidence", 1.01)),
                wrong("less than nothing", "/confidence", i -> i.put("confidence", -0.01)),
                wrong("another verdict", "/verdict", i -> i.put("verdict", "sure")),
                wrong("an endless summary", "/summary", i -> i.put("summary", "x".repeat(1_001))),
                wrong("a time without decimals", "/startedAt", i -> i.put("startedAt", "2026-11-22T14:02:27Z")),
                wrong("a time of another zone", "/startedAt", i -> i.put("startedAt", "2026-11-22T14:02:27.000+01:00")),
                wrong("a time as a number", "/detectedAt", i -> i.put("detectedAt", 1_795_356_147)),
                wrong(
                        "a culprit without host",
                        "/culprit",
                        i -> object(i, "culprit").remove("host")),
                wrong(
                        "a culprit with an empty unit",
                        "/culprit/unit",
                        i -> object(i, "culprit").put("unit", "")),
                wrong(
                        "an unknown kind of proxy",
                        "/proxies/0/kind",
                        i -> first(i, "proxies").put("kind", "squid")),
                wrong(
                        "a server without address",
                        "/endpoints/0/address",
                        i -> first(i, "endpoints").put("address", "")),
                wrong(
                        "fewer than no failures",
                        "/endpoints/0/failures",
                        i -> first(i, "endpoints").put("failures", -1)),
                wrong(
                        "a status of two digits",
                        "/requests/failed",
                        i -> object(object(i, "requests"), "failed").put("50", 1)),
                wrong(
                        "a status that never came",
                        "/requests/failed",
                        i -> object(object(i, "requests"), "failed").put("504", 0)),
                wrong(
                        "a row of two",
                        "/requests/perSecond",
                        i -> rows(i).addArray().add(1).add(2)),
                wrong("too many rows", "/requests/perSecond", i -> {
                    for (int n = 0; n < 121; n++) {
                        rows(i).addArray().add(n).add(1).add(1);
                    }
                }),
                wrong(
                        "a source with capitals",
                        "/evidence/0/source",
                        i -> first(i, "evidence").put("source", "Kernel")),
                wrong(
                        "evidence of nothing",
                        "/evidence/0/count",
                        i -> first(i, "evidence").put("count", 0)),
                wrong(
                        "a signal in words",
                        "/evidence/0/says",
                        i -> first(i, "evidence").put("says", "unit stopped")),
                wrong(
                        "an alternative without reason",
                        "/alternatives/0",
                        i -> first(i, "alternatives").remove("against")),
                wrong(
                        "a sixth step",
                        "/checks",
                        i -> ((ArrayNode) i.get("checks")).add(i.get("checks").get(0))),
                wrong("a missing step", "/checks", i -> ((ArrayNode) i.get("checks")).remove(4)),
                wrong(
                        "a step by another name",
                        "/checks/0/step",
                        i -> first(i, "checks").put("step", "dns")),
                wrong(
                        "another result",
                        "/checks/0/result",
                        i -> first(i, "checks").put("result", "ok")),
                wrong(
                        "a page that is no page",
                        "/runbook/page",
                        i -> object(i, "runbook").put("page", "../secret")),
                wrong(
                        "an empty command",
                        "/runbook/repair",
                        i -> ((ArrayNode) i.get("runbook").get("repair")).add("")),
                wrong("one member more", "", i -> i.put("severity", "page")));
    }

    private static ObjectNode object(ObjectNode parent, String name) {
        return (ObjectNode) parent.get(name);
    }

    private static ObjectNode first(ObjectNode incident, String list) {
        return (ObjectNode) incident.get(list).get(0);
    }

    private static ArrayNode rows(ObjectNode incident) {
        return (ArrayNode) incident.get("requests").get("perSecond");
    }

    @ParameterizedTest
    @MethodSource("wrongIncidents")
    void a_wrong_incident_fails_where_it_is_wrong(String where, Consumer<ObjectNode> change) {
        ObjectNode incident = golden();
        change.accept(incident);
        List<Error> errors = SCHEMA.validate((JsonNode) incident);
        assertThat(errors)
                .extracting(error -> error.getInstanceLocation().toString())
                .anyMatch(at -> at.startsWith(where));
    }

    @Test
    void a_cause_that_nobody_knows_yet_is_fine() {
        ObjectNode incident = golden();
        incident.put("cause", "quantum_decay").put("subCause", "left_half");
        assertThat(SCHEMA.validate((JsonNode) incident)).isEmpty();
    }
}
