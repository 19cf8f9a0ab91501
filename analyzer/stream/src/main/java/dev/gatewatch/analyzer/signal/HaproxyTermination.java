package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.HaproxyLine.Traffic;
import dev.gatewatch.analyzer.signal.Signal.Outcome;

/// How a request through HAProxy ended. The first character of the termination state tells who ended it,
/// the second in which phase; the status alone tells little, since HAProxy answers 503 where others answer
/// 502 or 504.
///
/// See [session state at disconnection](https://docs.haproxy.org/3.0/configuration.html#8.5).
///
/// @param id stable name of the ending
record HaproxyTermination(String id, Outcome outcome) {

    /// @param ended when the request ended
    static Signal.Request request(Traffic line, long ended) {
        HaproxyTermination ending = of(line);
        boolean chosen = !line.server().startsWith("<");
        return new Signal.Request(
                ending.id,
                "haproxy",
                ended,
                ending.outcome,
                line.backend().brief(),
                chosen ? line.server().brief() : "",
                line.status(),
                line.path().brief(),
                line.client().brief(),
                line.totalMillis(),
                line.connectMillis(),
                Math.max(0, line.retries()),
                line.termination().brief());
    }

    private static HaproxyTermination of(Traffic line) {
        if (line.termination().isEmpty()) {
            return byStatus(line);
        }
        char phase = (char) line.termination().byteAt(1);
        return switch (line.termination().byteAt(0)) {
            case '-' -> finished(line);
            case 'C', 'c' -> byClient(line, phase);
            case 'S' -> byServer(line, phase);
            case 's' -> byServerTimeout(line, phase);
            case 'P' -> byProxy(line, phase);
            case 'R' -> failed("proxy_resources");
            case 'D', 'U' -> started(line, phase) ? served(line, "server_killed_body") : failed("server_marked_down");
            case 'K' -> started(line, phase) ? served(line, "admin_killed") : failed("admin_killed");
            case 'I' -> aside("proxy_internal_error");
            default -> aside("local_response");
        };
    }

    /// A format may leave the termination state out. A server that answered took time to do so.
    private static HaproxyTermination byStatus(Traffic line) {
        if (!isGatewayStatus(line)) {
            return finished(line);
        }
        return line.responseMillis() >= 0
                ? new HaproxyTermination("pass_through", Outcome.PASSED_THROUGH)
                : failed("status_5xx");
    }

    private static HaproxyTermination finished(Traffic line) {
        if (line.server().startsWith("<")) {
            return aside("local_response");
        }
        if (isGatewayStatus(line)) {
            return new HaproxyTermination("pass_through", Outcome.PASSED_THROUGH);
        }
        return line.redispatched()
                ? new HaproxyTermination("ok_after_redispatch", Outcome.MASKED)
                : new HaproxyTermination("ok", Outcome.SERVED);
    }

    private static HaproxyTermination byClient(Traffic line, char phase) {
        if (line.unparsable()) {
            return aside("client_bad_request");
        }
        return switch (phase) {
            case 'R' -> aside("client_bad_request");
            case 'C' -> aside("client_abort_connecting");
            case 'Q' -> aside("client_abort_queue");
            case 'H' -> aside("client_abort_header");
            default -> aside("client_abort_data");
        };
    }

    private static HaproxyTermination byServer(Traffic line, char phase) {
        return switch (phase) {
            case 'C' -> connectFailure(line);
            case 'Q' -> failed("queue_full");
            case 'H', 'R' -> failed("server_closed_early");
            default -> served(line, "server_closed_body");
        };
    }

    private static HaproxyTermination connectFailure(Traffic line) {
        if (!line.server().is("<NOSRV>")) {
            return failed("connect_failed");
        }
        return failed(isWithoutBackend(line) ? "no_backend" : "no_server");
    }

    /// Where no backend is chosen the frontend's name stands in for it, and no time is told. A section
    /// `listen` is a backend of its own name; over TCP its lines look the same as those of a frontend
    /// without one.
    private static boolean isWithoutBackend(Traffic line) {
        return line.termination().length() == 4
                && line.requestMillis() < 0
                && line.backend().is(line.frontend().brief());
    }

    private static HaproxyTermination byServerTimeout(Traffic line, char phase) {
        return switch (phase) {
            case 'C' -> failed("connect_timeout");
            case 'Q' -> failed("queue_timeout");
            case 'H', 'R' -> failed("server_timeout_header");
            default -> served(line, "server_timeout_body");
        };
    }

    private static HaproxyTermination byProxy(Traffic line, char phase) {
        return switch (phase) {
            case 'R', 'T' -> aside(line.unparsable() ? "client_bad_request" : "request_denied");
            case 'H' -> isGatewayStatus(line) ? failed("invalid_response") : aside("response_denied");
            case 'C' -> failed("proxy_resources");
            case 'Q' -> aside("request_denied");
            default -> served(line, "invalid_response_body");
        };
    }

    /// The answer had begun, so its status is the server's.
    private static HaproxyTermination served(Traffic line, String id) {
        return new HaproxyTermination(id, isGatewayStatus(line) ? Outcome.PASSED_THROUGH : Outcome.SERVED);
    }

    private static boolean started(Traffic line, char phase) {
        return (phase == 'D' || phase == 'L' || phase == '-') && !isGatewayStatus(line);
    }

    private static HaproxyTermination failed(String id) {
        return new HaproxyTermination(id, Outcome.FAILED);
    }

    private static HaproxyTermination aside(String id) {
        return new HaproxyTermination(id, Outcome.ASIDE);
    }

    private static boolean isGatewayStatus(Traffic line) {
        return line.status() >= 502 && line.status() <= 504;
    }
}
