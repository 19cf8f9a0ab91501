import dev.gatewatch.standalone.recording.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Whether killing analyzers changes what they find, and how long it stops them.
///
/// ```
/// KillBench FOLDER KILLS SEED RECORDING…
/// ```
/// Recordings take turns until as many kills were made as asked for.
final class KillBench {
    private static final int KILLS_PER_RUN = 3;
    private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

    private final Path folder;
    private final List<Duration> stops = new ArrayList<>();
    private boolean alike = true;

    private KillBench(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        List<Path> recordings =
                Arrays.stream(args).skip(3).map(Path::of).sorted().toList();
        boolean fine = new KillBench(Path.of(args[0]))
                .run(Integer.parseInt(args[1]), new Random(Long.parseLong(args[2])), recordings);
        System.exit(fine ? 0 : 1);
    }

    private boolean run(int kills, Random random, List<Path> recordings) throws Exception {
        List<KillOutcome> undisturbed = new ArrayList<>();
        for (int done = 0, turn = 0; done < kills; done += KILLS_PER_RUN, turn++) {
            Path recording = recordings.get(turn % recordings.size());
            if (turn < recordings.size()) {
                undisturbed.add(feed(recording, turn + "-undisturbed", List.of()));
                System.out.printf(
                        "%-32s undisturbed: %s%n",
                        recording.getFileName(), undisturbed.getLast().told());
            }
            compare(recording, turn, moments(random, recording, Math.min(KILLS_PER_RUN, kills - done)), undisturbed);
        }
        Collections.sort(stops);
        Duration median = stops.get(stops.size() / 2);
        System.out.printf(
                "%d kills, incidents %s; the flow stood still for %.1f s in the median, %.1f s at most%n",
                stops.size(),
                alike ? "alike" : "NOT alike",
                median.toMillis() / 1e3,
                stops.getLast().toMillis() / 1e3);
        return alike && median.compareTo(LONGEST_STOP) <= 0;
    }

    /// When to kill, from the beginning of the recording on, in order; neither in its first eighth nor in its
    /// last.
    private static List<Duration> moments(Random random, Path recording, int count) throws IOException {
        long millis = Recording.read(recording).length().toMillis();
        return random.longs(count, millis / 8, millis * 7 / 8)
                .sorted()
                .mapToObj(Duration::ofMillis)
                .toList();
    }

    private void compare(Path recording, int turn, List<Duration> moments, List<KillOutcome> undisturbed)
            throws Exception {
        KillOutcome killed = feed(recording, turn + "-killed", moments);
        stops.addAll(killed.stops());
        List<String> differences = killed.differencesFrom(undisturbed.get(turn % undisturbed.size()));
        alike &= differences.isEmpty();
        System.out.printf(
                "%-32s killed after %s s: %s, stood still for %s s%n",
                recording.getFileName(),
                seconds(moments),
                differences.isEmpty() ? "alike" : "DIFFERS " + differences,
                seconds(killed.stops()));
    }

    private KillOutcome feed(Path recording, String name, List<Duration> moments) throws Exception {
        Path scratch = Files.createDirectories(folder.resolve(name));
        try (KillStage stage = KillStage.open(scratch)) {
            return stage.feed(Recording.read(recording), moments);
        }
    }

    private static String seconds(List<Duration> durations) {
        return String.join(
                " ",
                durations.stream()
                        .map(d -> "%.1f".formatted(d.toMillis() / 1e3))
                        .toList());
    }
}
