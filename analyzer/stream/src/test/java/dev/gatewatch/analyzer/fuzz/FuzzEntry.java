package dev.gatewatch.analyzer.fuzz;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where [Jazzer](https://github.com/CodeIntelligenceTesting/jazzer) comes in: it calls static methods of
/// these names, in a process of its own for each target.
public final class FuzzEntry {
    private static @Nullable FuzzTarget target;

    private FuzzEntry() {}

    /// Before the first input.
    ///
    /// @param args the target's name
    public static void fuzzerInitialize(String[] args) {
        target = FuzzTargets.named(args[0]);
    }

    /// Each input.
    public static void fuzzerTestOneInput(byte[] input) {
        Objects.requireNonNull(target).check(input);
    }
}
