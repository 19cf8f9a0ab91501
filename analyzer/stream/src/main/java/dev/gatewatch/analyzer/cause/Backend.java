package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.burst.Endpoint;
import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.host.HostView;
import dev.gatewatch.analyzer.host.SocketAddressText;
import dev.gatewatch.wire.HostFacts;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A server that failed, with the host and the unit behind its address as far as they are known.
///
/// @param endpoint the server as the proxies met it
/// @param host its host, null if nothing is known of it
/// @param unit the systemd unit that serves the address, null if it is not known
/// @param tied whether the unit was seen to listen on the address; otherwise it is the only one on the host
///     that it can be
/// @param workload the container or pod that serves the address, null if none does or it is not known
/// @param listening whether a socket takes connections to the address
public record Backend(
        Endpoint endpoint,
        @Nullable HostView host,
        @Nullable String unit,
        boolean tied,
        @Nullable Workload workload,
        Listening listening) {

    /// Servers that answer as many requests at once as they have workers; others take connections as long as
    /// they run at all.
    private static final Set<String> WITH_WORKERS =
            Set.of("gunicorn", "uwsgi", "unicorn", "puma", "php-fpm", "apache2", "httpd");

    /// So many connections waiting to be accepted mean that nobody accepts them.
    private static final int WAITING_IN_VAIN = 5;

    /// Whether a socket takes connections to an address, as far as its host's facts tell.
    public enum Listening {
        /// Nothing is known of the host's sockets.
        UNKNOWN,
        /// Some did before the burst; nothing newer is known.
        BEFORE,
        /// While requests failed.
        YES,
        /// Not while requests failed; one did before or after.
        GONE,
        /// None does and none did, but the host's sockets are known.
        NEVER
    }

    /// The address, or HAProxy's name of the server, for a person.
    public String label() {
        if (!endpoint.address().isEmpty()) {
            return endpoint.address();
        }
        return endpoint.server().isEmpty() ? endpoint.upstream() : endpoint.upstream() + "/" + endpoint.server();
    }

    /// The container or pod, or the unit, that serves the address, for a person; null if neither is known.
    public @Nullable String servedBy() {
        return workload == null ? unit : workload.label();
    }

    /// What serves the address with its host, else the address, for a person.
    public String who() {
        return servedBy() != null && host != null ? servedBy() + " on " + host.name() : label();
    }

    /// The port, -1 for a unix socket or an unknown address.
    public int port() {
        return SocketAddressText.port(endpoint.address());
    }

    /// The host's name, null if the host is not known.
    public @Nullable String hostName() {
        return host == null ? null : host.name();
    }

    /// The socket that was last seen to take connections to the address.
    public Optional<FactsHistory.Sighting> listener() {
        return host == null ? Optional.empty() : host.history().flatMap(h -> h.newestListenerFor(endpoint.address()));
    }

    /// Whether the server is a proxy whose own lines are shipped.
    boolean isGateway() {
        return host != null && host.isGateway(endpoint.address());
    }

    /// The server's socket when most connections waited to be accepted while requests failed, empty if none
    /// ever did.
    Optional<HostFacts.Listener> longestQueue(Scene scene) {
        return host == null
                ? Optional.empty()
                : host.history()
                        .flatMap(h -> h.longestQueue(
                                endpoint.address(),
                                scene.troubleAt() - Scene.SKEW_MILLIS,
                                scene.burst().lastFailureAt()));
    }

    /// Whether so many connections waited for the server to accept them that nobody did.
    boolean isWaitedFor(Scene scene) {
        return longestQueue(scene).filter(Backend::isWaitedInVain).isPresent();
    }

    static boolean isWaitedInVain(HostFacts.Listener listener) {
        return listener.queued() >= WAITING_IN_VAIN;
    }

    /// Whether the server answers only as many requests at once as it has workers.
    boolean hasWorkers() {
        return listener()
                .map(FactsHistory.Sighting::listener)
                .map(Backend::hasWorkers)
                .orElse(false);
    }

    static boolean hasWorkers(HostFacts.Listener listener) {
        return WITH_WORKERS.stream().anyMatch(listener.process()::startsWith);
    }

    /// The socket on loopback that had the port while requests failed, if no other had it at the same time. What
    /// takes the port afterwards may be there already when the last failures are logged, which waited for a retry.
    ///
    /// @param from first failure, milliseconds since 1970
    /// @param to last failure
    Optional<HostFacts.Listener> loopbackOnly(long from, long to) {
        if (host == null || SocketAddressText.isLoopback(endpoint.address()) || port() < 0) {
            return Optional.empty();
        }
        List<FactsHistory.Sighting> ofPort = host.history().stream()
                .flatMap(h -> h.sightings().stream())
                .filter(s -> SocketAddressText.port(s.listener().address()) == port())
                .toList();
        return ofPort.stream()
                .filter(s -> isOnLoopback(s)
                        && s.first().toEpochMilli() <= to
                        && s.last().toEpochMilli() >= from)
                .filter(s -> ofPort.stream().noneMatch(other -> !isOnLoopback(other) && s.overlaps(other)))
                .map(FactsHistory.Sighting::listener)
                .findFirst();
    }

    /// Whether the unit was seen with a socket that it had not before a moment, and not with the one that the proxy
    /// looks for.
    ///
    /// @param since when the unit started anew, milliseconds since 1970
    /// @param to last failure
    boolean listensElsewhereSince(long since, long to) {
        if (host == null || unit == null || host.history().isEmpty()) {
            return false;
        }
        List<FactsHistory.Sighting> own = host.history().get().sightings().stream()
                .filter(s -> s.listener().unit().equals(unit))
                .toList();
        List<String> before = own.stream()
                .filter(s -> s.first().toEpochMilli() < since)
                .map(s -> s.listener().address())
                .toList();
        return !host.history().get().listenedWithin(endpoint.address(), since, to)
                && own.stream()
                        .filter(s ->
                                s.first().toEpochMilli() >= since && s.first().toEpochMilli() <= to)
                        .anyMatch(s -> !before.contains(s.listener().address()));
    }

    private static boolean isOnLoopback(FactsHistory.Sighting socket) {
        return SocketAddressText.isLoopback(socket.listener().address());
    }

    /// Whether the event is about the unit or one of its processes.
    boolean owns(HostEvent event) {
        return unit != null
                && Owner.of(event, unit, listener().map(s -> s.listener().pid()).orElse(0));
    }
}
