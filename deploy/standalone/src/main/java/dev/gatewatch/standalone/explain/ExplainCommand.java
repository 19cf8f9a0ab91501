package dev.gatewatch.standalone.explain;

import dev.gatewatch.analyzer.explain.Explainer;
import dev.gatewatch.analyzer.explain.LineSource;
import dev.gatewatch.analyzer.explain.SignalCatalogue;
import dev.gatewatch.program.Failure;
import dev.gatewatch.program.Output;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/// `explain [FILE]...`: prints what log lines mean.
public final class ExplainCommand {
    private static final int BUFFER = 1 << 16;

    private static final String USAGE = """
            usage: gatewatch explain [--json] [--source KIND] [FILE]...
                   gatewatch explain --corpus FILE

            Reads log lines, from standard input if no file is named, and prints each that says something about a gateway:
            what it is called, what it gives, what it means, and which causes it speaks for (see gatewatch causes).
            How many lines were understood stands on standard error at the end.

              --source KIND   where the lines come from, for lines that leave it open; one of
                              %s
              --json          an object for each line of the input: source, signal, upstream, errno, status, termination,
                              means, causes; null for what the line does not have
              --corpus FILE   compares lines with what is known of them: {"source": …, "line": …, "expect": {"cause": …}}
                              per line; prints each difference and a table

            A time without a zone is taken for this host's. Of a line longer than 1 MiB the rest is passed over.

            exit status: 0 fine, 1 if reading failed or a corpus differs, 2 for a file that is not there or wrong usage
            """.formatted(LineSource.ids());

    private final InputStream in;
    private final Output out;
    private final PrintStream err;
    private final InstantSource clock;

    public ExplainCommand(InputStream in, Output out, PrintStream err, InstantSource clock) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.clock = clock;
    }

    /// Does what the arguments say; the exit status.
    public int run(List<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(USAGE);
            return 0;
        }
        try {
            ExplainOptions options = ExplainOptions.parse(arguments);
            Optional<String> missing = missing(options);
            if (missing.isPresent()) {
                return complain(2, missing.get());
            }
            return options.corpus() == null ? explain(options) : corpus(Path.of(options.corpus()));
        } catch (IllegalArgumentException e) {
            return complain(2, String.valueOf(e.getMessage()));
        } catch (IOException | UncheckedIOException e) {
            if (out.failure().isPresent()) {
                return 1; // which the command line tells, as of every verb
            }
            return complain(1, out.isUnread() ? "nobody reads standard output any more" : Failure.of(e));
        }
    }

    private int complain(int status, String message) {
        err.println("gatewatch explain: " + message);
        return status;
    }

    private static Optional<String> missing(ExplainOptions options) {
        List<String> files = options.corpus() == null ? options.files() : List.of(options.corpus());
        return files.stream()
                .filter(file -> !file.equals("-"))
                .filter(file -> !Files.exists(Path.of(file)) || Files.isDirectory(Path.of(file)))
                .findFirst()
                .map(file -> file + (Files.exists(Path.of(file)) ? " is a folder" : " does not exist"));
    }

    private int explain(ExplainOptions options) throws IOException {
        OutputStream to = new BufferedOutputStream(out.direct(), BUFFER);
        ExplainedLines lines = options.json() ? new ExplainedJson(to) : new ExplainedText(to);
        ExplainRun run = new ExplainRun(explainer(), options.source(), lines, err);
        for (String file : options.files().isEmpty() ? List.of("-") : options.files()) {
            if (file.equals("-")) {
                run.read("", in);
            } else {
                try (InputStream input = Files.newInputStream(Path.of(file))) {
                    run.read(file, input);
                }
            }
        }
        err.println("gatewatch explain: " + run.summary());
        return 0;
    }

    private int corpus(Path file) throws IOException {
        return new CorpusReport(explainer(), out).print(file) ? 0 : 1;
    }

    private Explainer explainer() {
        Instant now = clock.instant();
        ZoneOffset here = ZoneId.systemDefault().getRules().getOffset(now);
        return new Explainer(SignalCatalogue.read(), here, now);
    }
}
