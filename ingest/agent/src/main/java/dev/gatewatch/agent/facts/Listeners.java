package dev.gatewatch.agent.facts;

import dev.gatewatch.wire.HostFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The sockets that accept connections, from what `ss -H -l -n -p -e --cgroup` prints, a socket a line:
/// `LISTEN 0 511 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=430,fd=6)) ino:123 sk:1
/// cgroup:/system.slice/nginx.service <->`. Without rights the `users:` are missing, the control group is
/// not.
final class Listeners {
    /// Sockets of a host at most.
    private static final int MAX = 2_000;

    private static final Pattern USER = Pattern.compile("\\(\"([^\"]*)\",pid=(\\d+)");
    private static final Pattern CGROUP = Pattern.compile(" cgroup:(\\S+)");

    private Listeners() {}

    /// @param tcp output of `ss -H -ltnpe --cgroup`
    /// @param unix output of `ss -H -lxpe --cgroup`
    /// @param cgroupOf the control group of a process, empty text if it cannot be seen
    static List<HostFacts.Listener> of(String tcp, String unix, IntFunction<String> cgroupOf) {
        Map<String, HostFacts.Listener> found = new LinkedHashMap<>();
        for (String line : (Iterable<String>) tcp.lines()::iterator) {
            String[] f = line.strip().split("\\s+", 6);
            if (f.length >= 5 && f[0].equals("LISTEN")) {
                add(found, withoutScope(f[3]), f[1], f[2], line, cgroupOf);
            }
        }
        for (String line : (Iterable<String>) unix.lines()::iterator) {
            String[] f = line.strip().split("\\s+", 7);
            if (f.length >= 5 && f[1].equals("LISTEN") && f[4].startsWith("/")) {
                add(found, "unix:" + f[4], f[2], f[3], line, cgroupOf);
            }
        }
        return List.copyOf(new ArrayList<>(found.values()));
    }

    private static void add(
            Map<String, HostFacts.Listener> found,
            String address,
            String queued,
            String backlog,
            String line,
            IntFunction<String> cgroupOf) {
        if (found.size() >= MAX) {
            return;
        }
        Matcher user = USER.matcher(line);
        boolean known = user.find();
        int pid = known ? number(user.group(2)) : 0;
        Matcher cgroup = CGROUP.matcher(line);
        String path = pid > 0 ? cgroupOf.apply(pid) : "";
        String group = path.isEmpty() && cgroup.find() ? cgroup.group(1) : path;
        String container = Containers.idIn(group);
        HostFacts.Listener listener = new HostFacts.Listener(
                address,
                number(queued),
                number(backlog),
                unit(group),
                known ? user.group(1) : "",
                pid,
                container.isEmpty() ? null : new HostFacts.Container(container, ""));
        // several sockets on one address (SO_REUSEPORT): their queues add up
        found.merge(
                address,
                listener,
                (a, b) -> new HostFacts.Listener(
                        address,
                        a.queued() + b.queued(),
                        a.backlog() + b.backlog(),
                        a.unit(),
                        a.process(),
                        a.pid(),
                        a.container()));
    }

    /// The unit that a control group belongs to, empty if none: `/system.slice/a.service/worker` is
    /// `a.service`.
    static String unit(String cgroup) {
        String unit = "";
        for (String part : cgroup.split("/", -1)) {
            if (part.endsWith(".service") || part.endsWith(".scope")) {
                unit = part;
            }
        }
        return unit.equals("init.scope") ? "" : unit;
    }

    /// `127.0.0.53%lo:53` is `127.0.0.53:53`; `*:80` is `[::]:80`, as dual-stack sockets are shown.
    private static String withoutScope(String address) {
        int percent = address.indexOf('%');
        int colon = address.lastIndexOf(':');
        String plain = percent > 0 && percent < colon
                ? address.substring(0, percent) + (address.startsWith("[") ? "]" : "") + address.substring(colon)
                : address;
        return plain.startsWith("*:") ? "[::]" + plain.substring(1) : plain;
    }

    private static int number(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
