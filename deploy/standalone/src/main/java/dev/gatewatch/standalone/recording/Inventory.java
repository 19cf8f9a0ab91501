package dev.gatewatch.standalone.recording;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatewatch.wire.HostFacts.Container;
import dev.gatewatch.wire.HostFacts.ContainerState;
import dev.gatewatch.wire.HostFacts.Listener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The snapshots of listening sockets in `inventory.jsonl`, oldest first. A line that is no snapshot is
/// passed over.
record Inventory(List<Snapshot> snapshots) {

    /// The sockets that accepted connections at one moment, and the containers.
    record Snapshot(Instant at, List<Listener> listeners, List<ContainerState> containers) {}

    static Inventory read(Path file, JsonMapper json) throws IOException {
        List<Snapshot> snapshots = new ArrayList<>();
        if (Files.isRegularFile(file)) {
            for (String line : new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                JsonNode node = tree(line, json);
                Instant at = HostDescription.instant(node.path("ts").asText());
                if (at != null && node.path("listeners").isArray()) {
                    snapshots.add(
                            new Snapshot(at, listeners(node.path("listeners")), containers(node.path("containers"))));
                }
            }
        }
        snapshots.sort(Comparator.comparing(Snapshot::at));
        return new Inventory(List.copyOf(snapshots));
    }

    private static JsonNode tree(String line, JsonMapper json) {
        try {
            return json.readTree(line);
        } catch (JsonProcessingException e) {
            return json.missingNode();
        }
    }

    private static @Nullable Container container(JsonNode node) {
        String id = node.path("id").asText();
        return id.isEmpty() ? null : new Container(id, node.path("name").asText());
    }

    private static List<ContainerState> containers(JsonNode nodes) {
        List<ContainerState> containers = new ArrayList<>();
        for (JsonNode node : nodes) {
            Container container = container(node);
            if (container != null) {
                containers.add(new ContainerState(
                        container,
                        node.path("status").asText(),
                        node.path("exit_code").asInt(),
                        node.path("oom_killed").asBoolean(),
                        moment(node.path("started_at")),
                        moment(node.path("finished_at")),
                        node.path("restarts").asInt(),
                        node.path("error").asText(),
                        texts(node.path("published")),
                        node.path("host_network").asBoolean() ? null : texts(node.path("listens"))));
            }
        }
        return containers;
    }

    /// The year 1 stands for never.
    private static @Nullable Instant moment(JsonNode node) {
        Instant at = HostDescription.instant(node.asText());
        return at == null || at.getEpochSecond() <= 0 ? null : at;
    }

    private static List<String> texts(JsonNode nodes) {
        List<String> texts = new ArrayList<>();
        nodes.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    private static List<Listener> listeners(JsonNode nodes) {
        List<Listener> listeners = new ArrayList<>();
        for (JsonNode node : nodes) {
            String local = node.path("local").asText();
            if (node.path("state").asText("LISTEN").equals("LISTEN") && !local.isEmpty()) {
                JsonNode owner = node.path("procs").path(0);
                listeners.add(new Listener(
                        local.startsWith("/") ? "unix:" + local : local,
                        node.path("recv_q").asInt(),
                        node.path("send_q").asInt(),
                        owner.path("unit").asText(),
                        owner.path("comm").asText(),
                        owner.path("pid").asInt(),
                        container(node.path("container"))));
            }
        }
        return listeners;
    }
}
