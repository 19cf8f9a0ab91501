package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.burst.Endpoint;
import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.host.HostView;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds the servers that failed in a burst, and for each the host, unit and container behind its address.
///
/// @param scene the burst and the hosts around it; its own list of servers is not looked at
record FailingServers(Scene scene) {
    /// Those of a service's servers, worst first; the upstreams where no line names a server.
    List<Backend> of(List<Endpoint> endpoints) {
        List<Endpoint> failing = endpoints.stream()
                .filter(e ->
                        e.failures() > 0 && e.lastFailureAt() >= scene.burst().startedAt() - Scene.SKEW_MILLIS)
                .sorted(Comparator.comparingLong(Endpoint::failures).reversed().thenComparing(Endpoint::address))
                .toList();
        List<Endpoint> named = failing.stream()
                .filter(e -> !e.address().isEmpty() || !e.server().isEmpty())
                .toList();
        List<Endpoint> shown =
                named.isEmpty() ? failing.stream().flatMap(this::members).toList() : named;
        return shown.stream().map(this::backend).toList();
    }

    /// The servers of an upstream of which only the name is known, by its proxy's configuration; the upstream
    /// itself if that is not known either.
    private Stream<Endpoint> members(Endpoint upstream) {
        List<Endpoint> servers = scene.proxyFacts()
                .flatMap(facts -> facts.upstreams().stream())
                .filter(u -> u.name().equals(upstream.upstream()))
                .flatMap(u -> u.servers().stream())
                .filter(s -> !s.disabled())
                .map(s -> new Endpoint(
                        upstream.proxyHost(),
                        upstream.upstream(),
                        s.address(),
                        s.name(),
                        true,
                        0,
                        upstream.firstFailureAt(),
                        upstream.lastFailureAt(),
                        upstream.failedRequests(),
                        upstream.failedTries()))
                .toList();
        return servers.isEmpty() ? Stream.of(upstream) : servers.stream();
    }

    private Backend backend(Endpoint endpoint) {
        Optional<HostView> host = endpoint.address().isEmpty()
                ? Optional.empty()
                : scene.hosts().byAddress(endpoint.address(), endpoint.proxyHost());
        Workload workload = new Workloads(scene).of(endpoint, host.orElse(null)).orElse(null);
        if (host.isEmpty()) {
            HostView node = workload == null ? null : workload.host();
            return new Backend(endpoint, node, null, false, workload, Backend.Listening.UNKNOWN);
        }
        Optional<FactsHistory> history = host.get().history();
        Optional<FactsHistory.Sighting> listener = history.flatMap(h -> h.newestListenerFor(endpoint.address()));
        String unit =
                listener.map(s -> s.listener().unit()).filter(u -> !u.isEmpty()).orElse(null);
        return new Backend(
                endpoint,
                host.get(),
                unit != null ? unit : onlyUnitInTrouble(host.get()),
                unit != null,
                workload,
                listening(endpoint.address(), history.orElse(null), listener.isPresent()));
    }

    private Backend.Listening listening(String address, @Nullable FactsHistory history, boolean everListened) {
        if (history == null || history.sightings().isEmpty()) { // without rights an agent sees no sockets
            return Backend.Listening.UNKNOWN;
        }
        if (!everListened) {
            return Backend.Listening.NEVER;
        }
        if (history.facts().at().toEpochMilli() <= scene.troubleAt()) {
            return history.listensOn(address) ? Backend.Listening.BEFORE : Backend.Listening.GONE;
        }
        return history.listenedWithin(address, scene.troubleAt() + Scene.STAMP_MILLIS, scene.lastFailureOfTrouble())
                ? Backend.Listening.YES
                : Backend.Listening.GONE;
    }

    /// The unit of a host that stopped or failed in the time in question, if there is just one such unit.
    private @Nullable String onlyUnitInTrouble(HostView host) {
        Set<String> units = new LinkedHashSet<>();
        scene.events(host).forEach(event -> {
            boolean ends = event.id().equals("unit_stopping")
                    || event.id().equals("unit_failed")
                    || Ids.MAIN_EXITED.contains(event.id());
            if (ends
                    && event.signal() instanceof Signal.UnitEvent unit
                    && Math.abs(event.at() - scene.troubleAt()) <= 2 * Scene.SKEW_MILLIS) {
                units.add(unit.unit());
            }
        });
        return units.size() == 1 ? units.iterator().next() : null;
    }
}
