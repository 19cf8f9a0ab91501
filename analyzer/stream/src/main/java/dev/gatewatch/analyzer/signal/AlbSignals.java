package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.AlbLine;
import dev.gatewatch.analyzer.grammar.Stamp;
import dev.gatewatch.analyzer.signal.Signal.Outcome;
import java.util.Optional;

/// How a request through an AWS Application Load Balancer ended. The balancer never says why it failed;
/// whether the target sent a status, and how far the times got, tell.
final class AlbSignals {
    /// How long the balancer tries to connect, in milliseconds, and how exactly the line tells it.
    private static final long CONNECT_TIMEOUT = 10_000;

    private static final long TOLERANCE = 1_000;

    private static final Reading SWITCHED_ON = Reading.Ordinary.NOISE;

    private AlbSignals() {}

    static Reading read(LineContext context, Optional<AlbLine> line) {
        return line.map(request -> request(context, request)).orElse(SWITCHED_ON);
    }

    private static Reading request(LineContext context, AlbLine line) {
        long ended = line.ended().millis(context.utcOffset(), context.readAt());
        long taken = line.created().equals(Stamp.NONE)
                ? Math.max(0, line.requestMillis())
                        + Math.max(0, line.targetMillis())
                        + Math.max(0, line.responseMillis())
                : Math.max(0, ended - line.created().millis(context.utcOffset(), context.readAt()));
        String id = id(line, taken);
        return new Reading.Says(new Signal.Request(
                id,
                "alb",
                ended,
                outcome(id, line),
                line.group().brief(),
                line.target().brief(),
                line.status(),
                line.path().brief(),
                line.client().brief(),
                taken,
                line.targetMillis() < 0 ? -1 : 0,
                0,
                ""));
    }

    private static String id(AlbLine line, long taken) {
        if (line.targetStatus() >= 0) {
            return isGatewayStatus(line.targetStatus()) && line.targetStatus() == line.status()
                    ? "pass_through"
                    : line.status() >= 500 ? "server_error" : "status_ok";
        }
        boolean forwarded = line.action().isEmpty() || line.action().contains("forward");
        return switch (line.status()) {
            case 502 -> forwarded ? badGateway(line) : "local_response";
            case 503 -> forwarded ? (line.target().isEmpty() ? "no_backend" : "status_5xx") : "local_response";
            case 504 -> timeout(line, taken);
            case 460, -1 -> "client_abort";
            case 400, 408, 414, 463, 464 -> "client_bad_request";
            default -> "local_response";
        };
    }

    /// Nothing came of the target: it refused the connection or the TLS handshake, or it closed the
    /// connection.
    private static String badGateway(AlbLine line) {
        if (line.target().isEmpty()) {
            return "status_5xx"; // a function that failed, or an error of the balancer
        }
        return line.targetMillis() < 0 ? "connect_failed" : "server_closed_early";
    }

    private static String timeout(AlbLine line, long taken) {
        boolean connecting = line.targetMillis() < 0 && Math.abs(taken - CONNECT_TIMEOUT) <= TOLERANCE;
        return connecting ? "connect_timeout" : "server_timeout_header";
    }

    private static Outcome outcome(String id, AlbLine line) {
        return switch (id) {
            case "pass_through" -> Outcome.PASSED_THROUGH;
            case "status_ok", "server_error" -> Outcome.SERVED;
            case "client_abort", "client_bad_request", "local_response" -> Outcome.ASIDE;
            default -> isGatewayStatus(line.status()) ? Outcome.FAILED : Outcome.ASIDE;
        };
    }

    private static boolean isGatewayStatus(int status) {
        return status >= 502 && status <= 504;
    }
}
