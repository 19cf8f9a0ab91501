package dev.gatewatch.analyzer.fuzz;

import dev.gatewatch.analyzer.explain.Explainer;
import dev.gatewatch.analyzer.explain.Explanation;
import dev.gatewatch.analyzer.explain.SignalCatalogue;
import dev.gatewatch.analyzer.grammar.ByteSearch;
import dev.gatewatch.analyzer.signal.Lines;
import dev.gatewatch.wire.SourceKind;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// Lines of which nobody says where they come from. Each has an explanation, and each signal a meaning.
final class ExplainTarget implements FuzzTarget {
    private final SignalCatalogue catalogue = SignalCatalogue.read();

    @Override
    public int share() {
        return 20; // where nobody says what a line is, all grammars try
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (SourceKind source : SourceKind.values()) {
            Seeds.lines(source).forEach(line -> seeds.add(Seeds.seed(line)));
        }
        Seeds.corpus("journald-text").forEach(line -> seeds.add(Seeds.seed(line)));
        return seeds;
    }

    @Override
    public void check(byte[] input) {
        Explainer explainer = new Explainer(catalogue, ZoneOffset.UTC, Lines.READ_AT);
        for (int from = 0, to; from < input.length; from = to + 1) {
            int newline = ByteSearch.indexOf(input, (byte) '\n', from, input.length);
            to = newline < 0 ? input.length : newline;
            Explanation found = explainer.explain(null, input, from, to);
            boolean named = found.signal() != null && found.means() != null;
            boolean unknown = found.outcome() == Explanation.Outcome.NOT_UNDERSTOOD && found.signal() != null;
            if (unknown || (found.outcome() == Explanation.Outcome.SAYS && !named)) {
                throw new AssertionError(found);
            }
        }
    }
}
