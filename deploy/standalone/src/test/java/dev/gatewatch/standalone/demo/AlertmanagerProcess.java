package dev.gatewatch.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real Alertmanager, as Debian's package `prometheus-alertmanager` brings it, on a free port.
final class AlertmanagerProcess implements AutoCloseable {
    private static final String PROGRAM = "prometheus-alertmanager";

    private final Process process;
    private final URI url;
    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();

    private AlertmanagerProcess(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    static AlertmanagerProcess start(Path folder) throws IOException, InterruptedException {
        Path config = folder.resolve("alertmanager.yml");
        Files.writeString(config, "route:\n  receiver: nobody\nreceivers:\n  - name: nobody\n");
        int port = freePort();
        Process process = new ProcessBuilder(
                        PROGRAM,
                        "--config.file=" + config,
                        "--storage.path=" + folder.resolve("alertmanager-data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address=")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("alertmanager.log").toFile())
                .start();
        AlertmanagerProcess alertmanager = new AlertmanagerProcess(process, URI.create("http://127.0.0.1:" + port));
        alertmanager.awaitReady();
        return alertmanager;
    }

    URI url() {
        return url;
    }

    /// The alerts that it holds and counts as firing.
    List<JsonNode> firing() throws IOException, InterruptedException {
        List<JsonNode> alerts = new ArrayList<>();
        get("/api/v2/alerts?active=true").forEach(alerts::add);
        return alerts;
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(url.resolve(path))
                .timeout(Duration.ofSeconds(5))
                .build();
        return json.readTree(
                http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body());
    }

    private void awaitReady() throws IOException, InterruptedException {
        for (int tries = 0; tries < 150; tries++) {
            if (!process.isAlive()) {
                throw new IOException(PROGRAM + " ended with status " + process.exitValue());
            }
            try {
                get("/api/v2/status");
                return;
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
        throw new IOException(PROGRAM + " does not answer on " + url);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
