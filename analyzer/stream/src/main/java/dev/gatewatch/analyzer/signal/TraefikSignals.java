package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.Slice;
import dev.gatewatch.analyzer.grammar.TraefikLine;
import dev.gatewatch.analyzer.grammar.TraefikLine.Access;
import dev.gatewatch.analyzer.grammar.TraefikLine.Message;
import dev.gatewatch.analyzer.signal.Signal.Outcome;

/// How a request through Traefik ended, and what its log says of a server. Traefik writes its own 502 and
/// 504 where a service would have answered, so that only their length tells them from a service's own. What
/// its log says of a server is beside the request, which the access log names by its service.
///
/// See [origin and downstream status](https://doc.traefik.io/traefik/observability/access-logs/).
final class TraefikSignals {
    private static final int BAD_GATEWAY_BYTES = "Bad Gateway".length();
    private static final int GATEWAY_TIMEOUT_BYTES = "Gateway Timeout".length();

    private TraefikSignals() {}

    static Reading read(LineContext context, TraefikLine line) {
        return switch (line) {
            case Access access -> new Reading.Says(request(context, access));
            case Message message -> message(context, message);
        };
    }

    private static Reading message(LineContext context, Message line) {
        long at = line.when().millis(context.utcOffset(), context.readAt());
        Signal trouble = GoErrors.trouble("traefik", at, line.error(), Slice.EMPTY);
        return trouble == null
                ? Reading.Ordinary.NOISE
                : new Reading.Says(new Signal.ProxyEvent(
                        trouble.id(), at, "traefik", line.error().brief()));
    }

    private static Signal request(LineContext context, Access line) {
        String id = id(line);
        long stamp = line.ended().millis(context.utcOffset(), context.readAt());
        boolean named = line.server().isEmpty() || !line.service().isEmpty();
        return new Signal.Request(
                id,
                "traefik",
                line.startedNotEnded() ? stamp + line.totalMillis() : stamp,
                outcome(id),
                named ? (line.service().isEmpty() ? line.router() : line.service()).brief() : "",
                line.server().brief(),
                line.status(),
                line.path().brief(),
                line.client().brief(),
                line.totalMillis(),
                id.equals("status_ok") || id.equals("pass_through") ? 0 : -1,
                line.retries(),
                "");
    }

    private static String id(Access line) {
        boolean proxied = !line.server().isEmpty();
        if (line.status() == 499 || line.status() < 0) {
            return "client_abort";
        }
        if (isGatewayStatus(line.status())) {
            return failure(line, proxied);
        }
        if (!proxied) {
            return "local_response";
        }
        if (line.retries() > 0) {
            return "masked";
        }
        return line.status() >= 500 ? "server_error" : "status_ok";
    }

    private static String failure(Access line, boolean proxied) {
        if (!line.error().isEmpty()) {
            Signal trouble = GoErrors.trouble("traefik", 0, line.error(), Slice.EMPTY);
            return trouble == null ? "client_abort" : trouble.id();
        }
        if (!proxied) {
            boolean service = !line.service().isEmpty() || !line.router().isEmpty();
            return service ? (line.status() == 503 ? "no_server" : "status_5xx") : "local_response";
        }
        boolean own = line.originStatus() <= 0
                || (line.status() == 502 && line.originBytes() == BAD_GATEWAY_BYTES)
                || (line.status() == 504 && line.originBytes() == GATEWAY_TIMEOUT_BYTES);
        return own ? "status_5xx" : "pass_through";
    }

    private static Outcome outcome(String id) {
        return switch (id) {
            case "status_ok", "server_error" -> Outcome.SERVED;
            case "masked" -> Outcome.MASKED;
            case "pass_through" -> Outcome.PASSED_THROUGH;
            case "client_abort", "local_response" -> Outcome.ASIDE;
            default -> Outcome.FAILED;
        };
    }

    private static boolean isGatewayStatus(int status) {
        return status >= 502 && status <= 504;
    }
}
