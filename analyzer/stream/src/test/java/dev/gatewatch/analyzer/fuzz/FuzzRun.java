package dev.gatewatch.analyzer.fuzz;

import dev.gatewatch.analyzer.grammar.ByteSearch;
import dev.gatewatch.analyzer.grammar.Cursor;
import dev.gatewatch.analyzer.grammar.Slice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// Fuzzes targets, each in a process of its own, and prints a table of what came of it.
///
/// ```
/// FuzzRun FOLDER EXECUTIONS [TARGET…]
/// ```
/// The same executions with the same code find the same, since the seed is fixed. Exit status: 0 nothing was found, 1
/// something was, 2 wrong usage.
public final class FuzzRun {
    private static final List<String> JVM = List.of(
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-XX:-OmitStackTraceInFastThrow",
            "-XX:+EnableDynamicAgentLoading",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");
    /// What is fuzzed is not told from what does it; and the loops over bytes would take half of the time.
    private static final List<String> NOT_MEASURED = List.of(
            "dev.gatewatch.analyzer.fuzz.**",
            "dev.gatewatch.analyzer.read.BothWays*",
            ByteSearch.class.getName(),
            Cursor.class.getName(),
            Slice.class.getName());
    private static final List<String> FUZZER = List.of(
            "--target_class=" + FuzzEntry.class.getName(),
            "--instrumentation_includes=dev.gatewatch.**",
            "--instrumentation_excludes=" + String.join(":", NOT_MEASURED),
            "--trace=cov",
            "--mutator_framework=false",
            "-seed=20261122",
            "-max_len=2048",
            "-timeout=5",
            "-rss_limit_mb=1024",
            "-print_final_stats=1");

    private final Path folder;
    private final long executions;

    private FuzzRun(Path folder, long executions) {
        this.folder = folder;
        this.executions = executions;
    }

    public static void main(String[] args) throws Exception {
        if (args.length < 2 || !args[1].matches("[1-9][0-9]{0,11}")) {
            System.err.println("usage: fuzz [EXECUTIONS [TARGET...]]");
            System.exit(2);
        }
        List<String> wanted = List.of(args).subList(2, args.length);
        List<FuzzTarget> targets = FuzzTargets.all().stream()
                .filter(target -> wanted.isEmpty() || wanted.contains(target.name()))
                .toList();
        if (targets.isEmpty() || targets.size() < wanted.size()) {
            System.err.println("targets are: "
                    + String.join(
                            " ", FuzzTargets.all().stream().map(FuzzTarget::name).toList()));
            System.exit(2);
        }
        System.exit(new FuzzRun(Path.of(args[0]), Long.parseLong(args[1])).run(targets) ? 0 : 1);
    }

    /// Whether nothing was found.
    private boolean run(List<FuzzTarget> targets) throws Exception {
        System.out.printf("%-16s %12s %12s %10s %8s  %s%n", "target", "executions", "per second", "coverage", "MB", "found");
        boolean fine = true;
        try (ExecutorService workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Future<FuzzOutcome>> outcomes = new ArrayList<>();
            for (FuzzTarget target : targets) {
                outcomes.add(workers.submit(() -> fuzz(target)));
            }
            for (Future<FuzzOutcome> each : outcomes) {
                FuzzOutcome outcome = each.get();
                System.out.println(outcome.row());
                fine &= outcome.isFine();
            }
        }
        return fine;
    }

    private FuzzOutcome fuzz(FuzzTarget target) throws IOException, InterruptedException {
        Path home = folder.resolve(target.name());
        delete(home);
        Path seeds = Files.createDirectories(home.resolve("seeds"));
        Path found = Files.createDirectories(home.resolve("found"));
        List<byte[]> inputs = target.seeds();
        for (int i = 0; i < inputs.size(); i++) {
            Files.write(seeds.resolve("%05d".formatted(i)), inputs.get(i));
        }
        Path words = home.resolve("words");
        Files.writeString(words, Dictionary.text());
        Path log = home.resolve("log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "com.code_intelligence.jazzer.Jazzer"));
        command.addAll(FUZZER);
        command.add("--target_args=" + target.name());
        command.add("--reproducer_path=" + found);
        command.add("-artifact_prefix=" + found + "/");
        command.add("-dict=" + words);
        command.add("-runs=" + Math.max(1, executions / target.share()));
        command.add(Files.createDirectories(home.resolve("corpus")).toString());
        command.add(seeds.toString());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log.toFile()))
                .start();
        return FuzzOutcome.of(target.name(), process.waitFor(), log);
    }

    private static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> inside = Files.walk(folder)) {
            for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
