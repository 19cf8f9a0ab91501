package dev.gatewatch.analyzer.cause;

import java.util.Set;

/// Groups of signals that mean the same to several causes.
final class Ids {
    /// No connection: something answered "nobody listens here", or a firewall said so.
    static final Set<String> REFUSED = Set.of("connect_refused", "connect_failed");

    /// The same, where the proxy says that it was refused.
    static final Set<String> CALLED_REFUSED = Set.of("connect_refused");

    /// The connection stood and was closed or reset before an answer.
    static final Set<String> CUT_OFF = Set.of("conn_reset_header", "upstream_closed_early", "server_closed_early");

    /// Nothing answered the wish to connect.
    static final Set<String> CONNECT_TIMEOUT =
            Set.of("upstream_timeout_connect", "connect_timeout", "connect_timeout_os");

    /// The network said that there is no way to the host.
    static final Set<String> NO_ROUTE = Set.of("no_route", "net_unreachable");

    /// The connection stood and no answer came in time.
    static final Set<String> READ_TIMEOUT =
            Set.of("upstream_timeout_header", "upstream_timeout_send", "server_timeout_header");

    /// The proxy had no server left to try: always a consequence of something before.
    static final Set<String> NO_SERVER = Set.of("no_live_upstreams", "no_server");

    /// A unix socket without a listener.
    static final Set<String> UNIX_GONE = Set.of("unix_missing");

    /// The kernel killed a process for memory.
    static final Set<String> OOM_KILL = Set.of(
            "oom_summary",
            "oom_kill_global",
            "oom_kill_memcg",
            "oom_kill_global_old",
            "oom_kill_memcg_old",
            "oom_group",
            "container_oom",
            "oomd_unit",
            "oom_unit_notice");

    /// The application's own master ended a worker that took too long, with whatever signal.
    static final Set<String> WORKER_GIVEN_UP = Set.of("app_worker_timeout", "app_request_timeout");

    /// Kubernetes starts a container ever more slowly, since it ends again and again.
    static final Set<String> BACKED_OFF = Set.of("k8s_backoff");

    /// A container's runtime could not start it.
    static final Set<String> CONTAINER_NOT_STARTED = Set.of("container_start_failed");

    /// A container ended.
    static final Set<String> CONTAINER_EXITED = Set.of("container_exited");

    /// A probe of a container or pod fails.
    static final Set<String> NOT_READY = Set.of("k8s_probe_failed", "k8s_container_unhealthy", "container_unhealthy");

    /// A worker of an application server went away in good order.
    static final Set<String> WORKER_LEFT = Set.of("app_worker_exit_normal", "app_worker_recycle");

    /// An application says that it can serve.
    static final Set<String> READY = Set.of("app_listening", "app_started");

    /// An application server says that what it is sent is not its protocol.
    static final Set<String> NOT_UNDERSTOOD = Set.of("protocol_mismatch");

    /// A unit's main process ended by itself or by a signal.
    static final Set<String> MAIN_EXITED = Set.of("unit_main_exited", "unit_main_exited_signal");

    private Ids() {}
}
