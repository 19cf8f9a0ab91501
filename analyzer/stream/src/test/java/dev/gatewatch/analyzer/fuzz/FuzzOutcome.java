package dev.gatewatch.analyzer.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// What came of fuzzing one target, as the fuzzer's own log tells it.
///
/// @param coverage edges of the code that were taken
/// @param megabytes most resident memory
/// @param found what was found first, empty if nothing was
record FuzzOutcome(String target, long executions, long perSecond, long coverage, long megabytes, String found) {
    private static final Pattern COVERAGE = Pattern.compile(" cov: (\\d+) ");
    private static final Pattern EXECUTIONS = Pattern.compile("stat::number_of_executed_units: (\\d+)");
    private static final Pattern SPEED = Pattern.compile("stat::average_exec_per_sec: +(\\d+)");
    private static final Pattern MEMORY = Pattern.compile("stat::peak_rss_mb: +(\\d+)");
    private static final Pattern FOUND = Pattern.compile("== (Java Exception: .*)|ERROR: (libFuzzer: .*)");

    static FuzzOutcome of(String target, int exit, Path log) throws IOException {
        String text = Files.readString(log, ISO_8859_1);
        String found = FOUND.matcher(text)
                .results()
                .map(hit -> hit.group(1) != null ? hit.group(1) : hit.group(2))
                .findFirst()
                .orElse(exit == 0 ? "" : "exit status " + exit);
        return new FuzzOutcome(
                target,
                last(EXECUTIONS, text),
                last(SPEED, text),
                last(COVERAGE, text),
                last(MEMORY, text),
                found.isEmpty() ? "" : found + ", see " + log);
    }

    private static long last(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .reduce((one, next) -> next)
                .map(hit -> Long.parseLong(hit.group(1)))
                .orElse(0L);
    }

    String told() {
        return found.isEmpty() ? "-" : found;
    }
}
