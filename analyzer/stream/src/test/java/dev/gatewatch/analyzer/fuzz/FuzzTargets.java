package dev.gatewatch.analyzer.fuzz;

import dev.gatewatch.analyzer.grammar.Cursor;
import dev.gatewatch.analyzer.signal.SignalReader;
import dev.gatewatch.wire.SourceKind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// All that is fuzzed: the grammar of each source, and what is built on them.
final class FuzzTargets {
    private FuzzTargets() {}

    /// By their names.
    static Map<String, Supplier<FuzzTarget>> all() {
        Map<String, Supplier<FuzzTarget>> targets = new LinkedHashMap<>();
        for (SourceKind source : SourceKind.values()) {
            targets.put(
                    source.id(),
                    () -> new LineTarget(Seeds.contexts(source), () -> Seeds.lines(source), SignalReader::read));
        }
        targets.put("journald-text", FuzzTargets::journalText);
        targets.put("nginx-log-format", Formats::nginx);
        targets.put("haproxy-log-format", Formats::haproxy);
        targets.put("batch", BatchTarget::new);
        targets.put("traffic", TrafficTarget::new);
        targets.put("explain", ExplainTarget::new);
        targets.put("long-line", LongLineTarget::new);
        return targets;
    }

    private static FuzzTarget journalText() {
        return new LineTarget(
                Seeds.contexts(SourceKind.JOURNALD),
                () -> Seeds.corpus("journald-text"),
                (reader, context, line, from, to) -> reader.readText(context, new Cursor(line, from, to)));
    }

    static FuzzTarget named(String name) {
        Supplier<FuzzTarget> target = all().get(name);
        if (target == null) {
            throw new IllegalArgumentException(
                    "fuzz target " + name + " (expected: " + String.join(", ", all().keySet()) + ")");
        }
        return target.get();
    }
}
