package dev.gatewatch.incident;

import dev.gatewatch.incident.Incident.Alternative;
import dev.gatewatch.incident.Incident.Check;
import dev.gatewatch.incident.Incident.Culprit;
import dev.gatewatch.incident.Incident.Endpoint;
import dev.gatewatch.incident.Incident.Evidence;
import dev.gatewatch.incident.Incident.Link;
import dev.gatewatch.incident.Incident.Proxy;
import dev.gatewatch.incident.Incident.Requests;
import dev.gatewatch.incident.Incident.Result;
import dev.gatewatch.incident.Incident.Runbook;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Incidents whose JSON other programs read and write: the files `golden/*.json`, which never change.
final class Golden {
    private static final List<Check> CHECKS = List.of(
            new Check(
                    "service_status",
                    "Is the backend service running?",
                    "no: orders.service on app1.lab, unit stopped at 14:02:27",
                    Result.BAD,
                    "systemctl status orders.service  # on app1.lab"),
            new Check(
                    "backend_connectivity",
                    "Can the proxy connect to the backend?",
                    "no: 10.85.0.21:8081 refuses connections",
                    Result.BAD,
                    "nc -zv 10.85.0.21 8081  # on edge1.lab"),
            new Check("proxy_logs", "What do the proxy's logs say?", "connect refused 112 times", Result.BAD, null),
            new Check(
                    "configuration",
                    "Does the proxy's configuration fit?",
                    "yes: 10.85.0.21:8081 is configured",
                    Result.GOOD,
                    "nginx -t  # on edge1.lab"),
            new Check(
                    "network",
                    "Does the network let the connection through?",
                    "unknown: nothing is shipped from app2.lab",
                    Result.UNKNOWN,
                    null));

    static final Incident OPEN = new Incident(
            "20261122T140227Z-3f9a1c2e07",
            3,
            Incident.State.OPEN,
            "orders_api",
            "backend_down",
            "clean_stop",
            0.97,
            Incident.Verdict.CONFIRMED,
            "orders.service on app1.lab was stopped 0.3 s before the first failure;"
                    + " 112 requests for orders_api failed through edge1.lab.",
            Instant.parse("2026-11-22T14:02:27.300Z"),
            Instant.parse("2026-11-22T14:02:30Z"),
            Instant.parse("2026-11-22T14:02:49.007Z"),
            null,
            new Culprit("app1.lab", "orders.service"),
            List.of(new Proxy("edge1.lab", "nginx"), new Proxy("edge2.lab", "haproxy")),
            List.of(
                    new Endpoint("10.85.0.21:8081", null, 100),
                    new Endpoint("unix:/run/app.sock", "be_orders/app1", 12)),
            new Requests(
                    130,
                    new TreeMap<>(Map.of("503", 12L, "502", 100L)),
                    4,
                    List.of(List.of(1_795_356_147L, 6L, 5L), List.of(1_795_356_148L, 7L, 7L))),
            List.of(
                    new Evidence(
                            Instant.parse("2026-11-22T14:02:27Z"),
                            "app1.lab",
                            "journald",
                            "{\"MESSAGE\":\"Stopped \\\"orders\\\".\"}",
                            "unit_stopped",
                            1),
                    new Evidence(
                            Instant.parse("2026-11-22T14:02:27.300Z"),
                            "edge1.lab",
                            "nginx-error",
                            "<script>é\t€",
                            "connect_refused",
                            112)),
            List.of(
                    new Link(
                            Instant.parse("2026-11-22T14:02:27Z"),
                            -300,
                            "app1.lab",
                            "journald",
                            "unit_stopped",
                            "orders.service was stopped"),
                    new Link(
                            Instant.parse("2026-11-22T14:02:27.300Z"),
                            0,
                            "edge1.lab",
                            "nginx-error",
                            "connect_refused",
                            "10.85.0.21:8081 refused a connection of nginx")),
            List.of(new Alternative("wrong_upstream", "wrong_port", 0.02, "8081 answered until 14:02:26")),
            CHECKS,
            new Runbook(
                    List.of("systemctl status orders.service"),
                    List.of("systemctl start orders.service"),
                    "backend_down.md#clean_stop"));

    static final Incident RESOLVED = new Incident(
            "20261122T140227Z-0000000000",
            1,
            Incident.State.RESOLVED,
            "orders_api",
            "unknown",
            null,
            0.2,
            Incident.Verdict.INCONCLUSIVE,
            "Nothing in the logs says why; 5 requests for nginx on edge1.lab failed.",
            Instant.parse("2026-11-22T14:02:27.300Z"),
            Instant.parse("2026-11-22T14:02:30Z"),
            Instant.parse("2026-11-22T14:02:49.007Z"),
            Instant.parse("2026-11-22T14:03:19Z"),
            null,
            List.of(),
            List.of(),
            new Requests(0, new TreeMap<>(), 0, List.of()),
            List.of(),
            List.of(),
            List.of(),
            CHECKS,
            new Runbook(List.of(), List.of(), "unknown.md"));

    private Golden() {}

    static byte[] file(String name) {
        try (InputStream file = Golden.class.getResourceAsStream("/golden/" + name)) {
            if (file == null) {
                throw new IllegalArgumentException("no golden file " + name);
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
