package dev.gatewatch.standalone.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.incident.IncidentJson;
import dev.gatewatch.standalone.evaluate.Truth;
import dev.gatewatch.standalone.recording.Recording;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReplayTest {
    @TempDir
    Path folder;

    static Stream<RecordedTruth> recordings() throws IOException {
        return RecordedTruth.all();
    }

    static Stream<RecordedTruth> faults() throws IOException {
        return RecordedTruth.all().filter(truth -> !truth.incidents().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void each_fault_is_one_incident_with_its_cause_and_culprit(RecordedTruth truth) throws IOException {
        List<Incident> incidents = incidents(truth.folder());

        assertThat(incidents).hasSameSizeAs(truth.incidents());
        for (int i = 0; i < incidents.size(); i++) {
            Incident incident = incidents.get(i);
            Truth.Fault expected = truth.incidents().get(i);
            assertThat(incident.cause() + "/" + incident.subCause())
                    .as(incident.summary())
                    .isEqualTo(expected.cause() + "/" + expected.subCause());
            assertThat(incident.culprit()).isNotNull();
            assertThat(incident.culprit().host()).isEqualTo(expected.host());
            if (expected.unit() != null) {
                assertThat(incident.culprit().unit()).isEqualTo(expected.unit());
            }
            assertThat(incident.state()).isEqualTo(Incident.State.RESOLVED);
            assertThat(names(incident)).containsAnyElementsOf(expected.names());
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void the_same_recording_gives_the_same_bytes(RecordedTruth truth) throws IOException {
        assertThat(text(revisions(truth.folder()))).isEqualTo(text(revisions(truth.folder())));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void every_revision_is_what_the_schema_says(RecordedTruth truth) throws IOException {
        Schema schema;
        try (InputStream in = IncidentJson.schema()) {
            schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(in);
        }
        for (Replay.Revision revision : revisions(truth.folder())) {
            String json = new String(revision.json(), StandardCharsets.UTF_8);
            assertThat(schema.validate(json, InputFormat.JSON)).as(json).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("faults")
    void without_one_of_the_hosts_it_says_what_is_unknown_and_is_no_surer(RecordedTruth truth) throws IOException {
        double surest = confidence(incidents(truth.folder()));
        for (Path host : hosts(truth.folder())) {
            List<Incident> incidents = incidents(without(host, truth.folder()));

            assertThat(confidence(incidents))
                    .as("without " + host.getFileName())
                    .isLessThanOrEqualTo(surest);
            for (Incident incident : incidents) {
                if (incident.culprit() == null || concerns(host, truth)) {
                    assertThat(incident.checks())
                            .as("without " + host.getFileName())
                            .anyMatch(check -> check.result() == Incident.Result.UNKNOWN);
                }
            }
        }
    }

    /// Whether the host is the proxy or the culprit of the fault; of the others nothing is asked.
    private static boolean concerns(Path host, RecordedTruth truth) {
        String name = host.getFileName() + ".lab";
        return truth.incidents().stream().anyMatch(expected -> name.equals(expected.host()));
    }

    private Path without(Path left, Path recording) throws IOException {
        Path copy = Files.createTempDirectory(folder, "without-" + left.getFileName());
        for (Path host : hosts(recording)) {
            if (!host.equals(left)) {
                copy(host, copy.resolve(host.getFileName()));
            }
        }
        return copy;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private static List<Path> hosts(Path recording) throws IOException {
        try (Stream<Path> entries = Files.list(recording)) {
            return entries.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static double confidence(List<Incident> incidents) {
        return incidents.stream().mapToDouble(Incident::confidence).max().orElse(0);
    }

    private static List<String> names(Incident incident) {
        List<String> names = new ArrayList<>(List.of(incident.service()));
        incident.endpoints().forEach(endpoint -> names.add(endpoint.address()));
        incident.endpoints().forEach(endpoint -> names.add(endpoint.server()));
        return names;
    }

    private static List<Incident> incidents(Path recording) throws IOException {
        return Replay.last(revisions(recording)).stream()
                .map(Replay.Revision::incident)
                .toList();
    }

    private static List<Replay.Revision> revisions(Path recording) throws IOException {
        return new Replay(TestPipeline.create()).revisions(Recording.read(recording));
    }

    private static List<String> text(List<Replay.Revision> revisions) {
        return revisions.stream()
                .map(r -> new String(r.json(), StandardCharsets.UTF_8))
                .toList();
    }
}
