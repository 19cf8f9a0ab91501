package dev.gatewatch.agent.facts;

import dev.gatewatch.wire.HostFacts.Container;
import dev.gatewatch.wire.HostFacts.ContainerState;
import dev.gatewatch.wire.HostFacts.Listener;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The containers of this host and their sockets. On a published port a runtime's own proxy listens
/// (`docker-proxy`, `rootlessport`); a process in a container belongs to the container's control group, which is a
/// scope (`docker-ID.scope`) or, where the runtime keeps it itself, a group named by the id (`/docker/ID`).
final class Containers {
    /// Names of the port proxies, perhaps cut to 15 bytes, and where the runtime listens.
    private static final Map<String, Set<String>> RUNTIMES = Map.of(
            "docker", Set.of("docker-proxy", "unix:/run/docker.sock", "unix:/var/run/docker.sock"),
            "podman", Set.of("rootlessport", "conmon", "unix:/run/podman/podman.sock"));

    private static final Set<String> PORT_PROXIES = Set.of("docker-proxy", "rootlessport", "conmon");

    private static final Pattern CGROUP =
            Pattern.compile("(?:docker|libpod|cri-containerd|crio)[-/]([0-9a-f]{12,64})(?:\\.scope)?(?:/.*)?$");

    /// `0.0.0.0:8081->8080/tcp`, `:8081->8080/tcp`, `[::]:8000-8002->8000-8002/tcp`.
    private static final Pattern PUBLISHED = Pattern.compile(":(\\d{1,5})(?:-(\\d{1,5}))?->[\\d-]+/tcp");

    private static final int HIGHEST_PORT = 65_535;

    /// Containers of a host at most: a command line has an end.
    private static final int MAX = 500;

    private static final String FORMAT = String.join(
            "\t",
            "{{.Id}}",
            "{{.Name}}",
            "{{.State.Status}}",
            "{{.State.ExitCode}}",
            "{{.State.OOMKilled}}",
            "{{json .State.StartedAt}}",
            "{{json .State.FinishedAt}}",
            "{{.RestartCount}}",
            "{{.State.Pid}}",
            "{{json .State.Error}}",
            "{{.HostConfig.NetworkMode}}",
            "{{range $port, $bound := .HostConfig.PortBindings}}{{range $bound}}"
                    + "{{.HostIp}}:{{.HostPort}}->{{$port}} {{end}}{{end}}");

    private static final int COLUMNS = 12;

    private final Commands commands;
    private final IntFunction<Optional<List<Listener>>> socketsOf;

    /// Runtimes that were seen at work: the last of their containers may have ended since.
    private final Set<String> known = new HashSet<>();

    /// @param socketsOf the sockets that accept connections in the network of a process, empty if they cannot be seen
    Containers(Commands commands, IntFunction<Optional<List<Listener>>> socketsOf) {
        this.commands = commands;
        this.socketsOf = socketsOf;
    }

    /// The containers' states. A runtime is only asked once a socket looks like one of its own.
    List<ContainerState> states(List<Listener> listeners) {
        List<ContainerState> all = new ArrayList<>();
        RUNTIMES.forEach((runtime, signs) -> {
            boolean seen = listeners.stream()
                    .anyMatch(l -> signs.contains(l.process()) || signs.contains(l.address()) || isIn(l, runtime));
            if (seen) {
                known.add(runtime);
            }
            if (known.contains(runtime)) {
                all.addAll(statesOf(runtime));
            }
        });
        return List.copyOf(all);
    }

    private static boolean isIn(Listener listener, String runtime) {
        return listener.container() != null
                && (runtime.equals("docker") || !listener.unit().startsWith("docker-"));
    }

    private List<ContainerState> statesOf(String runtime) {
        List<String> ids = commands.output(List.of(runtime, "ps", "--all", "--quiet", "--no-trunc"))
                .lines()
                .map(String::strip)
                .filter(id -> !id.isEmpty())
                .limit(MAX)
                .toList();
        if (ids.isEmpty()) {
            return List.of();
        }
        List<String> inspect = new ArrayList<>(List.of(runtime, "inspect", "--format", FORMAT));
        inspect.addAll(ids);
        List<ContainerState> states = new ArrayList<>();
        for (String line : (Iterable<String>) commands.output(inspect).lines()::iterator) {
            ContainerState state = state(line.split("\t", -1));
            if (state != null) {
                states.add(state);
            }
        }
        return states;
    }

    private @Nullable ContainerState state(String[] f) {
        if (f.length != COLUMNS || f[0].isBlank()) {
            return null;
        }
        try {
            int pid = Integer.parseInt(f[8]);
            boolean ownNetwork = !f[10].equals("host") && pid > 0;
            String name = f[1].startsWith("/") ? f[1].substring(1) : f[1];
            return new ContainerState(
                    new Container(f[0], name),
                    f[2],
                    Integer.parseInt(f[3]),
                    f[4].equals("true"),
                    instant(f[5]),
                    instant(f[6]),
                    Integer.parseInt(f[7]),
                    unquoted(f[9]),
                    f[11].isBlank() ? List.of() : List.of(f[11].strip().split(" ", -1)),
                    ownNetwork ? listening(pid) : null);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private @Nullable List<String> listening(int pid) {
        return socketsOf
                .apply(pid)
                .map(sockets -> sockets.stream().map(Listener::address).toList())
                .orElse(null);
    }

    /// `"2026-11-27T14:19:24.507009526Z"`; the year 1 stands for never.
    private static @Nullable Instant instant(String json) {
        try {
            Instant at = Instant.parse(unquoted(json));
            return at.getEpochSecond() <= 0 ? null : at;
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static String unquoted(String json) {
        boolean quoted = json.length() >= 2 && json.startsWith("\"") && json.endsWith("\"");
        return quoted ? json.substring(1, json.length() - 1).replace("\\\"", "\"") : json;
    }

    /// The container whose control group this is, empty if it is none's.
    static String idIn(String cgroup) {
        Matcher found = CGROUP.matcher(cgroup);
        return found.find() ? found.group(1) : "";
    }

    /// The sockets, each with the container that takes its connections.
    static List<Listener> behind(List<Listener> listeners, List<ContainerState> states) {
        if (states.isEmpty()) {
            return listeners;
        }
        Map<String, Container> byId = new HashMap<>();
        Map<Integer, Container> byPort = new HashMap<>();
        for (ContainerState state : states) {
            byId.put(state.container().id(), state.container());
            if (state.state().equals("running") || state.state().equals("paused")) {
                state.published().forEach(published -> add(published, state.container(), byPort));
            }
        }
        return listeners.stream()
                .map(l -> {
                    Container container = container(l, byId, byPort);
                    return new Listener(
                            l.address(), l.queued(), l.backlog(), l.unit(), l.process(), l.pid(), container);
                })
                .toList();
    }

    private static @Nullable Container container(
            Listener listener, Map<String, Container> byId, Map<Integer, Container> byPort) {
        Container own = listener.container();
        if (own != null) {
            return byId.getOrDefault(own.id(), own);
        }
        return PORT_PROXIES.contains(listener.process()) ? byPort.get(port(listener.address())) : null;
    }

    private static void add(String text, Container container, Map<Integer, Container> byPort) {
        Matcher published = PUBLISHED.matcher(text);
        if (published.find()) {
            int first = Integer.parseInt(published.group(1));
            int last = published.group(2) == null ? first : Integer.parseInt(published.group(2));
            for (int port = first; port <= Math.min(last, HIGHEST_PORT); port++) {
                byPort.put(port, container);
            }
        }
    }

    private static int port(String address) {
        try {
            return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
