package dev.gatewatch.standalone;

import dev.gatewatch.analyzer.AnalyzerConfig;
import dev.gatewatch.analyzer.Pipeline;
import dev.gatewatch.standalone.replay.ReplayCommand;
import java.io.PrintStream;
import java.util.List;
import org.apache.kafka.streams.Topology;

/// The command line: a verb, and what follows it.
final class Gatewatch {
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private final PrintStream out;
    private final PrintStream err;

    Gatewatch(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        int status = new Gatewatch(System.out, System.err).run(List.of(args));
        System.out.flush();
        System.exit(status);
    }

    /// Does what the command line says; the exit status.
    int run(List<String> args) {
        if (args.isEmpty()) {
            err.println("gatewatch: a verb is missing (expected: demo, standalone, replay, agent, analyzer or alerts)");
            return USAGE;
        }
        try {
            return run(args.getFirst(), args.subList(1, args.size()));
        } catch (Exception e) {
            String message = e.getMessage();
            err.println("gatewatch " + args.getFirst() + ": " + (message == null ? e.toString() : message));
            return FAILED;
        }
    }

    private int run(String verb, List<String> args) throws Exception {
        return switch (verb) {
            case "replay" -> new ReplayCommand(Gatewatch::topology, out, err).run(args);
            default -> {
                err.println("gatewatch: there is no '" + verb + "' yet (expected: demo, standalone, replay, agent, analyzer or alerts)");
                yield USAGE;
            }
        };
    }

    private static Topology topology() {
        return new Pipeline(AnalyzerConfig.defaults()).get();
    }
}
