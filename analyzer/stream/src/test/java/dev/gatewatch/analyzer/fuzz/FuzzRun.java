package dev.gatewatch.analyzer.fuzz;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Fuzzes targets, each in a process of its own, and prints a table of what came of it.
///
/// ```
/// FuzzRun FOLDER EXECUTIONS [TARGET…]
/// ```
/// The same executions of the same code find the same, since the seed is fixed. Exit status: 0 nothing was
/// found, 1 something was, 2 wrong usage.
public final class FuzzRun {
    private static final String HEAD = "%-18s %12s %10s %9s %6s  %s%n";

    private FuzzRun() {}

    public static void main(String[] args) throws Exception {
        Set<String> known = FuzzTargets.all().keySet();
        boolean number = args.length > 1 && args[1].matches("[1-9][0-9]{0,11}");
        if (!number || !known.containsAll(List.of(args).subList(2, args.length))) {
            System.err.println("usage: fuzz [EXECUTIONS [TARGET...]]\ntargets: " + String.join(" ", known));
            System.exit(2);
        }
        List<String> targets = args.length > 2 ? List.of(args).subList(2, args.length) : List.copyOf(known);
        System.exit(run(new Fuzzer(Path.of(args[0]), Long.parseLong(args[1])), targets) ? 0 : 1);
    }

    /// Whether nothing was found.
    private static boolean run(Fuzzer fuzzer, List<String> targets) throws Exception {
        System.out.printf(HEAD, "target", "executions", "per second", "coverage", "MB", "found");
        boolean fine = true;
        try (ExecutorService workers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Future<FuzzOutcome>> outcomes = new ArrayList<>();
            for (String target : targets) {
                outcomes.add(workers.submit(() -> fuzzer.run(target)));
            }
            for (Future<FuzzOutcome> each : outcomes) {
                FuzzOutcome o = each.get();
                System.out.printf(
                        HEAD, o.target(), o.executions(), o.perSecond(), o.coverage(), o.megabytes(), o.told());
                fine &= o.found().isEmpty();
            }
        }
        return fine;
    }
}
