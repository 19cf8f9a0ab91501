package dev.gatewatch.analyzer.explain;

import dev.gatewatch.analyzer.signal.Signal;
import java.util.LinkedHashMap;
import java.util.Map;

/// The rest of what a signal holds, by names for people. What its line does not give is left out.
final class SignalDetails {
    private final Map<String, String> details = new LinkedHashMap<>();

    private SignalDetails() {}

    static Map<String, String> of(Signal signal) {
        SignalDetails of = new SignalDetails();
        of.add(signal);
        return of.details;
    }

    private void add(Signal signal) {
        switch (signal) {
            case Signal.Request request -> request(request);
            case Signal.Trouble trouble -> {
                put("name", trouble.name());
                put("path", trouble.path());
            }
            case Signal.ServerState state -> {
                put("reason", state.reason());
                put("info", state.info());
            }
            case Signal.ProxyEvent event -> put("detail", event.detail());
            case Signal.UnitEvent event -> unit(event);
            case Signal.AppEvent event -> {
                put("unit", event.unit());
                put("process", event.pid());
                put("detail", event.detail());
            }
            case Signal.KernelEvent event -> {
                put("process", event.pid());
                put("command", event.process());
                put("cgroup", event.cgroup());
                put("detail", event.detail());
            }
            case Signal.Packet packet -> {
                put("rule", packet.prefix());
                put("from", packet.source());
                put("to", packet.destination());
                put("port", packet.port());
            }
        }
    }

    private void request(Signal.Request request) {
        put("path", request.path());
        put("total_ms", request.totalMillis());
        put("connect_ms", request.connectMillis());
        if (request.retries() > 0) {
            put("retries", request.retries());
        }
    }

    private void unit(Signal.UnitEvent event) {
        put("unit", event.unit());
        put("job", event.job());
        put("result", event.result());
        put("exit", event.exit());
        put("exit_status", event.status());
        put("restarts", event.restarts());
    }

    private void put(String name, String value) {
        if (!value.isEmpty()) {
            details.put(name, value);
        }
    }

    private void put(String name, long value) {
        if (value >= 0) {
            details.put(name, Long.toString(value));
        }
    }
}
