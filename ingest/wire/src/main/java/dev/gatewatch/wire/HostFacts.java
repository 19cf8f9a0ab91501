package dev.gatewatch.wire;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an agent knows of its host that no log line says, as it was at one moment.
///
/// @param host name of the host, key of the record
/// @param at when the facts were collected
/// @param addresses the host's addresses, loopback left out
/// @param bootedAt when the kernel started
/// @param utcOffset the host's offset from UTC
/// @param clockSynchronised whether the host's clock is disciplined by a time service
/// @param listeners the sockets that accept connections
/// @param units the services' states, those that own a listener and those that failed
/// @param proxies what the configuration of each proxy on this host says
/// @param watermarks how far each stream of lines has been read and acknowledged
/// @param containers the host's containers, running or not, as far as its runtimes tell
public record HostFacts(
        String host,
        Instant at,
        List<String> addresses,
        Instant bootedAt,
        ZoneOffset utcOffset,
        boolean clockSynchronised,
        List<Listener> listeners,
        List<UnitState> units,
        List<ProxyFacts> proxies,
        List<Watermark> watermarks,
        List<ContainerState> containers) {

    /// Facts of a host that tells of no containers.
    public HostFacts(
            String host,
            Instant at,
            List<String> addresses,
            Instant bootedAt,
            ZoneOffset utcOffset,
            boolean clockSynchronised,
            List<Listener> listeners,
            List<UnitState> units,
            List<ProxyFacts> proxies,
            List<Watermark> watermarks) {
        this(
                host,
                at,
                addresses,
                bootedAt,
                utcOffset,
                clockSynchronised,
                listeners,
                units,
                proxies,
                watermarks,
                List.of());
    }

    public HostFacts {
        addresses = List.copyOf(addresses);
        listeners = List.copyOf(listeners);
        units = List.copyOf(units);
        proxies = List.copyOf(proxies);
        watermarks = List.copyOf(watermarks);
        containers = List.copyOf(containers);
    }

    /// A socket that accepts connections.
    ///
    /// @param address `ADDRESS:PORT` as `ss` prints it (`0.0.0.0:8081`, `[::]:80`), or `unix:/PATH`
    /// @param queued connections that wait to be accepted
    /// @param backlog how many may wait; 0 if that is not known
    /// @param unit systemd unit of the process, empty if it has none or that is not known
    /// @param process name of the process, empty if not known
    /// @param pid number of the process, 0 if not known
    /// @param container the container that takes the connections in the end, null if none does or that is not
    ///     known
    public record Listener(
            String address,
            int queued,
            int backlog,
            String unit,
            String process,
            int pid,
            @Nullable Container container) {

        /// A socket of no container.
        public Listener(String address, int queued, int backlog, String unit, String process, int pid) {
            this(address, queued, backlog, unit, process, pid, null);
        }
    }

    /// A container of Docker, Podman or a Kubernetes node.
    ///
    /// @param id its whole id, hexadecimal
    /// @param name its name, empty if not known
    public record Container(String id, String name) {}

    /// What a runtime says of one of its containers.
    ///
    /// @param state `running`, `paused`, `restarting`, `exited`, `created`, `dead`, … in the runtime's words
    /// @param exitCode what its last process ended with; means nothing while it runs
    /// @param oomKilled whether the runtime says that the kernel killed it for memory
    /// @param startedAt when its last process started, null if none ever did
    /// @param finishedAt when its last process before ended, null if none ever did
    /// @param restarts how often its restart policy has started it again
    /// @param error why it could not be started, empty if it could
    /// @param published its published ports: `ADDRESS:PORT`, the address empty if it is any, an arrow, and the
    ///     port inside: `0.0.0.0:8081->8080/tcp`
    /// @param listening the sockets in its own network that accept connections, `127.0.0.1:8080`; null if
    ///     that is not known, or if its network is the host's
    public record ContainerState(
            Container container,
            String state,
            int exitCode,
            boolean oomKilled,
            @Nullable Instant startedAt,
            @Nullable Instant finishedAt,
            int restarts,
            String error,
            List<String> published,
            @Nullable List<String> listening) {
        public ContainerState {
            published = List.copyOf(published);
            listening = listening == null ? null : List.copyOf(listening);
        }
    }

    /// The state of a service.
    ///
    /// @param active systemd's `ActiveState`: `active`, `failed`, `inactive`, …
    /// @param sub systemd's `SubState`: `running`, `dead`, `auto-restart`, …
    public record UnitState(String unit, String active, String sub) {}

    /// What a proxy's configuration says.
    ///
    /// @param kind `nginx` or `haproxy`
    /// @param unit systemd unit of the proxy
    /// @param configHash hash over all files of the configuration, so that a change shows
    /// @param changedAt when the newest of those files was last changed
    /// @param loadedAt when the running processes loaded a configuration (start or reload), if that is
    ///     known
    /// @param upstreams groups of servers by name
    /// @param routes which request path goes to which upstream
    /// @param accessLogs the access logs with their formats
    public record ProxyFacts(
            String kind,
            String unit,
            String configHash,
            Instant changedAt,
            @Nullable Instant loadedAt,
            List<Upstream> upstreams,
            List<Route> routes,
            List<AccessLog> accessLogs) {
        public ProxyFacts {
            upstreams = List.copyOf(upstreams);
            routes = List.copyOf(routes);
            accessLogs = List.copyOf(accessLogs);
        }
    }

    /// A group of servers: an NGINX `upstream` block, a HAProxy backend, or the single target of a
    /// `proxy_pass`, which then bears the target as its name.
    ///
    /// @param tls whether the proxy speaks TLS to the servers
    public record Upstream(String name, boolean tls, List<Server> servers) {
        public Upstream {
            servers = List.copyOf(servers);
        }
    }

    /// A server of an upstream.
    ///
    /// @param name HAProxy's name of the server, empty for NGINX
    /// @param address `HOST:PORT`, HOST being an address or a name, or `unix:/PATH`
    /// @param checked whether the proxy checks the server's health
    /// @param disabled whether the configuration takes the server out (`down`, `disabled`)
    public record Server(String name, String address, boolean checked, boolean disabled) {}

    /// Where requests of a path go, for access logs that do not say it.
    ///
    /// @param serverName the first name of the server block, empty if it has none
    /// @param match `=`, `^~`, `~`, `~*` or empty (a plain prefix), as NGINX writes it before the path
    /// @param path the path, or the regular expression
    public record Route(String serverName, String match, String path, String upstream) {}

    /// An access log and the format of its lines.
    ///
    /// @param path the file; for HAProxy, which knows of no file, the section that has the format
    ///     (`frontend www`)
    /// @param format the text of NGINX's `log_format`, or `combined`, or the text of HAProxy's `log-format`
    /// @param escape `default`, `json` or `none`
    public record AccessLog(String path, String format, String escape) {}

    /// How far a stream has been read: silence before this is a fact, silence after it is not.
    ///
    /// @param stream the stream's id
    /// @param readUpTo all lines written before this moment have been read and acknowledged
    /// @param lag how much is known to be there and not yet acknowledged, in the units of the source's
    ///     positions
    /// @param gaps how many gaps the stream has had
    public record Watermark(String stream, SourceKind source, String origin, Instant readUpTo, long lag, long gaps) {}
}
