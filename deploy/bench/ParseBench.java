import com.sun.management.ThreadMXBean;
import dev.gatewatch.analyzer.host.FactsHistory;
import dev.gatewatch.analyzer.read.BatchReader;
import dev.gatewatch.analyzer.read.BatchResult;
import dev.gatewatch.analyzer.service.ServiceMap;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How fast the analyzer reads ordinary traffic, from bytes to counts by service, server and second,
/// beside halog: `-st` counts by status, `-srv` by server. Halog and we take turns; the median of the
/// rounds counts.
///
/// ```
/// ParseBench FOLDER LINES ROUNDS     all of it
/// ParseBench --read KIND FILE        reads the file once and prints what it counted: the whole process
/// measured
/// ```
final class ParseBench {
    private static final Instant READ_AT = Instant.parse("2026-11-22T14:10:00Z");
    private static final int BATCH = 65_536;
    private static final int WARM_UP_ROUNDS = 12;
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final TrafficFile kind;
    private final FactsHistory host;
    private final ServiceMap services;
    private final BatchReader reader = new BatchReader();

    private ParseBench(TrafficFile kind) {
        HostFacts facts = facts(kind);
        this.kind = kind;
        this.host = FactsHistory.of(facts);
        this.services = new ServiceMap(List.of(facts));
    }

    /// What the reader told of some bytes.
    private record Told(long lines, long requests, long notUnderstood) {
        Told plus(BatchResult result) {
            long counted = result.reports().stream()
                    .flatMap(report -> report.tallies().stream())
                    .mapToLong(tally -> tally.count())
                    .sum();
            return new Told(
                    lines + result.saying() + result.ordinary() + result.notUnderstood(),
                    requests + counted,
                    notUnderstood + result.notUnderstood());
        }
    }

    /// @param allocatedPerLine bytes that one line more allocates
    /// @param allocatedPerBatch bytes that a batch of 64 KiB allocates, whatever its lines
    private record Speed(double megabytesPerSecond, double allocatedPerLine, double allocatedPerBatch) {}

    private static HostFacts facts(TrafficFile kind) {
        boolean nginx = kind.source.equals("nginx-access");
        List<HostFacts.Upstream> upstreams = new ArrayList<>();
        List<HostFacts.Route> routes = new ArrayList<>();
        for (String service : TrafficFile.SERVICES) {
            List<HostFacts.Server> servers = new ArrayList<>();
            for (int i = 1; i <= 4; i++) {
                String address = "10.85.1." + i + ":808" + TrafficFile.SERVICES.indexOf(service);
                servers.add(new HostFacts.Server(nginx ? "" : "app" + i, address, !nginx, false));
            }
            upstreams.add(new HostFacts.Upstream(nginx ? service : "be_" + service, false, servers));
            if (nginx) {
                routes.add(new HostFacts.Route("shop", "", "/api/" + service + "/", service));
            }
        }
        String format = kind == TrafficFile.TIMED ? TrafficFile.TIMED_FORMAT : "combined";
        List<HostFacts.AccessLog> logs =
                nginx ? List.of(new HostFacts.AccessLog("/log", format, "default")) : List.of();
        HostFacts.ProxyFacts proxy = new HostFacts.ProxyFacts(
                nginx ? "nginx" : "haproxy", "proxy.service", "hash", READ_AT, null, upstreams, routes, logs);
        return new HostFacts(
                "lb1",
                READ_AT,
                List.of(),
                READ_AT,
                ZoneOffset.UTC,
                true,
                List.of(),
                List.of(),
                List.of(proxy),
                List.of());
    }

    private LineBatch batch(byte[] lines, long start) {
        return new LineBatch(
                "lb1",
                List.of(),
                SourceKind.ofId(kind.source).orElseThrow(),
                "/log",
                "stream",
                start,
                start + lines.length,
                start,
                ZoneOffset.UTC,
                READ_AT,
                null,
                Set.of(),
                null,
                lines);
    }

    private List<LineBatch> batches(byte[] bytes) {
        List<LineBatch> batches = new ArrayList<>();
        for (int from = 0, to; from < bytes.length; from = to) {
            to = Math.min(bytes.length, from + BATCH);
            while (bytes[to - 1] != '\n') {
                to--;
            }
            batches.add(batch(Arrays.copyOfRange(bytes, from, to), from));
        }
        return batches;
    }

    private Told read(List<LineBatch> batches) {
        Told told = new Told(0, 0, 0);
        for (LineBatch batch : batches) {
            told = told.plus(reader.read(batch, null, host, services));
        }
        return told;
    }

    private void readOnce(Path file) throws IOException {
        byte[] buffer = new byte[BATCH];
        int kept = 0;
        long start = 0;
        Told told = new Told(0, 0, 0);
        try (InputStream in = Files.newInputStream(file)) {
            for (int n; (n = in.read(buffer, kept, BATCH - kept)) > 0; ) {
                int end = kept + n;
                int to = end;
                while (buffer[to - 1] != '\n') {
                    to--;
                }
                told = told.plus(reader.read(batch(Arrays.copyOf(buffer, to), start), null, host, services));
                start += to;
                System.arraycopy(buffer, to, buffer, 0, end - to);
                kept = end - to;
            }
        }
        System.out.println(told);
    }

    private Speed steady(List<LineBatch> batches, long bytes) {
        long cpu = THREAD.getCurrentThreadCpuTime();
        Told told = read(batches);
        long spent = THREAD.getCurrentThreadCpuTime() - cpu;
        if (told.requests != told.lines || told.notUnderstood > 0) {
            throw new IllegalStateException("not all lines were counted: " + told);
        }
        LineBatch once = batches.getFirst();
        long lines = reader.read(once, null, host, services).saying();
        byte[] twice = Arrays.copyOf(once.lines(), once.lines().length * 2);
        System.arraycopy(once.lines(), 0, twice, once.lines().length, once.lines().length);
        long ofOnce = allocated(once);
        long ofTwice = allocated(batch(twice, 0));
        return new Speed(bytes / 1e6 / (spent / 1e9), (ofTwice - ofOnce) / (double) lines, ofOnce);
    }

    /// The least of some tries: now and then the compiler's own work falls into one.
    private long allocated(LineBatch batch) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 50; i++) {
            long before = THREAD.getCurrentThreadAllocatedBytes();
            reader.read(batch, null, host, services);
            least = Math.min(least, THREAD.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    /// CPU-seconds of a process, user and system.
    private static double cpuSeconds(String... command) throws IOException, InterruptedException {
        List<String> timed =
                new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='%U %S'; time \"$0\" \"$@\" >/dev/null"));
        timed.addAll(List.of(command));
        Process process = new ProcessBuilder(timed)
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        String[] lines =
                new String(process.getErrorStream().readAllBytes()).strip().split("\n");
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + String.join("\n", lines));
        }
        String[] times = lines[lines.length - 1].strip().split(" ");
        return Double.parseDouble(times[0]) + Double.parseDouble(times[1]);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }

    private static String[] self(TrafficFile kind, Path file) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new String[] {
            java,
            "-XX:+UseSerialGC",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            "ParseBench",
            "--read",
            kind.name(),
            file.toString()
        };
    }

    public static void main(String[] args) throws Exception {
        if (args[0].equals("--read")) {
            new ParseBench(TrafficFile.valueOf(args[1])).readOnce(Path.of(args[2]));
            return;
        }
        Path folder = Files.createDirectories(Path.of(args[0]));
        int lines = Integer.parseInt(args[1]);
        int rounds = Integer.parseInt(args[2]);
        run(folder, lines, rounds);
    }

    private static void run(Path folder, int lines, int rounds) throws IOException, InterruptedException {
        Map<TrafficFile, Path> files = new EnumMap<>(TrafficFile.class);
        Map<TrafficFile, ParseBench> benches = new EnumMap<>(TrafficFile.class);
        Map<TrafficFile, List<LineBatch>> batches = new EnumMap<>(TrafficFile.class);
        for (TrafficFile kind : TrafficFile.values()) {
            System.err.println("writing " + lines + " lines of " + kind);
            files.put(kind, kind.write(folder, lines, 1_000));
            benches.put(kind, new ParseBench(kind));
            byte[] part = new byte[48 << 20]; // what fits well into memory is enough for the steady state
            try (InputStream in = Files.newInputStream(files.get(kind))) {
                int n = in.readNBytes(part, 0, part.length);
                while (part[n - 1] != '\n') {
                    n--;
                }
                batches.put(kind, benches.get(kind).batches(Arrays.copyOf(part, n)));
            }
        }
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            for (TrafficFile kind : TrafficFile.values()) {
                benches.get(kind).read(batches.get(kind));
            }
        }
        Map<String, List<Double>> figures = new java.util.LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            System.err.println("round " + round + " of " + rounds);
            Path haproxy = files.get(TrafficFile.HAPROXY);
            double megabytes = Files.size(haproxy) / 1e6;
            for (String option : List.of("-st", "-srv")) {
                add(
                        figures,
                        "halog " + option,
                        megabytes / cpuSeconds("bash", "-c", "halog " + option + " < \"$0\"", haproxy.toString()));
            }
            for (TrafficFile kind : TrafficFile.values()) {
                List<LineBatch> read = batches.get(kind);
                long bytes = read.stream().mapToLong(b -> b.lines().length).sum();
                Speed speed = benches.get(kind).steady(read, bytes);
                add(figures, "steady " + kind, speed.megabytesPerSecond);
                add(figures, "per line " + kind, speed.allocatedPerLine);
                add(figures, "per batch " + kind, speed.allocatedPerBatch);
            }
            for (TrafficFile kind : TrafficFile.values()) {
                double size = Files.size(files.get(kind)) / 1e6;
                add(figures, "process " + kind, size / cpuSeconds(self(kind, files.get(kind))));
            }
        }
        print(figures);
    }

    private static void add(Map<String, List<Double>> figures, String name, double value) {
        figures.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }

    private static void print(Map<String, List<Double>> figures) {
        double st = median(figures.get("halog -st"));
        double srv = median(figures.get("halog -srv"));
        double own = median(figures.get("steady HAPROXY"));
        System.out.printf(
                "%-34s %8s %10s %10s %12s %12s%n",
                "", "MB/CPU-s", "/halog -st", "/halog -srv", "/our HAProxy", "B/line more");
        System.out.printf("%-34s %8.0f%n", "halog -st", st);
        System.out.printf("%-34s %8.0f%n", "halog -srv", srv);
        for (TrafficFile kind : TrafficFile.values()) {
            double speed = median(figures.get("steady " + kind));
            System.out.printf(
                    "%-34s %8.0f %10.2f %10.2f %12.2f %12.2f%n",
                    "steady state, " + kind,
                    speed,
                    speed / st,
                    speed / srv,
                    speed / own,
                    median(figures.get("per line " + kind)));
        }
        for (TrafficFile kind : TrafficFile.values()) {
            double speed = median(figures.get("process " + kind));
            System.out.printf("%-34s %8.0f %10.2f %10.2f%n", "whole process, " + kind, speed, speed / st, speed / srv);
        }
        for (TrafficFile kind : TrafficFile.values()) {
            System.out.printf(
                    "%s: a batch of 64 KiB allocates %.0f bytes%n", kind, median(figures.get("per batch " + kind)));
        }
    }
}
