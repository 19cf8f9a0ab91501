package dev.gatewatch.standalone.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What really happened in a recording, as noted by the program that made the fault.
///
/// @param incidents what must be found
record RecordedTruth(Path folder, List<Expected> incidents) {
    private static final Map<String, String> IDS = Map.of(
            "read_timeout", "slow_response",
            "drop_with_log", "drop");

    /// An incident that must be found.
    ///
    /// @param names the names and addresses by which an incident may show that it is about this
    record Expected(String cause, String subCause, String host, String unit, Set<String> names) {}

    static Stream<RecordedTruth> all() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("src/test/resources/recordings"))) {
            return folders.sorted().map(RecordedTruth::read).toList().stream();
        }
    }

    private static RecordedTruth read(Path folder) {
        try {
            JsonNode truth =
                    new JsonMapper().readTree(folder.resolve("truth.json").toFile());
            List<Expected> incidents = new ArrayList<>();
            truth.path("incidents").forEach(node -> incidents.add(expected(node)));
            return new RecordedTruth(folder, incidents);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Expected expected(JsonNode node) {
        Set<String> names = new TreeSet<>();
        for (JsonNode upstream : node.path("upstreams")) {
            names.add(upstream.path("name").asText());
            for (JsonNode server : upstream.path("servers")) {
                names.add(
                        server.isTextual()
                                ? server.asText()
                                : server.path("address").asText());
            }
        }
        String sub = node.path("sub_cause").asText();
        return new Expected(
                node.path("cause").asText(),
                IDS.getOrDefault(sub, sub),
                node.path("culprit").path("host").asText(null),
                node.path("culprit").path("unit").asText(null),
                names);
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
