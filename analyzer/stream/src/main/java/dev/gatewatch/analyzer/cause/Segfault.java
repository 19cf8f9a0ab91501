package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.host.HostView;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A process of the failing server died of a memory fault or an illegal instruction.
final class Segfault implements Cause {
    static final Id ID = new Id("app_crash", "segfault");

    /// SIGILL, SIGBUS, SIGFPE, SIGSEGV, SIGSYS.
    private static final Set<Integer> FAULT_SIGNALS = Set.of(4, 7, 8, 11, 31);

    /// The same as systemd-coredump gives them, as number or name.
    private static final Set<String> FAULT_NAMES =
            Set.of("4", "7", "8", "11", "31", "SIGILL", "SIGBUS", "SIGFPE", "SIGSEGV", "SIGSYS");

    private static final Set<String> KERNEL_FAULTS = Set.of("segfault", "traps", "general_protection");
    private static final Set<String> WORKER_FAULTS = Set.of("app_worker_segv", "app_memory_fault");
    private static final Set<String> CORES = Set.of("coredump");

    @Override
    public List<Id> ids() {
        return List.of(ID);
    }

    @Override
    public boolean standsAlone() {
        return true;
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        return scene.firstOf(backend -> examine(scene, backend));
    }

    private static Optional<Finding> examine(Scene scene, Backend backend) {
        UnitLife life = UnitLife.of(scene, backend);
        Optional<HostEvent> exit = life.crash(
                unit -> FAULT_SIGNALS.contains(unit.status()) && !unit.exit().equals("exited"));
        List<HostEvent> faults = faults(scene, backend);
        List<HostEvent> workers =
                Stream.concat(life.all(WORKER_FAULTS).stream(), cores(life)).toList();
        if (exit.isEmpty()
                && workers.isEmpty()
                && (faults.isEmpty() || !scene.tries().mostly(Ids.CUT_OFF, Ids.REFUSED))) {
            return Optional.empty();
        }
        HostEvent first = Stream.of(exit.stream(), faults.stream(), workers.stream())
                .flatMap(events -> events)
                .min(Comparator.comparingLong(HostEvent::at))
                .orElseThrow();
        String because =
                "a process of " + backend.who() + " died of a memory fault " + Wording.beforeTrouble(first.at(), scene);
        boolean proved = backend.tied() && (exit.isPresent() || !workers.isEmpty());
        Finding finding = Finding.of(ID, proved ? Strength.PROVED : Strength.LIKELY, because)
                .at(backend, faults)
                .at(backend, exit.stream().toList())
                .at(backend, workers);
        return Optional.of(scene.judgedByTime(finding, first, Scene.AFTER_MILLIS));
    }

    /// Cores that were left by a memory fault; an abort leaves one too.
    private static Stream<HostEvent> cores(UnitLife life) {
        return life.all(CORES).stream()
                .filter(e -> e.signal() instanceof Signal.AppEvent core && FAULT_NAMES.contains(core.detail()));
    }

    /// Kernel lines about the process that listened, by its number or, for its children, by its name.
    private static List<HostEvent> faults(Scene scene, Backend backend) {
        HostView host = backend.host();
        String process = backend.listener().map(s -> s.listener().process()).orElse("");
        return host == null
                ? List.of()
                : scene.events(host)
                        .filter(e -> KERNEL_FAULTS.contains(e.id()))
                        .filter(e -> backend.owns(e)
                                || (e.signal() instanceof Signal.KernelEvent kernel
                                        && !process.isEmpty()
                                        && kernel.process().equals(process)))
                        .toList();
    }
}
