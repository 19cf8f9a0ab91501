package dev.gatewatch.alerts;

import dev.gatewatch.incident.Incident;
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
import dev.gatewatch.incident.Incident.State;
import dev.gatewatch.incident.Incident.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Incidents for tests: a service that was stopped, as a recording of a real host tells it, with what a test
/// wants different.
public final class Incidents {
    public static final Instant START = Instant.parse("2026-11-22T14:02:27.300Z");

    private String id = "orders-20261122140227";
    private int revision = 1;
    private State state = State.OPEN;
    private String service = "orders_api";
    private String cause = "backend_down";
    private @Nullable String subCause = "clean_stop";
    private double confidence = 0.97;
    private Verdict verdict = Verdict.CONFIRMED;
    private String summary =
            "orders.service on app1.lab was stopped 0.3 s before 10.85.0.21:8081 refused its first connection;"
                    + " 112 requests failed through edge1.lab.";
    private Instant startedAt = START;
    private @Nullable Instant resolvedAt;
    private List<Proxy> proxies = List.of(new Proxy("edge1.lab", "nginx"));
    private List<Evidence> evidence = evidence(START);
    private List<Link> chain = List.of(
            new Link(
                    START.minusMillis(300), -300, "app1.lab", "journald", "unit_stopped", "orders.service was stopped"),
            new Link(START, 0, "edge1.lab", "nginx-access", "status_5xx", "the first request failed with 502"));

    public static Incidents anIncident() {
        return new Incidents();
    }

    public Incidents id(String text) {
        id = text;
        return this;
    }

    public Incidents revision(int number) {
        revision = number;
        return this;
    }

    public Incidents service(String text) {
        service = text;
        return this;
    }

    public Incidents cause(String text, @Nullable String sub) {
        cause = text;
        subCause = sub;
        return this;
    }

    public Incidents verdict(Verdict how, double sure) {
        verdict = how;
        confidence = sure;
        return this;
    }

    public Incidents summary(String text) {
        summary = text;
        return this;
    }

    public Incidents startedAt(Instant at) {
        startedAt = at;
        evidence = evidence(at);
        return this;
    }

    public Incidents resolvedAt(Instant at) {
        state = State.RESOLVED;
        resolvedAt = at;
        return this;
    }

    public Incidents proxies(Proxy... some) {
        proxies = List.of(some);
        return this;
    }

    public Incidents evidence(Evidence... some) {
        evidence = List.of(some);
        return this;
    }

    public Incidents chain(Link... some) {
        chain = List.of(some);
        return this;
    }

    public Incident build() {
        return new Incident(
                id,
                revision,
                state,
                service,
                cause,
                subCause,
                confidence,
                verdict,
                summary,
                startedAt,
                startedAt.plusMillis(3_900),
                startedAt.plusSeconds(38),
                resolvedAt,
                new Culprit("app1.lab", "orders.service"),
                proxies,
                List.of(
                        new Endpoint("10.85.0.21:8081", "orders_api", 98),
                        new Endpoint("10.85.0.22:8081", "orders_api", 14)),
                new Requests(130, new TreeMap<>(Map.of("502", 104L, "504", 8L)), 3, perSecond(startedAt)),
                evidence,
                chain,
                List.of(
                        new Alternative(
                                "wrong_upstream",
                                "wrong_port",
                                0.02,
                                "8081 answered until 14:02:27, and the configuration did not change"),
                        new Alternative("app_crash", "oom_kill", 0.01, "the kernel of app1.lab killed nothing")),
                checks(),
                new Runbook(
                        List.of(
                                "systemctl status orders.service  # on app1.lab: inactive (dead), and since when",
                                "ss -tuln | grep :8081  # on app1.lab: empty while nothing listens",
                                "journalctl -S -1h -t sudo --no-pager  # on app1.lab: who ran systemctl"),
                        List.of(
                                "systemctl start orders.service  # on app1.lab",
                                "curl -I http://10.85.0.21:8081/health  # on edge1.lab: an answer means that the way is open",
                                "# edit the upstream orders_api on edge1.lab: at least two servers, so that one may be away"),
                        "backend_down.md#clean_stop"));
    }

    private static List<Evidence> evidence(Instant start) {
        return List.of(
                new Evidence(
                        start.minusMillis(310),
                        "app1.lab",
                        "journald",
                        "Stopping orders.service - Orders API...",
                        "unit_stopping",
                        1),
                new Evidence(
                        start.minusMillis(120),
                        "app1.lab",
                        "journald",
                        "orders.service: Deactivated successfully.",
                        "unit_stopped",
                        1),
                new Evidence(
                        start,
                        "edge1.lab",
                        "nginx-error",
                        "2026/11/22 14:02:27 [error] 812#812: *5511 connect() failed (111: Connection refused) while connecting to"
                                + " upstream, client: 10.85.0.100, server: shop.lab, request: \"GET /orders/17?page=2 HTTP/1.1\","
                                + " upstream: \"http://10.85.0.21:8081/orders/17?page=2\", host: \"shop.lab\"",
                        "upstream_refused",
                        98),
                new Evidence(
                        start.plusSeconds(9),
                        "edge1.lab",
                        "nginx-error",
                        "2026/11/22 14:02:36 [error] 812#812: *5538 no live upstreams while connecting to upstream, client:"
                                + " 10.85.0.102, server: shop.lab, request: \"GET /orders HTTP/1.1\", upstream: \"http://orders_api/orders\"",
                        "no_live_upstreams",
                        14));
    }

    private static List<Check> checks() {
        return List.of(
                new Check(
                        "service_status",
                        "Is the backend service running?",
                        "No: orders.service was stopped at 14:02:27 by systemctl.",
                        Result.BAD,
                        "systemctl status orders.service"),
                new Check(
                        "backend_connectivity",
                        "Does the proxy reach the backend?",
                        "No: 10.85.0.21:8081 refuses connections since 14:02:27.",
                        Result.BAD,
                        "curl -sS -m 3 -o /dev/null -w '%{http_code}\\n' http://10.85.0.21:8081/"),
                new Check(
                        "proxy_logs",
                        "What does the proxy log say?",
                        "98 × connect() failed (111: Connection refused) for 10.85.0.21:8081.",
                        Result.BAD,
                        "grep 'orders_api\\|10.85.0.21:8081' /var/log/nginx/error.log | tail -20"),
                new Check(
                        "configuration",
                        "Does the configuration name the right server?",
                        "Yes: 8081 answered before, and nothing was reloaded since 09:14:02.",
                        Result.GOOD,
                        "nginx -T | grep -A5 'upstream orders_api'"),
                new Check(
                        "network",
                        "Does a firewall or the network stand between?",
                        "Not known: no kernel log of edge1.lab.",
                        Result.UNKNOWN,
                        "nft list ruleset | grep 8081"));
    }

    private static List<List<Long>> perSecond(Instant start) {
        List<List<Long>> rows = new ArrayList<>();
        long first = start.getEpochSecond() - 20;
        for (long i = 0; i < 75; i++) {
            long requests = 3 + (i * 7 + i * i * 3) % 5;
            boolean failing = i >= 20 && i <= 58;
            long failed = failing ? Math.max(1, requests - (i * 5) % 3) : 0;
            rows.add(List.of(first + i, requests, failed));
        }
        return rows;
    }
}
