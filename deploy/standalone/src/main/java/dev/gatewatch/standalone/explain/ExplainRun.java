package dev.gatewatch.standalone.explain;

import dev.gatewatch.analyzer.explain.Explainer;
import dev.gatewatch.analyzer.explain.Explanation;
import dev.gatewatch.analyzer.explain.LineSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/// Explains the lines of files, and counts them.
final class ExplainRun {
    private static final int LONGEST_LINE = 1 << 20;

    private final Explainer explainer;
    private final @Nullable LineSource source;
    private final ExplainedLines lines;
    private final PrintStream err;
    private long saying;
    private long ordinary;
    private long notUnderstood;

    /// @param source where the lines come from, null to guess
    ExplainRun(Explainer explainer, @Nullable LineSource source, ExplainedLines lines, PrintStream err) {
        this.explainer = explainer;
        this.source = source;
        this.lines = lines;
        this.err = err;
    }

    /// @param name of the file, empty for standard input
    void read(String name, InputStream input) throws IOException {
        explainer.startOver();
        LineInput file = new LineInput(input, LONGEST_LINE, lines);
        for (long number = 1; file.next(); number++) {
            String place = name.isEmpty() ? "" : name + ":" + number + ": ";
            if (file.isCut()) {
                err.println("gatewatch explain: line " + number + (name.isEmpty() ? "" : " of " + Printable.of(name))
                        + " has " + file.wholeLength() + " bytes, what follows the first " + LONGEST_LINE
                        + " is passed over");
            }
            Explanation explanation = explainer.explain(source, file.bytes(), 0, file.length());
            count(explanation.outcome());
            lines.write(place, file.bytes(), file.length(), explanation);
        }
    }

    private void count(Explanation.Outcome outcome) {
        switch (outcome) {
            case SAYS -> saying++;
            case ORDINARY -> ordinary++;
            case NOT_UNDERSTOOD -> notUnderstood++;
        }
    }

    String summary() {
        return "%d lines read: %d say something, %d are ordinary, %d were not understood"
                .formatted(saying + ordinary + notUnderstood, saying, ordinary, notUnderstood);
    }
}
