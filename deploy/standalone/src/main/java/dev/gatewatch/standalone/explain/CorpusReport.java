package dev.gatewatch.standalone.explain;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.gatewatch.analyzer.explain.CorpusSample;
import dev.gatewatch.analyzer.explain.CorpusScore;
import dev.gatewatch.analyzer.explain.Explainer;
import dev.gatewatch.analyzer.explain.Explanation;
import dev.gatewatch.analyzer.explain.LineSource;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// `--corpus FILE`: lines of which it is known what they say, against what is read from them.
final class CorpusReport {
    private static final String ROW = "%-15s %6s %6s %6s   %12s %12s %12s   %10s%n";

    private final Explainer explainer;
    private final PrintStream out;
    private final ObjectReader json = new ObjectMapper().reader();
    private final Map<String, CorpusScore> scores = new TreeMap<>();

    CorpusReport(Explainer explainer, PrintStream out) {
        this.explainer = explainer;
        this.out = out;
    }

    /// Prints each difference and a table; whether nothing differs.
    ///
    /// @throws IllegalArgumentException if the file is no corpus; names the line
    boolean print(Path file) throws IOException {
        String[] lines = new String(Files.readAllBytes(file), UTF_8).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (!lines[i].isBlank()) {
                judge(file, i + 1, lines[i]);
            }
        }
        return table();
    }

    private void judge(Path file, int number, String text) {
        try {
            judge(number, CorpusSample.parse(json, text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ":" + number + ": " + e.getMessage(), e);
        }
    }

    private void judge(int number, CorpusSample sample) {
        Optional<LineSource> source = LineSource.ofId(sample.source());
        if (source.isEmpty()) {
            out.println(head(number, sample) + "not judged, there is no such source");
            scores.merge(sample.source(), CorpusScore.NOT_JUDGED, CorpusScore::plus);
            return;
        }
        byte[] bytes = sample.bytes();
        explainer.startOver(); // the lines of a corpus do not belong together
        Explanation found = explainer.explain(source.get(), bytes, 0, bytes.length);
        List<CorpusSample.Difference> differences = sample.differences(found);
        for (CorpusSample.Difference difference : differences) {
            out.println(head(number, sample) + difference.what() + " is " + Printable.of(difference.got()) + ", not "
                    + Printable.of(difference.expected()));
        }
        if (!differences.isEmpty()) {
            out.println("  " + Printable.of(sample.line()));
        }
        scores.merge(sample.source(), CorpusScore.of(sample, found, differences), CorpusScore::plus);
    }

    private static String head(int number, CorpusSample sample) {
        return number + " " + Printable.of(sample.source()) + (sample.marked() ? " (marked)" : "") + ": ";
    }

    private boolean table() {
        out.printf(
                ROW,
                "source",
                "lines",
                "right",
                "wrong",
                "marked right",
                "marked unread",
                "marked wrong",
                "not judged");
        scores.forEach(this::row);
        CorpusScore all = scores.values().stream().reduce(CorpusScore.NONE, CorpusScore::plus);
        row("all", all);
        return all.isClean();
    }

    private void row(String source, CorpusScore score) {
        out.printf(
                ROW,
                Printable.of(source),
                score.lines(),
                score.right(),
                score.wrong(),
                score.markedRight(),
                score.markedUnread(),
                score.markedWrong(),
                score.notJudged());
    }
}
