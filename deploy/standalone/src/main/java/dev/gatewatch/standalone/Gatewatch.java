package dev.gatewatch.standalone;

import dev.gatewatch.agent.AgentMain;
import dev.gatewatch.alerts.AlertsMain;
import dev.gatewatch.analyzer.Analyzer;
import dev.gatewatch.analyzer.AnalyzerEvents;
import dev.gatewatch.analyzer.Pipeline;
import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.analyzer.report.Handbook;
import dev.gatewatch.program.Failure;
import dev.gatewatch.program.Output;
import dev.gatewatch.standalone.demo.DemoCommand;
import dev.gatewatch.standalone.evaluate.EvaluateCommand;
import dev.gatewatch.standalone.explain.ExplainCommand;
import dev.gatewatch.standalone.host.StandaloneCommand;
import dev.gatewatch.standalone.replay.ReplayCommand;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.streams.Topology;

/// The command line: a verb, and what follows it.
final class Gatewatch {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final String VERBS =
            "demo, standalone, replay, explain, evaluate, causes, agent, analyzer or alerts";

    private final Output out;
    private final PrintStream err;

    Gatewatch(Output out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    public static void main(String[] args) {
        System.exit(new Gatewatch(Output.standard(), System.err).run(List.of(args)));
    }

    /// Does what the command line says; the exit status.
    int run(List<String> args) {
        if (args.isEmpty()) {
            err.println("gatewatch: a verb is missing (expected: " + VERBS + ")");
            return USAGE;
        }
        String verb = args.getFirst();
        int status;
        try {
            status = run(verb, args.subList(1, args.size()));
        } catch (Exception e) {
            err.println("gatewatch " + verb + ": " + Failure.of(e));
            status = FAILED;
        }
        Optional<IOException> lost = out.failure();
        lost.ifPresent(e -> err.println("gatewatch " + verb + ": standard output cannot be written: " + Failure.of(e)));
        return lost.isPresent() ? FAILED : status;
    }

    private int run(String verb, List<String> args) throws Exception {
        return switch (verb) {
            case "demo" -> new DemoCommand(out, err, InstantSource.system()).run(args);
            case "replay" -> new ReplayCommand(Gatewatch::topology, out, err).run(args);
            case "explain" -> new ExplainCommand(System.in, out, err, InstantSource.system()).run(args);
            case "evaluate" -> new EvaluateCommand(Gatewatch::topology, out, err).run(args);
            case "standalone" -> new StandaloneCommand(out, err, InstantSource.system()).run(args);
            case "causes" -> causes(args);
            case "agent" -> program(AgentMain::main, args);
            case "analyzer" -> program(Analyzer::main, args);
            case "alerts" -> program(AlertsMain::main, args);
            default -> {
                err.println("gatewatch: there is no '" + verb + "' yet (expected: " + VERBS + ")");
                yield USAGE;
            }
        };
    }

    /// Runs a program that ends the process itself.
    private static int program(Consumer<String[]> main, List<String> args) {
        main.accept(args.toArray(String[]::new));
        return 0;
    }

    /// `causes [CAUSE[/SUBCAUSE]]`: the handbook.
    private int causes(List<String> args) {
        if (args.contains("--help") || args.contains("-h")) {
            out.println("usage: gatewatch causes [CAUSE[/SUBCAUSE]]");
            out.println(
                    "Prints the handbook of causes, or one cause: what one sees, why, what to do, which commands to run.");
            return 0;
        }
        Handbook handbook = Handbook.read();
        Optional<String> text = args.isEmpty() ? Optional.of(handbook.text()) : handbook.text(args.getFirst());
        if (text.isEmpty() || args.size() > 1) {
            err.println("gatewatch causes: there is no cause '" + String.join(" ", args)
                    + "' (expected: a name such as firewall or firewall/drop; without a name, all are printed)");
            return USAGE;
        }
        out.print(text.get());
        return 0;
    }

    private static Topology topology() {
        return new Pipeline(BurstConfig.DEFAULT, new AnalyzerEvents(new SimpleMeterRegistry())).get();
    }
}
