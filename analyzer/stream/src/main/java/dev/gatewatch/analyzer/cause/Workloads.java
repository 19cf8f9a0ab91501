package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.burst.Endpoint;
import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.host.HostView;
import dev.gatewatch.analyzer.host.SocketAddressText;
import dev.gatewatch.wire.HostFacts;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds the container or pod behind an address: by the socket's container, by the scope of its process, by the
/// port that it publishes even while it does not run, by the address that the kubelet probes. Never by time alone, but
/// for the one container of a host that ended
/// just then while its runtime's proxy had the port; that one is not tied.
final class Workloads {
    private static final Pattern SCOPE =
            Pattern.compile("(?:docker|libpod|cri-containerd|crio)-([0-9a-f]{12,64})\\.scope");
    private static final Set<String> PORT_PROXIES = Set.of("docker-proxy", "rootlessport");
    private static final Set<String> ENDED = Set.of("container_exited", "container_oom", "container_killed");

    /// How near the end of the only container must be to the first failure, in milliseconds.
    private static final long JUST_THEN_MILLIS = 10_000;

    private final Scene scene;

    Workloads(Scene scene) {
        this.scene = scene;
    }

    Optional<Workload> of(Endpoint endpoint, @Nullable HostView host) {
        if (host == null) {
            return ofPod(endpoint);
        }
        return host.history().flatMap(history -> ofHost(endpoint.address(), host, history));
    }

    private Optional<Workload> ofHost(String address, HostView host, FactsHistory history) {
        List<Serving> serving = Stream.concat(
                        history.sightings().stream()
                                .filter(s ->
                                        SocketAddressText.accepts(s.listener().address(), address))
                                .flatMap(s -> containerOf(s.listener()).stream()
                                        .map(c -> new Serving(c, s.first().toEpochMilli()))),
                        history.containers().stream()
                                .filter(s -> s.state().published().stream()
                                        .anyMatch(p -> PublishedPort.of(p).accepts(address)))
                                .map(s -> new Serving(
                                        s.state().container(), s.first().toEpochMilli())))
                .sorted(Comparator.comparingLong(Serving::first).reversed())
                .toList();
        if (serving.isEmpty()) {
            boolean published = history.newestListenerFor(address)
                    .filter(s -> isPortProxy(s.listener()))
                    .isPresent();
            return published ? onlyOneThatEnded(host) : Optional.empty();
        }
        HostFacts.Container then = serving.stream()
                .filter(s -> s.first() <= scene.lastFailureOfTrouble())
                .findFirst()
                .orElse(serving.getFirst())
                .container();
        Set<String> others = Stream.concat(
                        serving.stream().map(s -> s.container().id()),
                        history.containers().stream()
                                .map(s -> s.state().container())
                                .filter(c -> !c.name().isEmpty() && c.name().equals(then.name()))
                                .map(HostFacts.Container::id))
                .filter(id -> !id.equals(then.id()))
                .collect(Collectors.toSet());
        return Optional.of(new Workload(host, then.id(), then.name(), "", "", true, others));
    }

    /// A container that served an address, and since when.
    private record Serving(HostFacts.Container container, long first) {}

    private static Optional<HostFacts.Container> containerOf(HostFacts.Listener listener) {
        if (listener.container() != null) {
            return Optional.of(listener.container());
        }
        Matcher scope = SCOPE.matcher(listener.unit());
        return scope.matches() ? Optional.of(new HostFacts.Container(scope.group(1), "")) : Optional.empty();
    }

    /// Whether the socket is a runtime's own, which passes connections on to a container.
    static boolean isPortProxy(HostFacts.Listener listener) {
        return PORT_PROXIES.contains(listener.process());
    }

    private Optional<Workload> onlyOneThatEnded(HostView host) {
        List<ContainerLine> ended = scene.events(host)
                .filter(e -> ENDED.contains(e.id()) && Math.abs(e.at() - scene.troubleAt()) <= JUST_THEN_MILLIS)
                .flatMap(e -> ContainerLine.of(e).stream())
                .filter(line -> !line.id().isEmpty() || !line.name().isEmpty())
                .toList();
        Set<String> ids = ended.stream()
                .map(ContainerLine::id)
                .filter(id -> !id.isEmpty())
                .collect(Collectors.toSet());
        Set<String> names = ended.stream()
                .map(ContainerLine::name)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
        boolean one = !ended.isEmpty() && ids.size() <= 1 && names.size() <= 1;
        return one
                ? Optional.of(new Workload(host, only(ids), only(names), "", "", false, Set.of()))
                : Optional.empty();
    }

    private static String only(Set<String> texts) {
        return texts.stream().findFirst().orElse("");
    }

    /// A pod that was probed at the address, or else, since an ingress controller names its upstreams
    /// `namespace-service-port`, one whose name fits.
    private Optional<Workload> ofPod(Endpoint endpoint) {
        String ip = SocketAddressText.host(endpoint.address());
        Optional<Workload> probed = ip.isEmpty()
                ? Optional.empty()
                : pod(line -> SocketAddressText.host(line.address()).equals(ip), true);
        return probed.or(() -> pod(line -> fits(endpoint.upstream(), line.pod()), false));
    }

    private Optional<Workload> pod(Predicate<ContainerLine> which, boolean tied) {
        for (HostView host : scene.hosts().withEvents()) {
            List<ContainerLine> lines = scene.events(host)
                    .filter(ContainerLine::isOne)
                    .flatMap((HostEvent e) -> ContainerLine.of(e).stream())
                    .filter(line -> !line.pod().isEmpty())
                    .toList();
            Optional<ContainerLine> found = lines.stream().filter(which).findFirst();
            if (found.isPresent()) {
                String pod = found.get().pod();
                String uid = lines.stream()
                        .filter(line -> line.pod().equals(pod) && !line.podUid().isEmpty())
                        .map(ContainerLine::podUid)
                        .findFirst()
                        .orElse("");
                return Optional.of(new Workload(host, "", "", pod, uid, tied, Set.of()));
            }
        }
        return Optional.empty();
    }

    /// `shop-orders-80` fits `shop/orders-7d9f8-x2x4k`.
    static boolean fits(String upstream, String pod) {
        int slash = pod.indexOf('/');
        int port = upstream.lastIndexOf('-');
        if (slash < 1 || port < 1 || !upstream.startsWith(pod.substring(0, slash) + "-")) {
            return false;
        }
        String service = upstream.substring(Math.min(slash + 1, port), port);
        return !service.isEmpty() && pod.startsWith(service + "-", slash + 1);
    }
}
