package dev.gatewatch.analyzer.fuzz;

import dev.gatewatch.analyzer.grammar.ByteSearch;
import dev.gatewatch.analyzer.grammar.Cursor;
import dev.gatewatch.analyzer.grammar.Slice;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Starts [Jazzer](https://github.com/CodeIntelligenceTesting/jazzer) on a target.
///
/// It mutates lines at random, keeps what reaches new code, and goes on from there.
///
/// @param folder where each target has a folder for its seeds, its log and what was found
record Fuzzer(Path folder, long executions) {
    /// Fewer are over before the second compiler's work has paid.
    private static final long MANY = 2_000_000;

    private static final List<String> JVM = List.of(
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-XX:-OmitStackTraceInFastThrow",
            "-XX:+EnableDynamicAgentLoading",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /// What fuzzes is not measured, nor are loops over bytes, which would take half of the time.
    private static final List<String> NOT_MEASURED = List.of(
            "dev.gatewatch.analyzer.fuzz.**",
            "dev.gatewatch.analyzer.read.BothWays*",
            ByteSearch.class.getName(),
            Cursor.class.getName(),
            Slice.class.getName());

    private static final List<String> OPTIONS = List.of(
            "--target_class=" + FuzzEntry.class.getName(),
            "--instrumentation_includes=dev.gatewatch.**",
            "--instrumentation_excludes=" + String.join(":", NOT_MEASURED),
            "--trace=cov", // the dictionary knows what lines are compared with
            "--custom_hook_excludes=**",
            "--mutator_framework=false",
            "-seed=20261122",
            "-max_len=2048",
            "-timeout=30",
            "-rss_limit_mb=1024",
            "-print_final_stats=1");

    FuzzOutcome run(String name) throws IOException, InterruptedException {
        FuzzTarget target = FuzzTargets.named(name);
        Path home = emptied(folder.resolve(name));
        Path seeds = Files.createDirectories(home.resolve("seeds"));
        int number = 0;
        for (byte[] seed : target.seeds()) {
            Files.write(seeds.resolve("%05d".formatted(number++)), seed);
        }
        Path words = Files.writeString(home.resolve("words"), Dictionary.text());
        Path found = Files.createDirectories(home.resolve("found"));
        List<String> command = new ArrayList<>(java());
        command.add("com.code_intelligence.jazzer.Jazzer");
        command.addAll(OPTIONS);
        command.add("--target_args=" + name);
        command.add("--reproducer_path=" + found);
        command.add("-artifact_prefix=" + found + "/");
        command.add("-dict=" + words);
        command.add("-runs=" + Math.max(1, executions / target.share()));
        command.add(Files.createDirectories(home.resolve("reached")).toString());
        command.add(seeds.toString());
        Path log = home.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log.toFile()))
                .start();
        return FuzzOutcome.of(name, process.waitFor(), log);
    }

    private List<String> java() {
        List<String> java = new ArrayList<>();
        java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        java.addAll(JVM);
        if (executions < MANY) {
            java.add("-XX:TieredStopAtLevel=1");
        }
        java.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return java;
    }

    private static Path emptied(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> inside = Files.walk(folder)) {
                for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        return Files.createDirectories(folder);
    }
}
