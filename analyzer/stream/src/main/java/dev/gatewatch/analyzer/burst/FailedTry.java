package dev.gatewatch.analyzer.burst;

import dev.gatewatch.analyzer.signal.Signal;
import java.util.Set;

/// Which lines of an error log tell of a try that leaves the client without an answer unless another try
/// saves the request.
public final class FailedTry {
    /// Troubles that come after the status was sent, or that are remarks beside the failure itself.
    private static final Set<String> NO_TRY = Set.of(
            "server_temporarily_disabled",
            "conn_reset_body",
            "upstream_closed_body",
            "upstream_timeout_body",
            "fcgi_stderr",
            "fcgi_stderr_continuation",
            "dns_transport",
            "dns_unexpected_response",
            "lua_no_endpoint",
            "healthcheck_connect_refused",
            "healthcheck_conn_reset");

    private static final int INTERNAL_ERROR = 500;
    private static final int BAD_GATEWAY = 502;
    private static final int GATEWAY_TIMEOUT = 504;

    private FailedTry() {}

    /// Whether the signal is such a try.
    public static boolean isOne(Signal signal) {
        return signal instanceof Signal.Trouble && !NO_TRY.contains(signal.id());
    }

    /// The status that NGINX gives for it if no further try is made: 500 where it could not even try, 504 for
    /// its own timeouts, else 502.
    static int status(Signal signal) {
        if (signal instanceof Signal.Trouble trouble && trouble.ofProxyItself()) {
            return INTERNAL_ERROR;
        }
        return signal.id().startsWith("upstream_timeout") ? GATEWAY_TIMEOUT : BAD_GATEWAY;
    }
}
