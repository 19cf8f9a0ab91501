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
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds the container or pod behind an address: by the socket's container, by the scope of its process, by
/// the address that the kubelet probes. Never by time alone, but for the one container of a host that ended
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
        Optional<Workload> listening =
                host == null ? Optional.empty() : listener(endpoint, host).flatMap(l -> ofListener(l, host));
        return listening.isPresent() || host != null ? listening : ofPod(endpoint);
    }

    private static Optional<HostFacts.Listener> listener(Endpoint endpoint, HostView host) {
        return host.history()
                .flatMap(h -> h.newestListenerFor(endpoint.address()))
                .map(FactsHistory.Sighting::listener);
    }

    private Optional<Workload> ofListener(HostFacts.Listener listener, HostView host) {
        HostFacts.Container container = listener.container();
        if (container != null) {
            return Optional.of(new Workload(host, container.id(), container.name(), "", "", true));
        }
        Matcher scope = SCOPE.matcher(listener.unit());
        if (scope.matches()) {
            return Optional.of(new Workload(host, scope.group(1), "", "", "", true));
        }
        return PORT_PROXIES.contains(listener.process()) ? onlyOneThatEnded(host) : Optional.empty();
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
        return one ? Optional.of(new Workload(host, only(ids), only(names), "", "", false)) : Optional.empty();
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
                return Optional.of(new Workload(host, "", "", pod, uid, tied));
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
