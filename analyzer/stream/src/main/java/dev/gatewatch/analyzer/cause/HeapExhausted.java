package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import dev.gatewatch.analyzer.host.HostEvent;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The application's own heap was full: the runtime ended the process or it stopped answering; the kernel
/// killed nothing.
final class HeapExhausted implements Cause {
    static final Id ID = new Id("app_crash", "heap_exhausted");
    private static final Set<String> HEAP = Set.of("app_heap_exhausted");

    @Override
    public List<Id> ids() {
        return List.of(ID);
    }

    @Override
    public Optional<Finding> examine(Scene scene) {
        return scene.firstOf(backend -> examine(scene, backend));
    }

    private static Optional<Finding> examine(Scene scene, Backend backend) {
        UnitLife life = UnitLife.of(scene, backend);
        List<HostEvent> lines = life.all(HEAP);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        String because = backend.who() + " ran out of heap "
                + Wording.beforeTrouble(lines.getFirst().at(), scene);
        Finding finding = Finding.of(ID, backend.tied() ? Strength.PROVED : Strength.LIKELY, because)
                .at(backend, lines)
                .at(backend, life.crashes());
        return Optional.of(scene.judgedByTime(finding, lines.getFirst(), Scene.SLOW_BEFORE_MILLIS));
    }
}
