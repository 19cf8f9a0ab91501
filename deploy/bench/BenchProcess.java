import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A Java program in a process of its own, with its metrics.
final class BenchProcess implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final int metricsPort;
    private final HttpClient client = HttpClient.newHttpClient();

    /// A line of `/metrics`.
    ///
    /// @param series name and labels
    record Sample(String series, double value) {
        /// The value of one of its labels, empty if it has none of that name.
        String label(String name) {
            int at = series.indexOf(name + "=\"");
            int from = at + name.length() + 2;
            return at < 0 ? "" : series.substring(from, series.indexOf('"', from));
        }
    }

    private BenchProcess(Process process, Path log, int metricsPort) {
        this.process = process;
        this.log = log;
        this.metricsPort = metricsPort;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly)); // also when interrupted
    }

    /// Starts a program of this class path.
    ///
    /// @param flags of the JVM
    /// @param command main class and its arguments
    static BenchProcess start(Path log, int metricsPort, List<String> flags, List<String> command) throws IOException {
        List<String> all = new ArrayList<>();
        all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        all.add("--enable-native-access=ALL-UNNAMED");
        all.add("--sun-misc-unsafe-memory-access=allow");
        all.addAll(flags);
        all.addAll(List.of("-cp", System.getProperty("java.class.path")));
        all.addAll(command);
        Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()))
                .start();
        return new BenchProcess(process, log, metricsPort);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// CPU time of all its threads so far.
    Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    long pid() {
        return process.pid();
    }

    /// Resident memory in bytes.
    long resident() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        return 0;
    }

    void awaitReady(Duration patience) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(patience);
        while (!answers("/health/ready")) {
            if (Instant.now().isAfter(end) || !process.isAlive()) {
                throw new IOException("it does not run: see " + log);
            }
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    private boolean answers(String path) throws InterruptedException {
        try {
            return get(path).statusCode() == 200;
        } catch (IOException e) {
            return false; // it does not listen yet
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metricsPort + path))
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /// The samples of a metric.
    List<Sample> metric(String name) throws IOException, InterruptedException {
        return metrics(series -> series.equals(name) || series.startsWith(name + "{"));
    }

    /// The sum over all samples of a metric, 0 if there is none.
    double sum(String name) throws IOException, InterruptedException {
        return metric(name).stream().mapToDouble(Sample::value).sum();
    }

    private List<Sample> metrics(Predicate<String> wanted) throws IOException, InterruptedException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> !line.startsWith("#") && line.lastIndexOf(' ') > 0)
                .filter(line -> wanted.test(line.substring(0, line.lastIndexOf(' '))))
                .map(line -> new Sample(
                        line.substring(0, line.lastIndexOf(' ')),
                        Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))))
                .toList();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
        client.close();
    }
}
