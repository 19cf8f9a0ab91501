package dev.gatewatch.analyzer.fuzz;

import dev.gatewatch.analyzer.signal.Reading;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.List;

/// What holds of any reading.
final class ReadingProperties {
    /// What is kept of a text that a line gives.
    private static final int LONGEST_TEXT = 512;

    private ReadingProperties() {}

    /// Fails if something does not hold of the reading of a line of so many bytes.
    static void check(Reading reading, int length) {
        switch (reading) {
            case Reading.Says says -> check(says.signal());
            case Reading.Ordinary ignored -> {}
            case Reading.NotUnderstood no -> {
                if (no.column() < 0 || no.column() > length || no.expected().isEmpty()) {
                    throw new AssertionError("of " + length + " bytes: " + no);
                }
            }
        }
    }

    private static void check(Signal signal) {
        if (signal.id().isEmpty()) {
            throw new AssertionError("no id: " + signal);
        }
        for (String text : texts(signal)) {
            if (text.length() > LONGEST_TEXT) {
                throw new AssertionError("keeps " + text.length() + " characters: " + signal);
            }
        }
    }

    private static List<String> texts(Signal signal) {
        return switch (signal) {
            case Signal.Request r -> List.of(r.upstream(), r.server(), r.path(), r.termination());
            case Signal.Trouble t -> List.of(t.upstream(), t.server(), t.name(), t.path());
            case Signal.ServerState s -> List.of(s.upstream(), s.server(), s.reason(), s.info());
            case Signal.ProxyEvent e -> List.of(e.kind(), e.detail());
            case Signal.UnitEvent e -> List.of(e.unit(), e.job(), e.result(), e.exit());
            case Signal.AppEvent e -> List.of(e.unit(), e.detail());
            case Signal.KernelEvent e -> List.of(e.process(), e.cgroup(), e.detail());
            case Signal.Packet p -> List.of(p.prefix(), p.source(), p.destination());
        };
    }
}
