import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// How fast the analyzer counts lines, beside a Kafka Streams application that only forwards them.
///
/// ```
/// AnalyzerBench FOLDER LINES ROUNDS REQUESTS_PER_SECOND
/// ```
final class AnalyzerBench {
    private static final double WANTED = 3.5;

    /// The JVM compiles for most of these; before, either application reads more slowly.
    private static final int WARM_UP_ROUNDS = 3;

    private static final List<String> APPLICATIONS = List.of(AnalyzerStage.GATEWATCH, AnalyzerStage.FORWARD);

    private final Path folder;
    private final int lines;
    private final int rate;
    private boolean complete = true;

    private AnalyzerBench(Path folder, int lines, int rate) {
        this.folder = folder;
        this.lines = lines;
        this.rate = rate;
    }

    public static void main(String[] args) throws Exception {
        AnalyzerBench bench = new AnalyzerBench(Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[3]));
        int rounds = Integer.parseInt(args[2]);
        System.out.println("instances  round  application       lines/s  CPU-s per million lines");
        double one = bench.run(1, rounds);
        bench.run(2, Math.min(rounds, 2));
        System.out.printf(
                "ratio with one instance, one stream thread: %.2f, %s of %.1f%n",
                one, one >= WANTED ? "not short" : "SHORT", WANTED);
        System.out.printf(
                "%d processors, the broker and the feeding included: with two instances of each the processors are the limit, compare CPU-s%n",
                Runtime.getRuntime().availableProcessors());
        System.exit(one >= WANTED && bench.complete ? 0 : 1);
    }

    /// @return how many times as many lines a second Gatewatch reads, in the median
    private double run(int instances, int rounds) throws Exception {
        List<Integer> parts = new ArrayList<>(Collections.nCopies(WARM_UP_ROUNDS, lines / 2));
        parts.addAll(Collections.nCopies(rounds, lines));
        int all = parts.stream().mapToInt(Integer::intValue).sum();
        Path file = TrafficFile.HAPROXY_FAILING.write(folder, all, rate);
        Map<String, List<AnalyzerStage.Taken>> taken = new HashMap<>();
        try (AnalyzerStage stage =
                AnalyzerStage.open(folder.resolve(instances + "-instances"), file, parts, instances)) {
            for (int part = 0; part < WARM_UP_ROUNDS; part++) {
                for (String application : APPLICATIONS) {
                    stage.read(application, part);
                }
            }
            for (int round = 1; round <= rounds; round++) {
                for (String application : round % 2 == 1 ? APPLICATIONS : APPLICATIONS.reversed()) {
                    AnalyzerStage.Taken one = stage.read(application, WARM_UP_ROUNDS + round - 1);
                    taken.computeIfAbsent(application, name -> new ArrayList<>())
                            .add(one);
                    print(instances, Integer.toString(round), application, linesPerSecond(one), cpuPerMillion(one));
                }
            }
            check("requests counted by " + AnalyzerStage.GATEWATCH, stage.counted(), all);
            check("lines forwarded by " + AnalyzerStage.FORWARD, stage.forwarded(), all);
        }
        List<Double> speeds = new ArrayList<>();
        List<Double> costs = new ArrayList<>();
        for (String application : APPLICATIONS) {
            speeds.add(median(
                    taken.get(application).stream().map(this::linesPerSecond).toList()));
            costs.add(median(
                    taken.get(application).stream().map(this::cpuPerMillion).toList()));
            print(instances, "median", application, speeds.getLast(), costs.getLast());
        }
        System.out.printf(
                "%9d  ratio   %.2f times the lines/s, %.2f times the lines per CPU-second; of single rounds %s%n",
                instances, speeds.getFirst() / speeds.getLast(), costs.getLast() / costs.getFirst(), ratios(taken));
        return speeds.getFirst() / speeds.getLast();
    }

    /// How many times as many lines a second in each round, lowest first: if these differ much, the median tells
    /// little.
    private String ratios(Map<String, List<AnalyzerStage.Taken>> taken) {
        List<AnalyzerStage.Taken> ours = taken.get(AnalyzerStage.GATEWATCH);
        List<AnalyzerStage.Taken> others = taken.get(AnalyzerStage.FORWARD);
        return IntStream.range(0, ours.size())
                .mapToDouble(i -> linesPerSecond(ours.get(i)) / linesPerSecond(others.get(i)))
                .sorted()
                .mapToObj("%.2f"::formatted)
                .collect(Collectors.joining(", "));
    }

    private void check(String what, long is, long wanted) {
        complete &= is == wanted;
        System.out.printf("           %s: %d of %d%s%n", what, is, wanted, is == wanted ? "" : " WRONG");
    }

    private double linesPerSecond(AnalyzerStage.Taken taken) {
        return lines / seconds(taken.time());
    }

    private double cpuPerMillion(AnalyzerStage.Taken taken) {
        return seconds(taken.cpu()) / lines * 1e6;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static void print(int instances, String round, String application, double speed, double cost) {
        System.out.printf("%9d  %-6s  %-15s  %8.0f  %6.2f%n", instances, round, application, speed, cost);
    }
}
