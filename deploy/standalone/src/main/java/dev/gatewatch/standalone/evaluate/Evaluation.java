package dev.gatewatch.standalone.evaluate;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.program.Failure;
import dev.gatewatch.standalone.recording.Recording;
import dev.gatewatch.standalone.replay.Replay;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.kafka.streams.Topology;

/// Replays recordings, as many at once as there are processors, and judges each.
record Evaluation(Supplier<Topology> pipeline, Disturbance disturbance, PrintStream out, PrintStream err) {

    /// The judgements in the order of the recordings; prints a line for each as it comes.
    List<Judgement> judgements(List<Path> recordings) throws IOException {
        List<Judgement> judgements = new ArrayList<>();
        try (ExecutorService workers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<CompletableFuture<Judgement>> running = recordings.stream()
                    .map(folder -> CompletableFuture.supplyAsync(() -> judge(folder), workers))
                    .toList();
            for (int i = 0; i < recordings.size(); i++) {
                judgements.add(running.get(i).join());
                out.printf(
                        "%-40s %s%n",
                        name(recordings.get(i)), judgements.getLast().told());
            }
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException io) {
                throw io.getCause();
            }
            throw e;
        }
        return judgements;
    }

    private Judgement judge(Path folder) {
        try {
            Truth truth = Truth.read(folder);
            Recording recording = disturbance.read(folder);
            recording.damage().forEach(what -> err.println("gatewatch evaluate: " + what));
            List<Incident> incidents = Replay.last(new Replay(pipeline).revisions(recording)).stream()
                    .map(Replay.Revision::incident)
                    .toList();
            return Judgement.of(truth, incidents);
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException(folder + ": " + Failure.of(e), e));
        }
    }

    private static String name(Path folder) {
        return folder.getFileName().toString();
    }
}
