package dev.gatewatch.standalone.evaluate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewatch.standalone.recording.Damage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What really happened in a recording, as the program noted that made the fault.
///
/// ```
/// {"incidents": [{"cause": "app_crash", "sub_cause": "oom_kill", "culprit": {"host": "app1.lab", "unit":
/// "orders.service"},
///                 "upstreams": [{"name": "orders_api", "servers": ["10.85.0.21:8081"]}]}],
///  "acceptable": ["firewall"], "acceptable_incidents": [1, 2], "first_5xx": "2026-11-22T14:01:21.918Z"}
/// ```
///
/// @param faults what must be found, one incident each
/// @param acceptable causes that are right as well
/// @param mostIncidents how many incidents there may be
/// @param firstFailureAt when the first request failed, null if none did
public record Truth(
        List<Fault> faults,
        Set<String> acceptable,
        int mostIncidents,
        @Nullable Instant firstFailureAt) {
    /// The file in a recording's folder.
    public static final String FILE = "truth.json";

    /// Names that tell how a fault was made, and what it is.
    private static final Map<String, String> MADE_BY = Map.ofEntries(
            Map.entry("all_servers_stopped", "clean_stop"),
            Map.entry("clean_stop_flapping", "clean_stop"),
            Map.entry("operator_maintenance", "maintenance"),
            Map.entry("restart_deploy", "deploy_restart"),
            Map.entry("crash_loop_start_limit", "crash_loop"),
            Map.entry("exception", "exit_error"),
            Map.entry("exit_code", "exit_error"),
            Map.entry("heap_out_of_memory", "heap_exhausted"),
            Map.entry("worker_segfault", "segfault"),
            Map.entry("worker_oom_kill", "oom_kill"),
            Map.entry("sigkill", "killed"),
            Map.entry("fpm_saturated", "pool_exhausted"),
            Map.entry("queue_timeout", "pool_exhausted"),
            Map.entry("gunicorn_worker_timeout", "worker_timeout"),
            Map.entry("process_frozen", "unresponsive"),
            Map.entry("read_timeout", "slow_response"),
            Map.entry("read_timeout_one_of_two", "slow_response"),
            Map.entry("garbage", "invalid_response"),
            Map.entry("invalid_header", "invalid_response"),
            Map.entry("premature_close", "closed_early"),
            Map.entry("reset_before_answer", "closed_early"),
            Map.entry("unresolvable_name", "name_resolution"),
            Map.entry("resolver_timeout", "name_resolution"),
            Map.entry("http_to_https_backend", "http_to_https"),
            Map.entry("https_to_http_backend", "https_to_http"),
            Map.entry("app_made_502", "passed_through"),
            Map.entry("drop_silent", "drop"),
            Map.entry("drop_with_log", "drop"),
            Map.entry("reject_tcp_reset", "reject"),
            Map.entry("reject_host_prohibited", "reject"),
            Map.entry("reject_port_unreachable", "reject"),
            Map.entry("proxy_resource", "proxy_exhausted"));

    /// A fault that must be found.
    ///
    /// @param names names and addresses of which an incident has one if it is about this
    /// @param host where to repair, null if that cannot be said
    /// @param unit the systemd unit there, null if there is none
    public record Fault(
            String cause,
            String subCause,
            Set<String> names,
            @Nullable String host,
            @Nullable String unit) {}

    public Truth {
        faults = List.copyOf(faults);
        acceptable = Set.copyOf(acceptable);
    }

    /// Reads the truth of the recording in a folder.
    ///
    /// @throws IOException if there is none, or if it is no truth
    public static Truth read(Path folder) throws IOException {
        JsonNode truth = tree(folder.resolve(FILE));
        if (!truth.path("incidents").isArray()) {
            throw new IOException(FILE + " has no list \"incidents\"");
        }
        List<Fault> faults = new ArrayList<>();
        truth.path("incidents").forEach(node -> faults.add(fault(node)));
        Set<String> acceptable = new HashSet<>();
        truth.path("acceptable").forEach(node -> acceptable.add(node.asText()));
        int most = faults.size();
        for (JsonNode number : truth.path("acceptable_incidents")) {
            most = Math.max(most, number.asInt());
        }
        return new Truth(
                faults, acceptable, most, instant(truth.path("first_5xx").asText()));
    }

    private static JsonNode tree(Path file) throws IOException {
        try {
            return new ObjectMapper().readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new IOException(FILE + " is no JSON: " + Damage.of(e), e);
        }
    }

    private static Fault fault(JsonNode node) {
        Set<String> names = new HashSet<>();
        for (JsonNode upstream : node.path("upstreams")) {
            String name = upstream.path("name").asText();
            names.add(name);
            for (JsonNode server : upstream.path("servers")) {
                if (server.isTextual()) {
                    names.add(server.asText());
                } else {
                    names.add(server.path("address").asText());
                    names.add(name + "/" + server.path("name").asText());
                }
            }
        }
        return new Fault(
                known(node.path("cause").asText()),
                known(node.path("sub_cause").asText()),
                names,
                text(node.path("culprit").path("host")),
                text(node.path("culprit").path("unit")));
    }

    private static String known(String name) {
        return MADE_BY.getOrDefault(name, name);
    }

    private static @Nullable String text(JsonNode node) {
        return node.isTextual() ? node.asText() : null;
    }

    private static @Nullable Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
