package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.CaddyLine;
import dev.gatewatch.analyzer.grammar.Stamp;
import dev.gatewatch.analyzer.signal.Signal.Outcome;

/// How a request through Caddy ended, and what went wrong with one. Caddy's own 502, 503 and 504 have
/// neither body nor headers; its error line, which names the server, stands beside.
final class CaddySignals {
    private CaddySignals() {}

    static Reading read(LineContext context, CaddyLine line) {
        return switch (line.kind()) {
            case ACCESS -> new Reading.Says(request(context, line));
            case ERROR -> error(context, line);
            case BROKEN_OFF ->
                new Reading.Says(new Signal.Trouble(
                        "upstream_closed_body", "caddy", at(context, line), "", "", "", -1, "", "", false));
            case OTHER -> Reading.Ordinary.NOISE;
        };
    }

    private static Reading error(LineContext context, CaddyLine line) {
        Signal trouble = isGatewayStatus(line.status())
                ? GoErrors.trouble("caddy", at(context, line), line.message(), line.path())
                : null;
        return trouble == null ? Reading.Ordinary.NOISE : new Reading.Says(trouble);
    }

    private static Signal request(LineContext context, CaddyLine line) {
        String id = id(line);
        return new Signal.Request(
                id,
                "caddy",
                at(context, line),
                outcome(id),
                "",
                "",
                line.status(),
                line.path().brief(),
                "",
                line.totalMillis(),
                -1,
                0,
                "");
    }

    private static String id(CaddyLine line) {
        if (line.status() < 0) {
            return "local_response"; // the client gave up, or no handler answered
        }
        if (isGatewayStatus(line.status())) {
            return line.answered() ? "pass_through" : "status_5xx";
        }
        if (line.status() == 499) {
            return "client_abort";
        }
        return line.status() >= 500 ? "server_error" : "status_ok";
    }

    private static Outcome outcome(String id) {
        return switch (id) {
            case "pass_through" -> Outcome.PASSED_THROUGH;
            case "status_5xx" -> Outcome.FAILED;
            case "local_response", "client_abort" -> Outcome.ASIDE;
            default -> Outcome.SERVED;
        };
    }

    private static long at(LineContext context, CaddyLine line) {
        boolean stamped = !line.when().equals(Stamp.NONE) || line.millis() < Stamp.EARLIEST;
        return stamped ? line.when().millis(context.utcOffset(), context.readAt()) : line.millis();
    }

    private static boolean isGatewayStatus(int status) {
        return status >= 502 && status <= 504;
    }
}
