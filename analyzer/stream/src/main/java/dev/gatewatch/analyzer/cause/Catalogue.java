package dev.gatewatch.analyzer.cause;

import dev.gatewatch.analyzer.cause.Finding.Strength;
import java.util.Comparator;
import java.util.List;

/// All causes, and which one wins.
public final class Catalogue {
    /// Where two findings are equally strong, the one that stands first wins: what names the thing to repair
    /// most exactly, and what happened before its consequences.
    private static final List<Cause> CAUSES = List.of(
            new ProxyExhausted(),
            new ContainerPort(),
            new ContainerEnded(),
            new ContainerPaused(),
            new OutOfMemory(),
            new Segfault(),
            new HeapExhausted(),
            new TlsMismatch(),
            new Texts(),
            new BoundToLoopback(),
            new Crash(),
            new Stopped(),
            new TakenOut(),
            new WrongUpstream(),
            new Firewall(),
            new HostUnreachable(),
            new PassedThrough(),
            new Slow(),
            new Gone(),
            new CutShort());

    private static final Cause.Id UNKNOWN = new Cause.Id("unknown", "");

    private Catalogue() {}

    /// What was found about a burst.
    ///
    /// @param best the cause that fits best, `unknown` if none does
    /// @param others what fits less, strongest first
    public record Diagnosis(Finding best, List<Finding> others) {
        /// The same to be kept: no more than so many events that prove the best, and none for the others.
        public Diagnosis inShort(int mostProof) {
            return new Diagnosis(
                    best.withProof(best.proof().stream().limit(mostProof).toList()),
                    others.stream().map(other -> other.withProof(List.of())).toList());
        }
    }

    /// Names of all causes, in the order in which they win.
    public static List<Cause.Id> ids() {
        return CAUSES.stream().flatMap(cause -> cause.ids().stream()).distinct().toList();
    }

    /// Whether a finding says that no cause was found.
    public static boolean isUnknown(Finding finding) {
        return finding.id().equals(UNKNOWN);
    }

    /// Whether another proxy's lines tell of what fails here: this proxy only passed on what the next one
    /// answered.
    public static boolean isToldElsewhere(Scene scene, Finding finding) {
        return finding.id().equals(PassedThrough.ID) && scene.isBehindProxies() && !scene.isToldByRelaysOnly();
    }

    /// Examines all causes. While a source is behind that may still say otherwise, nothing is proved but what
    /// stands alone.
    public static Diagnosis examine(Scene scene) {
        boolean behind = !Behind.of(scene).isEmpty();
        List<Finding> findings = CAUSES.stream()
                .flatMap(cause -> cause.examine(scene).stream()
                        .map(finding -> behind && !cause.standsAlone() ? finding.unproved() : finding))
                .sorted(Comparator.comparing(Finding::strength)
                        .reversed()) // stable: equally strong ones keep their order
                .toList();
        if (findings.isEmpty()) {
            return new Diagnosis(
                    Finding.of(UNKNOWN, Strength.POSSIBLE, "nothing that is shipped says why"), Suspects.of(scene));
        }
        Finding best = findings.getFirst();
        boolean alone = findings.size() == 1 && best.strength() == Strength.POSSIBLE;
        return new Diagnosis(best, alone ? suspectsBeside(best, scene) : findings.subList(1, findings.size()));
    }

    private static List<Finding> suspectsBeside(Finding best, Scene scene) {
        return Suspects.of(scene).stream()
                .filter(suspect -> !suspect.id().equals(best.id()))
                .toList();
    }
}
