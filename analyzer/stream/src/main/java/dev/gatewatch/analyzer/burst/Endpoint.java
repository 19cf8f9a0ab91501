package dev.gatewatch.analyzer.burst;

import dev.gatewatch.analyzer.host.SocketAddressText;

/// A server of a service, as its proxies met it.
///
/// A run of failures begins with the first after a minute without any; one that reaches into a burst
/// lasts as long as the burst does.
///
/// @param proxyHost a proxy's host that used it, to which loopback addresses and unix sockets belong
/// @param upstream the upstream's name
/// @param address `ip:port` or `unix:/path`, empty if it is not known
/// @param server HAProxy's name of the server, empty if there is none
/// @param configured whether the address stands in the proxy's configuration as far as it is known
/// @param lastServedAt newest answer, milliseconds since 1970, 0 if there was none
/// @param firstFailureAt first failure of the newest run, 0 if there was none
/// @param lastFailureAt newest failure, 0 if there was none
/// @param failedRequests requests of the newest run that failed, by the access log
/// @param failedTries tries of the newest run that failed, by the error log
public record Endpoint(
        String proxyHost,
        String upstream,
        String address,
        String server,
        boolean configured,
        long lastServedAt,
        long firstFailureAt,
        long lastFailureAt,
        long failedRequests,
        long failedTries) {
    private static final long RUN_GAP_MILLIS = 60_000;

    /// Failures of the newest run: requests, or tries where there is no access log.
    public long failures() {
        return Math.max(failedRequests, failedTries);
    }

    boolean isSameServer(Endpoint other) {
        return upstream.equals(other.upstream)
                && address.equals(other.address)
                && server.equals(other.server)
                && (!isLocal() || proxyHost.equals(other.proxyHost));
    }

    /// Whether the address means another server on each host.
    private boolean isLocal() {
        return SocketAddressText.isUnix(address) || SocketAddressText.isLoopback(address);
    }

    Endpoint served(long at) {
        return new Endpoint(
                proxyHost,
                upstream,
                address,
                server,
                configured,
                Math.max(lastServedAt, at),
                firstFailureAt,
                lastFailureAt,
                failedRequests,
                failedTries);
    }

    /// The server after failures.
    ///
    /// @param burstBegan when the burst that goes on began, the largest number if none does
    Endpoint failed(long first, long last, long requests, long tries, long burstBegan) {
        boolean newRun = first > lastFailureAt + RUN_GAP_MILLIS && lastFailureAt < burstBegan;
        return new Endpoint(
                proxyHost,
                upstream,
                address,
                server,
                configured,
                lastServedAt,
                newRun || firstFailureAt == 0 ? first : Math.min(firstFailureAt, first),
                Math.max(lastFailureAt, last),
                (newRun ? 0 : failedRequests) + requests,
                (newRun ? 0 : failedTries) + tries);
    }

    /// The server after a burst, whose failures count in no other.
    Endpoint afterBurst() {
        return new Endpoint(proxyHost, upstream, address, server, configured, lastServedAt, 0, lastFailureAt, 0, 0);
    }

    long lastSeenAt() {
        return Math.max(lastServedAt, lastFailureAt);
    }
}
