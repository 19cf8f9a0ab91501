package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.EnvoyLine;
import dev.gatewatch.analyzer.grammar.Slice;
import dev.gatewatch.analyzer.grammar.Stamp;
import dev.gatewatch.analyzer.signal.Signal.Outcome;
import java.util.List;
import java.util.Map;

/// How a request through Envoy ended. A response flag means that Envoy made the answer; its details, and
/// why the transport failed, say more of a connection that failed.
///
/// See [response
/// flags](https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#config-access-log-format-response-flags).
final class EnvoySignals {
    private static final int MOST_FLAGS = 8;

    /// What a flag says, and the flag's long name; of several flags the first of these decides.
    private static final List<Map.Entry<List<String>, String>> FLAGS = List.of(
            Map.entry(List.of("DC", "DownstreamConnectionTermination"), "client_abort"),
            Map.entry(List.of("UF", "UpstreamConnectionFailure"), "connect_failed"),
            Map.entry(List.of("UT", "UpstreamRequestTimeout"), "server_timeout_header"),
            Map.entry(List.of("UMSDR", "UpstreamMaxStreamDurationReached"), "server_timeout_header"),
            Map.entry(List.of("UC", "UpstreamConnectionTermination"), "server_closed_early"),
            Map.entry(List.of("UR", "UpstreamRemoteReset"), "server_closed_early"),
            Map.entry(List.of("UPE", "UpstreamProtocolError"), "invalid_response"),
            Map.entry(List.of("LR", "LocalReset"), "upstream_error"),
            Map.entry(List.of("DF", "DnsResolutionFailed"), "dns_servfail"),
            Map.entry(List.of("UH", "NoHealthyUpstream"), "no_server"),
            Map.entry(List.of("UO", "UpstreamOverflow"), "queue_full"),
            Map.entry(List.of("NC", "NoClusterFound"), "no_backend"),
            Map.entry(List.of("OM", "OverloadManagerTerminated"), "proxy_resources"),
            Map.entry(List.of("SI", "StreamIdleTimeout"), "server_timeout_header"),
            Map.entry(List.of("URX", "UpstreamRetryLimitExceeded"), "status_5xx"),
            Map.entry(List.of("DPE", "DownstreamProtocolError"), "client_bad_request"),
            Map.entry(List.of("RL", "RateLimited"), "limit"),
            Map.entry(List.of("UAEX", "UnauthorizedExternalService"), "request_denied"),
            Map.entry(List.of("FI", "FaultInjected"), "request_denied"),
            Map.entry(List.of("NR", "NoRouteFound"), "local_response"));

    private EnvoySignals() {}

    static Reading read(LineContext context, EnvoyLine line) {
        String id = id(line);
        long started = line.started().millis(context.utcOffset(), context.readAt());
        long ended = line.started().equals(Stamp.NONE) ? started : started + line.totalMillis();
        boolean connected = !id.equals("connect_failed")
                && !isConnectFailure(id)
                && !line.upstream().isEmpty();
        return new Reading.Says(new Signal.Request(
                id,
                "envoy",
                ended,
                outcome(id, line),
                line.cluster().brief(),
                server(line.upstream()),
                line.status(),
                line.path().brief(),
                "",
                line.totalMillis(),
                connected ? 0 : -1,
                line.attempts() - 1,
                line.flags().brief()));
    }

    private static String id(EnvoyLine line) {
        String flagged = flagged(line.flags());
        boolean failed = isGatewayStatus(line.status()) || line.status() < 0;
        if (flagged.isEmpty()) {
            return unflagged(line);
        }
        if (failed) {
            return flagged.equals("connect_failed") ? connectFailure(line) : flagged;
        }
        return switch (flagged) { // the answer had begun
            case "server_closed_early", "invalid_response", "upstream_error" -> "server_closed_body";
            case "server_timeout_header" -> "server_timeout_body";
            case "connect_failed", "no_server", "queue_full", "status_5xx" -> "local_response";
            default -> flagged;
        };
    }

    private static String unflagged(EnvoyLine line) {
        boolean answered = line.answered()
                || line.details().is("via_upstream")
                || !line.upstream().isEmpty();
        if (!answered) {
            return "local_response";
        }
        if (isGatewayStatus(line.status())) {
            return "pass_through";
        }
        if (line.attempts() > 1) {
            return "masked";
        }
        return line.status() >= 500 ? "server_error" : "status_ok";
    }

    private static String flagged(Slice flags) {
        List<String> given = List.of(flags.sub(0, 200).text().split(",", MOST_FLAGS));
        for (Map.Entry<List<String>, String> flag : FLAGS) {
            if (flag.getKey().stream().anyMatch(given::contains)) {
                return flag.getValue();
            }
        }
        return "";
    }

    /// From `upstream_reset_before_response_started{connection_failure,delayed_connect_error:_111}` or
    /// `TLS_error:|268435703:SSL_routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end`.
    private static String connectFailure(EnvoyLine line) {
        String tls = tls(line.failure());
        if (tls.isEmpty()) {
            tls = tls(line.details());
        }
        if (!tls.isEmpty()) {
            return tls;
        }
        if (line.details().contains("connection_timeout")) {
            return "connect_timeout";
        }
        int errno = errno(line.failure());
        return switch (errno < 0 ? errno(line.details()) : errno) {
            case 111 -> "connect_refused";
            case 110 -> "connect_timeout_os";
            case 112, 113 -> "no_route";
            case 100, 101 -> "net_unreachable";
            case 99 -> "proxy_port_exhaustion";
            case 24 -> "proxy_fd_exhaustion";
            default -> "connect_failed";
        };
    }

    private static int errno(Slice text) {
        int at = text.indexOf("connect_error:_", 0);
        return at < 0 ? -1 : text.after(at + "connect_error:_".length()).number();
    }

    private static String tls(Slice text) {
        if (!text.contains("TLS_error") && !text.contains("TLS error") && !text.contains("CERTIFICATE_")) {
            return "";
        }
        if (text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST")) {
            return "tls_not_tls";
        }
        if (text.contains("CERTIFICATE_VERIFY_FAILED")) {
            return text.contains("SAN_matcher") || text.contains("SAN matcher")
                    ? "tls_name_mismatch"
                    : "tls_verify_failed";
        }
        if (text.contains("HANDSHAKE_FAILURE")) {
            return "tls_alert_handshake_failure";
        }
        if (text.contains("CERTIFICATE_REQUIRED")) {
            return "tls_alert_certificate_required";
        }
        if (text.contains("ALERT_CERTIFICATE_EXPIRED")) {
            return "tls_alert_certificate_expired";
        }
        if (text.contains("UNKNOWN_CA")) {
            return "tls_alert_unknown_ca";
        }
        boolean version = text.contains("PROTOCOL_VERSION") || text.contains("UNSUPPORTED_PROTOCOL");
        return version ? "tls_alert_protocol_version" : "tls_alert_other";
    }

    private static boolean isConnectFailure(String id) {
        return switch (id) {
            case "connect_refused",
                    "connect_timeout",
                    "connect_timeout_os",
                    "no_route",
                    "net_unreachable",
                    "proxy_port_exhaustion",
                    "proxy_fd_exhaustion" -> true;
            default -> id.startsWith("tls_");
        };
    }

    private static Outcome outcome(String id, EnvoyLine line) {
        return switch (id) {
            case "status_ok", "server_error", "server_closed_body", "server_timeout_body" -> Outcome.SERVED;
            case "masked" -> Outcome.MASKED;
            case "pass_through" -> Outcome.PASSED_THROUGH;
            case "client_abort", "client_bad_request", "limit", "request_denied", "local_response" -> Outcome.ASIDE;
            default -> isGatewayStatus(line.status()) || line.status() < 0 ? Outcome.FAILED : Outcome.ASIDE;
        };
    }

    private static String server(Slice upstream) {
        return upstream.startsWith("/") ? upstream.briefAfter("unix:") : upstream.brief();
    }

    private static boolean isGatewayStatus(int status) {
        return status >= 502 && status <= 504;
    }
}
