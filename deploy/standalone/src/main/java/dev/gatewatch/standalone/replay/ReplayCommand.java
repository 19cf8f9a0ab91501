package dev.gatewatch.standalone.replay;

import dev.gatewatch.program.Failure;
import dev.gatewatch.standalone.recording.Recording;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.streams.Topology;

/// `replay DIR [--revisions]`: prints the incidents of a recording as JSON lines.
public final class ReplayCommand {
    private static final String USAGE = """
            usage: gatewatch replay DIR [--revisions]

            Reads a recording and prints its incidents, the last revision of each, as JSON lines on standard output.
            DIR holds a folder per host (or is one): nginx/access.log, nginx/error.log, haproxy.log, journal.json
            (journalctl -o json --all), kmsg.log, inventory.jsonl, conf/, meta.json. Any of them may be missing.

              --revisions   print every revision, in the order in which they came

            exit status: 0 also without an incident, 1 if reading failed, 2 if DIR is no folder
            """;

    private final Supplier<Topology> pipeline;
    private final PrintStream out;
    private final PrintStream err;

    public ReplayCommand(Supplier<Topology> pipeline, PrintStream out, PrintStream err) {
        this.pipeline = pipeline;
        this.out = out;
        this.err = err;
    }

    /// Does what the arguments say; the exit status.
    public int run(List<String> arguments) {
        List<String> rest = new ArrayList<>(arguments);
        if (rest.contains("--help") || rest.contains("-h")) {
            out.print(USAGE);
            return 0;
        }
        boolean all = rest.remove("--revisions");
        Optional<String> option =
                rest.stream().filter(word -> word.startsWith("-")).findFirst();
        if (option.isPresent() || rest.size() > 1) {
            return wrongUsage("unexpected argument '" + option.orElseGet(rest::getLast) + "'");
        }
        if (rest.isEmpty()) {
            return wrongUsage("DIR is missing");
        }
        Path folder = Path.of(rest.getFirst());
        if (!Files.isDirectory(folder)) {
            err.println("gatewatch replay: " + folder + (Files.exists(folder) ? " is no folder" : " does not exist"));
            return 2;
        }
        try {
            replay(folder, all);
            return 0;
        } catch (IOException e) {
            err.println("gatewatch replay: " + folder + " cannot be replayed: " + Failure.of(e));
            return 1;
        }
    }

    private int wrongUsage(String what) {
        err.println("gatewatch replay: " + what);
        err.print(USAGE);
        return 2;
    }

    private void replay(Path folder, boolean all) throws IOException {
        Recording recording = Recording.read(folder);
        recording.damage().forEach(what -> err.println("gatewatch replay: " + what));
        if (recording.logs() == 0) {
            err.println("gatewatch replay: no log files found in " + folder);
            return;
        }
        List<Replay.Revision> revisions = new Replay(pipeline).revisions(recording);
        for (Replay.Revision revision : all ? revisions : Replay.last(revisions)) {
            out.write(revision.json(), 0, revision.json().length);
            out.write('\n');
        }
    }
}
