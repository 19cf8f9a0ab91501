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
import java.util.List;

/// An analyzer in a process of its own, as a service manager would run it.
final class KillAnalyzer {
    static final String APPLICATION = "kill-bench";

    private final Path folder;
    private final Path config;
    private final int admin;
    private Process process;

    private KillAnalyzer(Path folder, Path config, int admin) throws IOException {
        this.folder = folder;
        this.config = config;
        this.admin = admin;
        this.process = launch();
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill)); // also when the bench is interrupted
    }

    static KillAnalyzer start(Path folder, String bootstrapServers) throws IOException {
        Files.createDirectories(folder);
        int admin = freePort();
        Path config = Files.writeString(folder.resolve("analyzer.yaml"), """
                kafka:
                  bootstrap_servers: ["%s"]
                application_id: %s
                instance_id: analyzer-%s
                state_directory: %s
                standby_replicas: 1
                replication_factor: 1
                bursts:
                  quiet: 8s
                  silent: 20s
                admin:
                  listen: 127.0.0.1:%d
                """.formatted(
                        bootstrapServers,
                        APPLICATION,
                        folder.getFileName(),
                        folder.resolve("state").toAbsolutePath(),
                        admin));
        return new KillAnalyzer(folder, config, admin);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Process launch() throws IOException {
        List<String> command =
                List.of(System.getProperty("launcher"), "analyzer", "run", "--config", config.toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    /// SIGKILL.
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    void startAgain() throws IOException {
        process = launch();
    }

    void awaitRunning(Duration patience) throws Exception {
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + "/health/ready"))
                .build();
        Instant end = Instant.now().plus(patience);
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (!isReady(client, ready)) {
                if (Instant.now().isAfter(end) || !process.isAlive()) {
                    throw new IOException("no analyzer runs, see " + folder.resolve("log"));
                }
                Thread.sleep(Duration.ofMillis(100));
            }
        }
    }

    private static boolean isReady(HttpClient client, HttpRequest ready) throws InterruptedException {
        try {
            return client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // it does not listen yet
        }
    }
}
