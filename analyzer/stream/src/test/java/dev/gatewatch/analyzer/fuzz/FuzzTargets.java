package dev.gatewatch.analyzer.fuzz;

import dev.gatewatch.analyzer.grammar.Cursor;
import dev.gatewatch.analyzer.signal.SignalReader;
import dev.gatewatch.wire.SourceKind;
import java.util.ArrayList;
import java.util.List;

/// All that is fuzzed: the grammar of each source, and what is built on them.
final class FuzzTargets {
    private FuzzTargets() {}

    static List<FuzzTarget> all() {
        List<FuzzTarget> targets = new ArrayList<>();
        for (SourceKind source : SourceKind.values()) {
            targets.add(new LineTarget(source.id(), Seeds.contexts(source), Seeds.lines(source), SignalReader::read));
        }
        targets.add(new LineTarget(
                "journald-text",
                Seeds.contexts(SourceKind.JOURNALD),
                Seeds.corpus("journald-text"),
                (reader, context, line, from, to) -> reader.readText(context, new Cursor(line, from, to))));
        targets.add(new BatchTarget());
        targets.add(new TrafficTarget());
        targets.add(Formats.nginx());
        targets.add(Formats.haproxy());
        targets.add(new ExplainTarget());
        targets.add(new LongLineTarget());
        return targets;
    }

    static FuzzTarget named(String name) {
        return all().stream()
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no fuzz target " + name));
    }
}
