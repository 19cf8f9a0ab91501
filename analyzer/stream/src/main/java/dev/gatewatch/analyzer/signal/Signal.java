package dev.gatewatch.analyzer.signal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/// What one line says about an upstream, a proxy or a host. What it *means* needs more than one line: that
/// is a cause's business.
///
/// Ids are stable names (`connect_refused`, `unit_stopped`, …) and stand in incidents as `says`. Times are
/// milliseconds since 1970, UTC, of the event itself, not of its line. Texts that a line does not give are
/// empty, numbers that it does not give are -1.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Signal.Request.class, name = "request"),
    @JsonSubTypes.Type(value = Signal.Trouble.class, name = "trouble"),
    @JsonSubTypes.Type(value = Signal.ServerState.class, name = "server"),
    @JsonSubTypes.Type(value = Signal.ProxyEvent.class, name = "proxy"),
    @JsonSubTypes.Type(value = Signal.UnitEvent.class, name = "unit"),
    @JsonSubTypes.Type(value = Signal.AppEvent.class, name = "app"),
    @JsonSubTypes.Type(value = Signal.KernelEvent.class, name = "kernel"),
    @JsonSubTypes.Type(value = Signal.Packet.class, name = "packet")
})
public sealed interface Signal {

    /// Stable name of what the line says.
    String id();

    /// When it happened.
    long at();

    /// How a request ended, seen from the gateway.
    enum Outcome {
        /// An answer from a server, whatever the server said short of a gateway status.
        SERVED,
        /// 502, 503 or 504 that the proxy itself made because no server answered properly.
        FAILED,
        /// 502, 503 or 504 that a server answered and the proxy passed on.
        PASSED_THROUGH,
        /// Passed on, but the server is itself a proxy whose lines are shipped and tell of the failure. No
        /// line says this; it follows from what is known of the proxies.
        RELAYED,
        /// Served in the end, after a try at another server failed.
        MASKED,
        /// Says nothing about a server: the client gave up, the proxy answered by itself, the request was
        /// refused.
        ASIDE
    }

    /// A finished request, as a proxy's access log tells it.
    ///
    /// @param proxy kind of the proxy: `nginx`, `haproxy`, `alb`, `envoy`, `traefik` or `caddy`
    /// @param at when it failed or ended
    /// @param upstream name of the upstream or backend, empty where the format does not tell
    /// @param server the server that was tried last: `ip:port` or `unix:/path`, the server's name for
    ///     HAProxy
    /// @param status status that the client got, -1 if none was sent
    /// @param path request path without its query, empty if there is none
    /// @param client address of who asked
    /// @param totalMillis whole time of the request
    /// @param connectMillis time until the connection to the server stood, -1 if it never did
    /// @param retries further tries at a server
    /// @param termination HAProxy's termination state, Envoy's response flags, empty for others
    record Request(
            String id,
            String proxy,
            long at,
            Outcome outcome,
            String upstream,
            String server,
            int status,
            String path,
            String client,
            long totalMillis,
            long connectMillis,
            int retries,
            String termination)
            implements Signal {

        /// The same request with another end.
        public Request with(Outcome other) {
            return new Request(
                    id,
                    proxy,
                    at,
                    other,
                    upstream,
                    server,
                    status,
                    path,
                    client,
                    totalMillis,
                    connectMillis,
                    retries,
                    termination);
        }
    }

    /// A failed try at a server, as a proxy's error log tells it. The request that it belonged to may have
    /// been saved.
    ///
    /// @param proxy kind of the proxy
    /// @param upstream name of the upstream, empty where the line gives the server only
    /// @param server `ip:port` or `unix:/path` (with the request's path run together on some lines), empty
    ///     if none was chosen
    /// @param name what could not be resolved or did not match, empty if the line is not about a name
    /// @param errno number of the operating system's error or of the certificate check, -1 if there is none
    /// @param path request path without its query
    /// @param client address of who asked
    /// @param tls whether the proxy spoke TLS to the server
    record Trouble(
            String id,
            String proxy,
            long at,
            String upstream,
            String server,
            String name,
            int errno,
            String path,
            String client,
            boolean tls)
            implements Signal {

        /// Whether the proxy could not even try, since it is at a limit of its own: whatever it serves fails.
        public boolean ofProxyItself() {
            return id.equals("proxy_fd_exhaustion") || id.equals("worker_connections");
        }
    }

    /// A proxy's view of a server or of a whole backend changed, or a health check spoke.
    ///
    /// @param upstream HAProxy's backend
    /// @param server HAProxy's name of the server, empty for the whole backend
    /// @param reason why, such as `Layer4 connection problem`
    /// @param info the detail behind the reason, such as `Connection refused`
    record ServerState(String id, long at, String upstream, String server, String reason, String info)
            implements Signal {

        /// Whether the server went down since nothing answered the wish to connect or the network had no way to it:
        /// then its whole host may be out of reach.
        public boolean isOutOfReach() {
            return id.equals("server_down")
                    && (reason.equals("Layer4 timeout")
                            || info.contains("Network is unreachable")
                            || info.contains("No route to host"));
        }
    }

    /// Something happened to a proxy itself: a reload, a crash, a limit, or what it says of a server beside
    /// its requests.
    ///
    /// @param kind kind of the proxy
    /// @param detail what the line adds, such as the name of the limit
    record ProxyEvent(String id, long at, String kind, String detail) implements Signal {}

    /// A step in the life of a systemd unit.
    ///
    /// @param unit the unit that the step is about
    /// @param job type of the job (`stop`, `restart`, `start`, `reload`), empty if there is none
    /// @param result the unit's or job's result (`exit-code`, `signal`, `oom-kill`, `done`, …)
    /// @param exit how the main process ended: `exited`, `killed`, `dumped`, empty if the step is not about
    ///     that
    /// @param status exit status, or number of the signal; -1 if the step is not about that
    /// @param restarts systemd's restart counter, -1 if the step does not tell
    record UnitEvent(String id, long at, String unit, String job, String result, String exit, int status, int restarts)
            implements Signal {}

    /// A line of an application or its server, by what it is known to mean.
    ///
    /// @param unit the unit whose process wrote the line, empty if not known
    /// @param pid the process that the line is about, else the one that wrote it; -1 if not known
    /// @param detail what the line adds: the address it listens on, the limit it reached
    record AppEvent(String id, long at, String unit, int pid, String detail) implements Signal {}

    /// A line of the kernel about a process or the host.
    ///
    /// @param pid the process, -1 if there is none
    /// @param process its name, at most 15 bytes, as the kernel knows it
    /// @param cgroup path of the control group, empty if not told
    /// @param detail what the line adds: constraint, device, port
    record KernelEvent(String id, long at, int pid, String process, String cgroup, String detail) implements Signal {}

    /// A packet that a firewall rule logged.
    ///
    /// @param prefix the rule's log prefix
    /// @param source sender's address
    /// @param destination receiver's address
    /// @param port receiver's port, -1 if the protocol has none
    record Packet(String id, long at, String prefix, String source, String destination, int port) implements Signal {}
}
