package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.host.HostView;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.Set;

/// A container or pod that serves an address.
///
/// @param host where it runs
/// @param id the container's id, empty if not known
/// @param name the container's name, empty if not known
/// @param pod the pod, `namespace/name`, empty if it is none
/// @param podUid the pod's uid, empty if not known
/// @param tied whether its id, port or address leads to the server; otherwise its name fits, or it is the only
///     one that it can be
/// @param others ids of the containers that were in its place before or after it
public record Workload(
        HostView host, String id, String name, String pod, String podUid, boolean tied, Set<String> others) {
    private static final int SHORT_ID = 12;

    public Workload {
        others = Set.copyOf(others);
    }

    /// Whether this is one of the containers that were in its place.
    boolean isOneOf(String container) {
        return (!id.isEmpty() && id.equals(container)) || others.contains(container);
    }

    /// The name by which a person finds it.
    public String label() {
        if (!pod.isEmpty()) {
            return pod;
        }
        return name.isEmpty() ? id.substring(0, Math.min(SHORT_ID, id.length())) : name;
    }

    /// Whether the event is about it: by its id, its name, its pod or its control group.
    public boolean owns(HostEvent event) {
        return switch (event.signal()) {
            case Signal.KernelEvent e -> isOwn(e.cgroup());
            case Signal.AppEvent e ->
                ContainerLine.of(event).filter(this::isNamedBy).isPresent();
            default -> false;
        };
    }

    private boolean isOwn(String cgroup) {
        return (id.length() >= SHORT_ID && cgroup.contains(id))
                || others.stream().anyMatch(cgroup::contains)
                || (!podUid.isEmpty() && (cgroup.contains(podUid) || cgroup.contains(podUid.replace('-', '_'))));
    }

    private boolean isNamedBy(ContainerLine line) {
        if (!pod.isEmpty() && !line.pod().isEmpty()) {
            return pod.equals(line.pod());
        }
        if (!id.isEmpty() && !line.id().isEmpty()) {
            return isSame(id, line.id()) || others.stream().anyMatch(other -> isSame(other, line.id()));
        }
        return !name.isEmpty() && name.equals(line.name());
    }

    /// Ids may be given by their beginning.
    private static boolean isSame(String one, String other) {
        return one.startsWith(other) || other.startsWith(one);
    }
}
