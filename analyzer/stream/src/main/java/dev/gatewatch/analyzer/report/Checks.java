package dev.gatewatch.analyzer.report;

import dev.gatewatch.analyzer.cause.Backend;
import dev.gatewatch.analyzer.cause.Behind;
import dev.gatewatch.analyzer.cause.Finding;
import dev.gatewatch.analyzer.cause.Hearing;
import dev.gatewatch.analyzer.cause.Scene;
import dev.gatewatch.analyzer.cause.Wording;
import dev.gatewatch.analyzer.cause.Workload;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.host.HostView;
import dev.gatewatch.analyzer.host.SocketAddressText;
import dev.gatewatch.analyzer.signal.Signal;
import dev.gatewatch.incident.Incident;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The five steps of a diagnosis by hand, answered from what was seen, each with the command that a person
/// would run.
final class Checks {
    private static final Set<String> STOPPED =
            Set.of("unit_stopping", "unit_stopped", "unit_failed", "unit_start_limit", "unit_start_failed");
    private static final Set<String> NETWORK = Set.of("conntrack_full", "link_down", "tx_timeout", "firewall_changed");

    /// How long before trouble a reload is told, in milliseconds.
    private static final long CHANGE_MILLIS = 600_000;

    private final Scene scene;
    private final List<String> missing;
    private final List<String> silentHosts;
    private final Hearing hearing;

    Checks(Scene scene, List<String> missing, List<String> silentHosts, Hearing hearing) {
        this.scene = scene;
        this.missing = missing;
        this.silentHosts = silentHosts;
        this.hearing = hearing;
    }

    List<Incident.Check> all(Finding finding) {
        return List.of(serviceStatus(), connectivity(), proxyLogs(), configuration(finding), network(finding));
    }

    private Incident.Check serviceStatus() {
        String question = "Is the backend service running?";
        Optional<Backend> worst = scene.worst();
        HostView host = worst.map(Backend::host).orElse(null);
        Workload workload = worst.map(Backend::workload).orElse(null);
        if (workload != null) {
            return workloadStatus(question, worst.get(), workload);
        }
        String unit = worst.map(Backend::unit).orElse(null);
        if (worst.isEmpty() || host == null) {
            return unknown("service_status", question, "nothing is shipped from the host of " + label(), null);
        }
        String command = unit == null ? "ss -tlnp" : "systemctl status " + Shell.word(unit);
        Optional<HostEvent> last = scene.unitEvents(worst.get())
                .filter(e -> e.signal() instanceof Signal.UnitEvent)
                .filter(e -> STOPPED.contains(e.id())
                        || e.id().equals("unit_started")
                        || e.id().startsWith("unit_main_exited"))
                .max(Comparator.comparingLong(HostEvent::at));
        boolean troubled = scene.unitEvents(worst.get())
                .anyMatch(e -> STOPPED.contains(e.id()) || e.id().startsWith("unit_main_exited"));
        if (last.isPresent() && troubled) {
            String at = Wording.clock(last.get().at());
            String answer = last.get().id().equals("unit_started")
                    ? "again since " + at + ": " + unit + " on " + host.name() + " was started anew"
                    : "no: " + unit + " on " + host.name() + ", "
                            + last.get().id().replace('_', ' ') + " at " + at;
            return new Incident.Check(
                    "service_status", question, answer, Incident.Result.BAD, on(command, host.name()));
        }
        List<String> behind = Behind.of(scene).stream().map(Behind::told).toList();
        if (!behind.isEmpty()) {
            return unknown("service_status", question, String.join(", ", behind), on(command, host.name()));
        }
        return switch (worst.get().listening()) {
            case YES, BEFORE ->
                new Incident.Check(
                        "service_status",
                        question,
                        "yes: " + worst.get().who() + " listens on " + label(),
                        Incident.Result.GOOD,
                        on(command, host.name()));
            case GONE ->
                new Incident.Check(
                        "service_status",
                        question,
                        "no: nothing listens on " + label() + " any more",
                        Incident.Result.BAD,
                        on(command, host.name()));
            case NEVER ->
                new Incident.Check(
                        "service_status",
                        question,
                        "no: nothing listens on " + label(),
                        Incident.Result.BAD,
                        on("ss -tlnp", host.name()));
            case UNKNOWN ->
                unknown("service_status", question, "no sockets are known of " + host.name(), on(command, host.name()));
        };
    }

    private Incident.Check workloadStatus(String question, Backend backend, Workload workload) {
        boolean pod = !workload.pod().isEmpty();
        String host = workload.host().name();
        String name = Shell.word(workload.pod().substring(workload.pod().indexOf('/') + 1));
        String command = pod
                ? "kubectl describe pod " + name
                : on("docker ps -a --filter name=" + Shell.word(workload.label()), host);
        Optional<String> state = scene.containerState(workload).filter(s -> !s.equals("running"));
        if (state.isPresent()) {
            return new Incident.Check(
                    "service_status",
                    question,
                    "no: " + workload.label() + " on " + host + " is " + state.get(),
                    Incident.Result.BAD,
                    command);
        }
        Optional<HostEvent> last = scene.events(workload.host())
                .filter(workload::owns)
                .filter(e -> e.at() <= scene.burst().lastFailureAt())
                .max(Comparator.comparingLong(HostEvent::at));
        if (last.isPresent()) {
            String answer = "no: " + workload.label() + " on " + host + ", "
                    + last.get().id().replace('_', ' ') + " at "
                    + Wording.clock(last.get().at());
            return new Incident.Check("service_status", question, answer, Incident.Result.BAD, command);
        }
        return backend.listening() == Backend.Listening.YES || backend.listening() == Backend.Listening.BEFORE
                ? new Incident.Check(
                        "service_status",
                        question,
                        "yes: " + backend.who() + " takes connections to " + label(),
                        Incident.Result.GOOD,
                        command)
                : unknown("service_status", question, "no line tells of " + workload.label(), command);
    }

    private Incident.Check connectivity() {
        String question = "Can the proxy connect to the backend?";
        String answer = Connecting.of(scene).answer();
        Incident.Result result = Connecting.of(scene).connects() ? Incident.Result.GOOD : Incident.Result.BAD;
        return new Incident.Check(
                "backend_connectivity", question, answer.formatted(label()), result, connectCommand());
    }

    private @Nullable String connectCommand() {
        String address = scene.worst().map(b -> b.endpoint().address()).orElse("");
        Optional<Scene.Proxy> by = scene.proxies().stream().findFirst();
        if (by.filter(p -> p.kind().equals("alb")).isPresent()) {
            return scene.worst()
                    .map(b -> ProxyCommands.targetHealth(b.endpoint().upstream()))
                    .orElse(null);
        }
        String proxy = by.map(Scene.Proxy::host).orElse("the proxy");
        if (SocketAddressText.isUnix(address)) {
            return on(
                    "curl --unix-socket " + Shell.word(address.substring("unix:".length())) + " http://localhost/",
                    proxy);
        }
        int port = SocketAddressText.port(address);
        return port < 0 ? null : on("nc -zv " + Shell.word(SocketAddressText.host(address)) + " " + port, proxy);
    }

    private Incident.Check proxyLogs() {
        String what = scene.seen().stream()
                .filter(s -> s.sighting().lastAt() >= scene.burst().startedAt())
                .filter(s -> !(s.sighting().signal() instanceof Signal.ServerState))
                .collect(Collectors.groupingBy(
                        s -> s.sighting().id(),
                        TreeMap::new,
                        Collectors.summingLong(s -> s.sighting().count())))
                .entrySet()
                .stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(4)
                .map(e -> e.getKey().replace('_', ' ') + " " + e.getValue() + " times")
                .collect(Collectors.joining(", "));
        String command = scene.proxies().stream()
                .findFirst()
                .flatMap(p -> ProxyCommands.newestLines(scene.hosts(), p).map(lines -> on(lines, p.host())))
                .orElse(null);
        return new Incident.Check(
                "proxy_logs",
                "What do the proxy's logs say?",
                (what.isEmpty() ? "only the status" : what)
                        + (hearing.isComplete() ? "" : "; nothing new: " + String.join(", ", hearing.lost())),
                Incident.Result.BAD,
                command);
    }

    private Incident.Check configuration(Finding finding) {
        String question = "Does the proxy's configuration fit?";
        Optional<Scene.Proxy> proxy = scene.proxies().stream().findFirst();
        String command = proxy.flatMap(
                        p -> ProxyCommands.configurationTest(p.kind()).map(test -> on(test, p.host())))
                .orElse(null);
        if (finding.id().cause().equals("wrong_upstream")
                || finding.id().cause().equals("tls_mismatch")) {
            return new Incident.Check(
                    "configuration", question, "no: " + finding.because(), Incident.Result.BAD, command);
        }
        if (scene.proxyFacts().findAny().isEmpty()) {
            return unknown("configuration", question, "no configuration is known of the proxy", command);
        }
        String reload = scene.reload(CHANGE_MILLIS)
                .map(r -> "; loaded anew at " + Wording.clock(r.event().at()))
                .orElse("; not loaded anew in the minutes before");
        boolean configured = scene.worst().map(b -> b.endpoint().configured()).orElse(true);
        return configured
                ? new Incident.Check(
                        "configuration",
                        question,
                        "yes: " + label() + " is configured" + reload,
                        Incident.Result.GOOD,
                        command)
                : new Incident.Check(
                        "configuration",
                        question,
                        "no: " + label() + " is not in the configuration that is known" + reload,
                        Incident.Result.BAD,
                        command);
    }

    private Incident.Check network(Finding finding) {
        String question = "Does the network let the connection through?";
        int port = scene.worst().map(Backend::port).orElse(-1);
        HostView host = scene.worst().map(Backend::host).orElse(null);
        String command = port < 0
                ? null
                : on("iptables -L -n | grep " + port, host == null ? "the backend's host" : host.name());
        boolean guilty =
                finding.id().cause().equals("firewall") || finding.id().cause().equals("host_unreachable");
        Predicate<HostEvent> tells = e ->
                NETWORK.contains(e.id()) || scene.backends().stream().anyMatch(backend -> scene.isBlocked(e, backend));
        List<String> lines = host == null
                ? List.of()
                : scene.events(host).filter(tells).map(HostEvent::id).distinct().toList();
        if (guilty) {
            return new Incident.Check("network", question, "no: " + finding.because(), Incident.Result.BAD, command);
        }
        if (!lines.isEmpty()) {
            return new Incident.Check(
                    "network",
                    question,
                    "perhaps not: " + String.join(", ", lines).replace('_', ' '),
                    Incident.Result.BAD,
                    command);
        }
        List<String> silent = silentHosts.stream()
                .filter(name -> scene.backends().stream()
                        .anyMatch(b ->
                                SocketAddressText.host(b.endpoint().address()).equals(name)))
                .toList();
        if (!missing.isEmpty() || !silent.isEmpty()) {
            String what = missing.isEmpty()
                    ? "nothing is shipped from " + String.join(", ", silent) + ", which the proxy's configuration names"
                    : "not known: " + String.join(", ", missing);
            return unknown("network", question, what, command);
        }
        return Connecting.of(scene).hostAnswered()
                ? new Incident.Check(
                        "network",
                        question,
                        "yes: the host answers, and no firewall line names it",
                        Incident.Result.GOOD,
                        command)
                : unknown("network", question, "no answer came back, and no firewall line says why", command);
    }

    private String label() {
        return scene.worst().map(Backend::label).orElse("the backend");
    }

    private static Incident.Check unknown(String step, String question, String why, @Nullable String command) {
        return new Incident.Check(step, question, "unknown: " + why, Incident.Result.UNKNOWN, command);
    }

    private static String on(String command, String host) {
        return command + "  # on " + host;
    }
}
