package dev.gatewatch.agent.facts;

import dev.gatewatch.agent.events.AgentEvents;
import dev.gatewatch.agent.ship.HostStamp;
import dev.gatewatch.wire.HostFacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Collects the facts of this host. Whatever cannot be had is left out: facts are a help, never a condition.
public final class HostFactsCollector {
    private static final Path PROC = Path.of("/proc");

    private final HostStamp stamp;
    private final List<ProxyWatch> proxies;
    private final Supplier<List<HostFacts.Watermark>> watermarks;
    private final List<String> sockets;
    private final Commands commands;
    private final ProcFiles proc;
    private final Containers containers;
    private final AgentEvents events;
    private String toldProblem = "";

    /// @param watermarks how far the streams have been read
    /// @param sockets the program that lists listening sockets, usually just `ss`
    public HostFactsCollector(
            HostStamp stamp,
            List<ProxyWatch> proxies,
            Supplier<List<HostFacts.Watermark>> watermarks,
            List<String> sockets,
            AgentEvents events) {
        this(stamp, proxies, watermarks, sockets, Commands.ofThisHost(), PROC, events);
    }

    HostFactsCollector(
            HostStamp stamp,
            List<ProxyWatch> proxies,
            Supplier<List<HostFacts.Watermark>> watermarks,
            List<String> sockets,
            Commands commands,
            Path proc,
            AgentEvents events) {
        this.stamp = stamp;
        this.proxies = List.copyOf(proxies);
        this.watermarks = watermarks;
        this.sockets = List.copyOf(sockets);
        this.commands = commands;
        this.proc = new ProcFiles(proc);
        this.containers = new Containers(commands, pid -> this.proc.listeners(pid + "/net"));
        this.events = events;
    }

    /// The wall-clock time of the kernel's start, now if it is not known.
    public static Instant bootedAt(Instant now) {
        return new ProcFiles(PROC).bootedAt(now).orElse(now);
    }

    /// The kernel's id of this boot, if it is known.
    public static Optional<String> bootId() {
        return new ProcFiles(PROC).bootId();
    }

    /// The facts as of now. Takes some 50 ms, and may wait for programs of the host up to some seconds.
    public HostFacts collect() {
        Instant now = stamp.now();
        Instant bootedAt = proc.bootedAt(now).orElse(Instant.EPOCH);
        List<HostFacts.Listener> sockets = listeners();
        List<HostFacts.ContainerState> states = containers.states(sockets);
        List<HostFacts.Listener> listeners = Containers.behind(sockets, states);
        Set<String> owners = new LinkedHashSet<>();
        listeners.forEach(listener -> owners.add(listener.unit()));
        return new HostFacts(
                stamp.host(),
                now,
                stamp.addresses().get(),
                bootedAt,
                stamp.zone().getRules().getOffset(now),
                clockSynchronised(),
                listeners,
                new Units(commands).states(owners),
                proxies(bootedAt),
                watermarks.get(),
                states);
    }

    /// Whether a proxy's configuration has changed since the facts were collected. Costs a look at each of
    /// its files.
    public boolean proxiesChanged() {
        return proxies.stream().anyMatch(ProxyWatch::changed);
    }

    private List<HostFacts.Listener> listeners() {
        String tcp = listed("-ltnpe");
        String unix = listed("-lxpe");
        List<HostFacts.Listener> found =
                Listeners.of(tcp, unix, pid -> proc.cgroup(pid).orElse(""));
        if (!found.isEmpty()) {
            return found;
        }
        return proc.listeners("net").orElse(List.of());
    }

    private String listed(String selection) {
        List<String> command = new ArrayList<>(sockets);
        command.addAll(List.of("-H", selection, "--cgroup"));
        return commands.output(command);
    }

    /// systemd-timesyncd leaves a file; other services are asked through timedatectl.
    private boolean clockSynchronised() {
        return Files.exists(Path.of("/run/systemd/timesync/synchronized"))
                || commands.output(List.of("timedatectl", "show", "--property=NTPSynchronized", "--value"))
                        .strip()
                        .equals("yes");
    }

    private List<HostFacts.ProxyFacts> proxies(Instant bootedAt) {
        List<HostFacts.ProxyFacts> all = new ArrayList<>();
        String problem = "";
        for (ProxyWatch proxy : proxies) {
            proxy.facts(() -> proc.newestWorker(proxy.kind(), bootedAt)).ifPresent(all::add);
            problem = proxy.problem().isEmpty() ? problem : proxy.problem();
        }
        if (!problem.equals(toldProblem)) {
            toldProblem = problem;
            if (!problem.isEmpty()) {
                events.factsIncomplete(problem);
            }
        }
        return all;
    }
}
