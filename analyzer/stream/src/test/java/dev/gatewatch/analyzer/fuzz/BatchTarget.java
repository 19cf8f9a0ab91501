package dev.gatewatch.analyzer.fuzz;

import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.read.BatchReader;
import dev.gatewatch.analyzer.read.BatchResult;
import dev.gatewatch.analyzer.service.ServiceMap;
import dev.gatewatch.analyzer.signal.Lines;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// A batch of lines. Each of them is in exactly one of the counts, also where the batch is cut in two, and
/// when it comes
/// again; what is carried along is bounded.
///
/// The first byte of the input chooses the source, the second the newline at which it is cut, the others
/// are the lines.
final class BatchTarget implements FuzzTarget {
    private static final List<SourceKind> SOURCES = List.of(SourceKind.values());
    private static final int MOST_SAMPLES = 3;
    private static final int LONGEST_LINE = 2_048;
    private static final ServiceMap NO_MAP = new ServiceMap(List.of());

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (SourceKind source : SOURCES) {
            List<String> lines = Seeds.lines(source);
            for (int from = 0; from < lines.size(); from += 3) {
                String three = String.join("\n", lines.subList(from, Math.min(lines.size(), from + 3)));
                seeds.add(Seeds.seed(three + "\n", SOURCES.indexOf(source), from));
            }
        }
        return seeds;
    }

    @Override
    public void check(byte[] input) {
        if (input.length < 2) {
            return;
        }
        SourceKind source = Seeds.choice(SOURCES, input[0]);
        byte[] lines = Arrays.copyOfRange(input, 2, input.length);
        LineBatch batch = batch(source, 0, lines);
        BatchReader reader = new BatchReader();
        BatchResult whole = reader.read(batch, null, null, NO_MAP);
        checkCounts(whole, lines);
        checkBounds(whole);
        int cut = cut(lines, input[1] & 0xFF);
        BatchResult head = reader.read(batch(source, 0, Arrays.copyOf(lines, cut)), null, null, NO_MAP);
        byte[] rest = Arrays.copyOfRange(lines, cut, lines.length);
        BatchResult tail = reader.read(batch(source, cut, rest), null, null, NO_MAP);
        same("saying", whole.saying(), head.saying() + tail.saying());
        same("ordinary", whole.ordinary(), head.ordinary() + tail.ordinary());
        same("not understood", whole.notUnderstood(), head.notUnderstood() + tail.notUnderstood());
        BatchResult again = reader.read(batch, BatchReader.after(null, batch), (FactsHistory) null, NO_MAP);
        checkCounts(again, lines);
        if (source.positionsAreBytes()) {
            same("repeated", lines(lines), again.repeated());
        }
    }

    private static void checkCounts(BatchResult result, byte[] lines) {
        same("lines", lines(lines), result.saying() + result.ordinary() + result.repeated() + result.notUnderstood());
        long requests = result.reports().stream()
                .flatMap(report -> report.tallies().stream())
                .mapToLong(tally -> tally.count())
                .sum();
        if (requests > result.saying()) {
            throw new AssertionError(requests + " requests in " + result.saying() + " lines that say something");
        }
    }

    private static void checkBounds(BatchResult result) {
        boolean fine = result.samples().size() == Math.min(MOST_SAMPLES, result.notUnderstood())
                && result.samples().stream().allMatch(sample -> sample.line().length <= LONGEST_LINE)
                && result.events().stream().allMatch(event -> event.line().length() <= LONGEST_LINE)
                && result.reports().stream()
                        .flatMap(report -> report.sightings().stream())
                        .allMatch(sighting -> sighting.line().length() <= LONGEST_LINE);
        if (!fine) {
            throw new AssertionError("carries too much along: " + result);
        }
    }

    private static void same(String what, long expected, long found) {
        if (expected != found) {
            throw new AssertionError(what + ": expected " + expected + ", found " + found);
        }
    }

    private static int lines(byte[] bytes) {
        int lines = bytes.length > 0 && bytes[bytes.length - 1] != '\n' ? 1 : 0;
        for (byte each : bytes) {
            lines += each == '\n' ? 1 : 0;
        }
        return lines;
    }

    /// Behind one of the newlines, else the beginning.
    private static int cut(byte[] bytes, int wanted) {
        int cut = 0;
        int seen = 0;
        for (int i = 0; i < bytes.length && seen <= wanted; i++) {
            if (bytes[i] == '\n') {
                cut = i + 1;
                seen++;
            }
        }
        return cut;
    }

    private static LineBatch batch(SourceKind source, long start, byte[] lines) {
        return new LineBatch(
                "edge1.lab",
                List.of(),
                source,
                "origin",
                "stream",
                start,
                start + lines.length,
                start,
                ZoneOffset.UTC,
                Lines.READ_AT,
                source == SourceKind.KERNEL ? Lines.BOOTED_AT : null,
                Set.of(),
                null,
                lines);
    }
}
