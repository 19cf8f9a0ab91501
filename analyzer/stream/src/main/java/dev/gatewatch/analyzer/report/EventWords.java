package dev.gatewatch.analyzer.report;

import dev.gatewatch.analyzer.signal.Signal;
import java.util.Map;

/// What happened, in a clause for a person.
final class EventWords {
    private static final Map<String, String> OF_UNIT = Map.ofEntries(
            Map.entry("unit_starting", "%s was being started"),
            Map.entry("unit_started", "%s was started"),
            Map.entry("unit_start_failed", "%s could not be started"),
            Map.entry("unit_stopping", "%s was asked to stop"),
            Map.entry("unit_stopped", "%s was stopped"),
            Map.entry("unit_success", "%s had ended"),
            Map.entry("unit_reloading", "%s was asked to load its configuration anew"),
            Map.entry("unit_reloaded", "%s loaded its configuration anew"),
            Map.entry("unit_restart_scheduled", "systemd was going to restart %s"),
            Map.entry("unit_start_limit", "systemd gave up restarting %s"),
            Map.entry("unit_suspended", "%s was suspended"),
            Map.entry("unit_watchdog", "%s did not tell systemd's watchdog that it is alive"),
            Map.entry("oom_unit_notice", "systemd noticed that a process of %s was killed for memory"),
            Map.entry("spawn_failed", "the program of %s could not be executed"));

    private static final Map<String, String> OF_CONTAINER = Map.ofEntries(
            Map.entry("container_oom", "a process of the container was killed for memory"),
            Map.entry("container_exited", "the container ended"),
            Map.entry("container_killed", "the container was told to end"),
            Map.entry("container_start_failed", "the container could not be started"),
            Map.entry("container_unhealthy", "the container's own health check failed"),
            Map.entry("k8s_probe_failed", "a probe of the pod failed"),
            Map.entry("k8s_container_unhealthy", "the pod's container failed its liveness probe"),
            Map.entry("k8s_backoff", "the pod's container was restarted ever more slowly"),
            Map.entry("k8s_killing", "the kubelet told the pod's container to end"),
            Map.entry("k8s_evicted", "the pod was evicted"),
            Map.entry("k8s_no_endpoints", "the ingress controller knew of no pod that is ready"));

    private static final Map<String, String> OF_TRY = Map.ofEntries(
            Map.entry("connect_refused", "refused a connection"),
            Map.entry("connect_failed", "could not be connected to"),
            Map.entry("upstream_timeout_connect", "did not answer the wish to connect"),
            Map.entry("connect_timeout_os", "did not answer the wish to connect"),
            Map.entry("connect_timeout", "did not answer the wish to connect"),
            Map.entry("no_route", "could not be reached through the network"),
            Map.entry("net_unreachable", "could not be reached through the network"),
            Map.entry("unix_missing", "did not exist"),
            Map.entry("unix_denied", "must not be opened by the proxy"),
            Map.entry("unix_backlog_full", "had no room for another connection"),
            Map.entry("conn_reset_header", "reset a connection without an answer"),
            Map.entry("upstream_closed_early", "closed a connection without an answer"),
            Map.entry("server_closed_early", "closed a connection without an answer"),
            Map.entry("upstream_timeout_header", "did not answer a request in time"),
            Map.entry("server_timeout_header", "did not answer a request in time"),
            Map.entry("no_live_upstreams", "had no server left to try"),
            Map.entry("no_server", "had no server left to try"),
            Map.entry("header_too_big", "sent a header larger than the proxy's buffer"),
            Map.entry("dns_nxdomain", "had a name that does not resolve"),
            Map.entry("tls_not_tls", "answered the TLS handshake with something else"),
            Map.entry("queue_timeout", "had no free connection for as long as a request may wait"));

    private EventWords() {}

    static String of(Signal signal) {
        return switch (signal) {
            case Signal.KernelEvent e -> ofKernel(e);
            case Signal.UnitEvent e -> ofUnit(e);
            case Signal.AppEvent e when OF_CONTAINER.containsKey(e.id()) -> OF_CONTAINER.get(e.id());
            case Signal.AppEvent e -> (e.unit().isEmpty() ? "an application" : e.unit()) + " said: " + words(e.id());
            case Signal.Packet e ->
                "a firewall rule"
                        + (e.prefix().isBlank() ? "" : " (" + e.prefix().strip() + ")") + " met a packet from "
                        + e.source() + " to " + e.destination() + (e.port() < 0 ? "" : ":" + e.port());
            case Signal.ProxyEvent e -> ofProxy(e);
            case Signal.Trouble e -> subject(e.server(), e.name().isEmpty() ? e.upstream() : e.name()) + how(e.id());
            case Signal.ServerState e ->
                e.upstream()
                        + (e.server().isEmpty() ? "" : "/" + e.server())
                        + (e.id().equals("server_maint") ? " was taken out of service" : " was marked as down")
                        + (e.reason().isEmpty() ? "" : " (" + e.reason() + ")");
            case Signal.Request e -> ofRequest(e);
        };
    }

    private static String ofKernel(Signal.KernelEvent e) {
        String process = e.process().isEmpty() ? "a process" : e.process() + (e.pid() > 0 ? " (" + e.pid() + ")" : "");
        if (e.id().startsWith("oom_")) {
            return "the kernel killed " + process + " for memory";
        }
        return switch (e.id()) {
            case "segfault", "general_protection", "traps" -> process + " crashed (" + words(e.id()) + ")";
            case "conntrack_full" -> "the kernel's connection table was full and it dropped packets";
            case "link_down" -> "a network link went down" + (e.detail().isEmpty() ? "" : " (" + e.detail() + ")");
            case "syn_flood" -> "the accept queue of port " + e.detail() + " overflowed";
            default -> "the kernel said: " + words(e.id());
        };
    }

    private static String ofUnit(Signal.UnitEvent e) {
        return switch (e.id()) {
            case "unit_main_exited", "unit_main_exited_signal" ->
                "the main process of " + e.unit()
                        + (e.exit().equals("exited") ? " exited with status " : " was ended by signal ") + e.status();
            case "unit_failed" -> e.unit() + " failed" + (e.result().isEmpty() ? "" : " (" + e.result() + ")");
            default -> OF_UNIT.getOrDefault(e.id(), "%s: " + words(e.id())).replace("%s", e.unit());
        };
    }

    private static String ofProxy(Signal.ProxyEvent e) {
        if (e.id().endsWith("_reload")) {
            return e.kind() + " loaded its configuration anew";
        }
        return e.kind()
                + switch (e.id()) {
                    case "nginx_process_crash", "haproxy_process_crash" -> " lost a worker process by a crash";
                    case "haproxy_started" -> " was started";
                    default -> " said: " + words(e.id());
                };
    }

    private static String ofRequest(Signal.Request e) {
        String status = e.status() < 0 ? "" : " with " + e.status();
        return switch (e.outcome()) {
            case RELAYED -> e.proxy() + " passed the error on" + status;
            case PASSED_THROUGH -> "the first error that the server itself gave came through" + status;
            case FAILED, SERVED, MASKED, ASIDE ->
                "the first request failed" + status
                        + (OF_TRY.containsKey(e.id()) ? ": " + subject(e.server(), e.upstream()) + how(e.id()) : "");
        };
    }

    private static String subject(String server, String otherwise) {
        if (!server.isEmpty()) {
            return server;
        }
        return otherwise.isEmpty() ? "the server" : otherwise;
    }

    private static String how(String id) {
        String words = OF_TRY.get(id);
        return words == null ? ": " + words(id) : " " + words;
    }

    private static String words(String id) {
        return id.replace('_', ' ');
    }
}
