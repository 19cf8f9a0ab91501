package dev.gatewatch.agent.facts;

import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.HostFacts.Container;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The containers behind listening sockets: a runtime's own proxy listens on a published port
/// (`docker-proxy`, `rootlessport`), and a process in a container belongs to the container's scope
/// (`docker-ID.scope`).
final class Containers {
    private static final List<String> RUNTIMES = List.of("docker", "podman");

    /// Their names may be cut to 15 bytes.
    private static final Set<String> PORT_PROXIES = Set.of("docker-proxy", "rootlessport", "conmon");

    private static final Pattern SCOPE =
            Pattern.compile("(?:docker|libpod|cri-containerd|crio)-([0-9a-f]{12,64})\\.scope");

    /// `0.0.0.0:8081->8080/tcp`, `:::8081->8080/tcp`, `[::]:8000-8002->8000-8002/tcp`.
    private static final Pattern PUBLISHED = Pattern.compile(":(\\d{1,5})(?:-(\\d{1,5}))?->[\\d-]+/tcp");

    private static final int HIGHEST_PORT = 65_535;

    private Containers() {}

    /// The sockets, each with the container that takes its connections. A runtime is only asked where a
    /// socket looks like one of its own.
    static List<HostFacts.Listener> behind(List<HostFacts.Listener> listeners, Commands commands) {
        boolean any = listeners.stream().anyMatch(l -> isOfPortProxy(l) || !scope(l).isEmpty());
        if (!any) {
            return listeners;
        }
        Map<String, Container> byId = new HashMap<>();
        Map<Integer, Container> byPort = new HashMap<>();
        for (String runtime : RUNTIMES) {
            String listed = commands.output(
                    List.of(runtime, "ps", "--no-trunc", "--format", "{{.ID}}\t{{.Names}}\t{{.Ports}}"));
            listed.lines().forEach(line -> add(line.split("\t", -1), byId, byPort));
        }
        List<HostFacts.Listener> all = new ArrayList<>();
        for (HostFacts.Listener l : listeners) {
            Container container = container(l, byId, byPort);
            all.add(new HostFacts.Listener(
                    l.address(), l.queued(), l.backlog(), l.unit(), l.process(), l.pid(), container));
        }
        return List.copyOf(all);
    }

    private static @Nullable Container container(
            HostFacts.Listener listener, Map<String, Container> byId, Map<Integer, Container> byPort) {
        String id = scope(listener);
        if (!id.isEmpty()) {
            return byId.getOrDefault(id, new Container(id, ""));
        }
        return isOfPortProxy(listener) ? byPort.get(port(listener.address())) : null;
    }

    private static void add(String[] columns, Map<String, Container> byId, Map<Integer, Container> byPort) {
        if (columns.length < 3 || columns[0].isBlank()) {
            return;
        }
        Container container = new Container(columns[0].strip(), columns[1].strip());
        byId.put(container.id(), container);
        Matcher published = PUBLISHED.matcher(columns[2]);
        while (published.find()) {
            int first = Integer.parseInt(published.group(1));
            int last = published.group(2) == null ? first : Integer.parseInt(published.group(2));
            for (int port = first; port <= Math.min(last, HIGHEST_PORT); port++) {
                byPort.put(port, container);
            }
        }
    }

    private static boolean isOfPortProxy(HostFacts.Listener listener) {
        return PORT_PROXIES.contains(listener.process());
    }

    private static String scope(HostFacts.Listener listener) {
        Matcher scope = SCOPE.matcher(listener.unit());
        return scope.matches() ? scope.group(1) : "";
    }

    private static int port(String address) {
        try {
            return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
