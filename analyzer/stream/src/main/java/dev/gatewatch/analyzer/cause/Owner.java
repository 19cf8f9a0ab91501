package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.List;

/// Ties an event on a host to a unit: by name, by control group, or by the number of the process that
/// listened.
final class Owner {
    private Owner() {}

    static boolean of(HostEvent event, String unit, int listenerPid) {
        return switch (event.signal()) {
            case Signal.UnitEvent e -> e.unit().equals(unit);
            case Signal.AppEvent e -> e.unit().equals(unit) && !ContainerLine.isOne(event);
            case Signal.KernelEvent e -> isOfUnit(e.cgroup(), unit) || (e.pid() > 0 && e.pid() == listenerPid);
            case Signal.Packet e -> false;
            case Signal.ProxyEvent e -> false;
            case Signal.Request e -> false;
            case Signal.Trouble e -> false;
            case Signal.ServerState e -> false;
        };
    }

    /// `/system.slice/orders.service` and whatever is below it belong to `orders.service`.
    private static boolean isOfUnit(String cgroup, String unit) {
        return List.of(cgroup.split("/", -1)).contains(unit);
    }
}
