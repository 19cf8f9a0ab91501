package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.host.HostEvent;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.List;
import java.util.Optional;

/// The kernel killed a process of the failing server for memory. Only a kernel line, or systemd's notice of
/// one, proves it: an application's "perhaps out of memory?" and a plain SIGKILL do not.
final class OutOfMemory implements Cause {
    static final Id ID = new Id("app_crash", "oom_kill");

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
        List<HostEvent> kills = scene.unitEvents(backend)
                .filter(e -> Ids.OOM_KILL.contains(e.id()) || endedByOom(e))
                .toList();
        if (kills.isEmpty()) {
            return Optional.empty();
        }
        HostEvent first = kills.getFirst();
        String because = "the kernel killed a process of " + backend.who() + " for memory "
                + Wording.beforeTrouble(first.at(), scene);
        List<HostEvent> exits = UnitLife.of(scene, backend).crashes();
        Finding finding = Finding.of(ID, backend.tied() ? Strength.PROVED : Strength.LIKELY, because)
                .at(backend, kills)
                .at(backend, exits);
        return Optional.of(scene.judgedByTime(finding, first, Scene.SLOW_BEFORE_MILLIS));
    }

    private static boolean endedByOom(HostEvent event) {
        return event.signal() instanceof Signal.UnitEvent unit && unit.result().equals("oom-kill");
    }
}
