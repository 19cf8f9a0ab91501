package dev.gatewatch.analyzer.signal;

import static java.util.Map.entry;

import dev.gatewatch.analyzer.grammar.JournalEntry;
import dev.gatewatch.analyzer.grammar.JournalEntry.Field;
import dev.gatewatch.analyzer.grammar.Needles;
import dev.gatewatch.analyzer.grammar.Slice;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What runs containers says of them: docker, containerd, podman, conmon, the kubelet, and the ingress
/// controller. Only these speak of containers; what a container itself prints is an application's word,
/// even where they pass it on.
///
/// ```
/// time="…" level=info msg="ignoring event" container=4c01… module=libcontainerd namespace=moby
/// topic=/tasks/delete type="*events.TaskDelete"
/// time="…" level=error msg="276e… cleanup: failed to delete container from containerd: no such container"
/// time="…" level=error msg="Handler for POST /v1.41/containers/276e…/start returned error: driver failed programming
/// external connectivity on endpoint catalog (303b…): … bind: address already in use"
/// level=info msg="TaskExit event &TaskExit{ContainerID:4c01…,ID:4c01…,Pid:4711,ExitStatus:137,ExitedAt:…}"
/// 2026-11-22 14:01:03 +0000 UTC container died 4c01… (image=shop/orders, name=orders)
/// I1122 14:01:03.118126 22333 prober.go:107] "Probe failed" probeType="Liveness" pod="shop/orders-7d9"
/// probeResult="failure" …
/// ```
/// There is no official grammar but the code of these programs.
final class ContainerSignals {
    /// Only the beginning of a message is looked at.
    private static final int LONGEST = 4096;

    private static final List<String> RUNTIMES =
            List.of("dockerd", "containerd", "kubelet", "podman", "conmon", "crio", "cri-o", "k3s", "rke2", "kubelite");

    private static final Needles<String> SENTENCES = new Needles<>(ordered(List.of(
            entry("topic=/tasks/oom", "container_oom"),
            entry("TaskOOM event", "container_oom"),
            entry("container oom ", "container_oom"),
            entry("OOMKilling: ", "container_oom"),
            entry("OOMKilled", "container_oom"),
            entry("System OOM encountered, victim process: ", "container_oom"),
            entry("topic=/tasks/delete", "container_exited"),
            entry("topic=/tasks/exit", "container_exited"),
            entry("TaskExit event", "container_exited"),
            entry("container die ", "container_exited"),
            entry("container died ", "container_exited"),
            entry("Type:\"ContainerDied\"", "container_exited"),
            entry("Type:ContainerDied", "container_exited"),
            entry("\"Type\":\"ContainerDied\"", "container_exited"),
            entry(" exited with status ", "container_exited"),
            entry("cleanup: failed to delete container from containerd: ", "container_start_failed"),
            entry("/start returned error: ", "container_start_failed"),
            entry("container kill ", "container_killed"),
            entry("Container failed to exit within ", "container_killed"),
            entry("using the force", "container_killed"),
            entry("health_status: unhealthy", "container_unhealthy"),
            entry("Container failed liveness probe", "k8s_container_unhealthy"),
            entry("failed liveness probe, will be restarted", "k8s_container_unhealthy"),
            entry("is unhealthy (probe result: failure)", "k8s_container_unhealthy"),
            entry("Readiness probe for ", "k8s_probe_failed"),
            entry("Liveness probe for ", "k8s_probe_failed"),
            entry("Startup probe for ", "k8s_probe_failed"),
            entry("Probe failed\" probeType=", "k8s_probe_failed"),
            entry("Killing container with a grace period", "k8s_killing"),
            entry("Killing container \"", "k8s_killing"),
            entry("CrashLoopBackOff", "k8s_backoff"),
            entry("does not have any active Endpoint", "k8s_no_endpoints"),
            entry("pod is evicted", "k8s_evicted"),
            entry("Evicted pod", "k8s_evicted"))));

    private ContainerSignals() {}

    private static Map<String, String> ordered(List<Map.Entry<String, String>> sentences) {
        Map<String, String> map = new LinkedHashMap<>();
        sentences.forEach(sentence -> map.put(sentence.getKey(), sentence.getValue()));
        return map;
    }

    /// Whether a runtime wrote the entry about containers. By the journal's own word: a name that a process
    /// gives itself is not enough. What it passes on of a container bears that container's id, or comes
    /// over its standard output.
    static boolean wrote(JournalEntry entry) {
        boolean shell = entry.is(Field._COMM, "podman") || entry.is(Field._COMM, "conmon");
        boolean passedOn = !entry.value(Field.CONTAINER_ID).isEmpty()
                || !entry.value(Field.CONTAINER_ID_FULL).isEmpty()
                || (shell && entry.is(Field._TRANSPORT, "stdout"));
        return !passedOn && isRuntime(entry.value(Field._COMM));
    }

    private static boolean isRuntime(Slice name) {
        return RUNTIMES.stream().anyMatch(name::is);
    }

    static Reading read(long at, JournalEntry entry) {
        String unit = entry.text(Field._SYSTEMD_UNIT);
        if (entry.is(Field.PODMAN_EVENT, "container")) {
            return event(at, unit, entry);
        }
        return read(at, unit, entry.number(Field._PID), entry.value(Field.MESSAGE));
    }

    /// podman tells its events in fields of their own.
    private static Reading event(long at, String unit, JournalEntry entry) {
        String id = switch (entry.text(Field.PODMAN_TYPE)) {
            case "died" -> "container_exited";
            case "kill" -> "container_killed";
            case "oom" -> "container_oom";
            default -> "";
        };
        String name = entry.text(Field.PODMAN_NAME);
        return id.isEmpty()
                ? Reading.Ordinary.NOISE
                : new Reading.Says(
                        new Signal.AppEvent(id, at, unit, -1, name.isEmpty() ? entry.text(Field.PODMAN_ID) : name));
    }

    /// Reads the text alone.
    static Reading read(long at, String unit, int pid, Slice message) {
        Slice text = message.sub(0, LONGEST);
        Needles.Found<String> found = SENTENCES.find(text, 0);
        boolean ofConmon = text.contains(": container ");
        if (found == null || (text.hasAt(found.at(), " exited with status ") && !ofConmon)) {
            return Reading.Ordinary.UNNAMED;
        }
        return new Reading.Says(new Signal.AppEvent(
                found.value(), at, unit, named(text, pid), text.before("\n").brief()));
    }

    /// The process of the container that the line names, else the one that wrote it.
    private static int named(Slice text, int writer) {
        int exited = text.between(",Pid:", ",").number();
        if (exited < 0) {
            exited = text.between(": container ", " exited with status ").number();
        }
        return exited < 0 ? writer : exited;
    }
}
