package dev.gatewatch.standalone.evaluate;

import dev.gatewatch.program.Failure;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.streams.Topology;

/// `evaluate DIR`: scores the analyzer on recordings whose truth is known.
public final class EvaluateCommand {
    private static final int WRONG_USAGE = 2;

    private static final String USAGE = """
            usage: gatewatch evaluate DIR [--missing-log SEED | --no-evidence | --skew SEED | --shuffle SEED]

            Replays each recording in DIR, holds its incidents against its truth.json, and prints a line for each, then
            how often the cause was right, how sure one may be of it, and what was reported too much or too late.
            A recording is a folder as replay reads it, with a truth.json.

              --missing-log SEED  takes one log of one host from each recording first, chosen by chance
              --no-evidence       leaves nothing but the access logs of NGINX: right is who says that he does not know
              --skew SEED         puts each host's clock wrong by up to 3 s, chosen by chance
              --shuffle SEED      cuts each stream into other batches and delays it by up to 5 s, chosen by chance

            exit status: 0 also if causes are wrong, 1 if reading failed, 2 if DIR is no folder with recordings
            """;

    private static final Map<String, LongFunction<Disturbance>> SEEDED = Map.of(
            "--missing-log", Disturbance.MissingLog::new,
            "--skew", Disturbance.Skew::new,
            "--shuffle", Disturbance.Shuffle::new);

    private final Supplier<Topology> pipeline;
    private final PrintStream out;
    private final PrintStream err;

    public EvaluateCommand(Supplier<Topology> pipeline, PrintStream out, PrintStream err) {
        this.pipeline = pipeline;
        this.out = out;
        this.err = err;
    }

    /// Does what the arguments say; the exit status.
    public int run(List<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(USAGE);
            return 0;
        }
        Deque<String> rest = new ArrayDeque<>(arguments);
        Disturbance disturbance = new Disturbance.Nothing();
        Path folder = null;
        while (!rest.isEmpty()) {
            String argument = rest.removeFirst();
            Optional<LongFunction<Disturbance>> seeded = Optional.ofNullable(SEEDED.get(argument));
            if (argument.equals("--no-evidence")) {
                disturbance = new Disturbance.NoEvidence();
            } else if (seeded.isPresent() && !rest.isEmpty() && isSeed(rest.getFirst())) {
                disturbance = seeded.get().apply(Long.parseLong(rest.removeFirst()));
            } else if (seeded.isPresent()) {
                return wrongUsage(argument + " needs a SEED"
                        + (rest.isEmpty() ? "" : ", not '" + rest.getFirst() + "' (expected: a whole number)"));
            } else if (folder == null && !argument.isEmpty() && !argument.startsWith("-")) {
                folder = Path.of(argument);
            } else {
                return wrongUsage("unexpected argument '" + argument + "'");
            }
        }
        return folder == null ? wrongUsage("DIR is missing") : evaluate(folder, disturbance);
    }

    private static boolean isSeed(String text) {
        return text.matches("[0-9]{1,18}");
    }

    private int wrongUsage(String what) {
        err.println("gatewatch evaluate: " + what);
        err.print(USAGE);
        return WRONG_USAGE;
    }

    private int evaluate(Path folder, Disturbance disturbance) {
        try {
            if (!Files.isDirectory(folder)) {
                err.println(
                        "gatewatch evaluate: " + folder + (Files.exists(folder) ? " is no folder" : " does not exist"));
                return WRONG_USAGE;
            }
            List<Path> recordings = recordings(folder);
            if (recordings.isEmpty()) {
                err.println("gatewatch evaluate: " + folder + " holds no recordings (expected: folders with a "
                        + Truth.FILE + ")");
                return WRONG_USAGE;
            }
            new Score(new Evaluation(pipeline, disturbance, out, err).judgements(recordings)).print(out);
            return 0;
        } catch (IOException e) {
            err.println("gatewatch evaluate: " + folder + " cannot be evaluated: " + Failure.of(e));
            return 1;
        }
    }

    private static List<Path> recordings(Path folder) throws IOException {
        try (Stream<Path> folders = Files.list(folder)) {
            return folders.filter(f -> Files.isRegularFile(f.resolve(Truth.FILE)))
                    .sorted()
                    .toList();
        }
    }
}
