package dev.gatewatch.alerts.alertmanager;

import static dev.gatewatch.alerts.Incidents.anIncident;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewatch.alerts.Await;
import dev.gatewatch.alerts.board.Board;
import dev.gatewatch.alerts.board.Change;
import dev.gatewatch.alerts.board.Retention;
import dev.gatewatch.alerts.events.AlertsEvents;
import dev.gatewatch.incident.Incident;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
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
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole life of an alert in a real Alertmanager (Debian's `prometheus-alertmanager`), which is restarted
/// in between. `-Dgatewatch.alertmanager=skip` leaves the test out; any other value is the program to start.
class AlertmanagerIT {
    private static final String PROGRAM = System.getProperty("gatewatch.alertmanager", "prometheus-alertmanager");

    private final ObjectMapper mapper = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final Board board = new Board(new Retention(Duration.ofDays(1), 100), InstantSource.system());

    @TempDir
    private Path dir;

    private int port;
    private Process process;
    private Alertmanagers alertmanagers;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeFalse(PROGRAM.equals("skip"), "left out by -Dgatewatch.alertmanager=skip");
        port = freePort();
        process = alertmanager();
        SendingConfig sending = new SendingConfig(Duration.ofSeconds(1), Duration.ofMinutes(15), "critical");
        Alertmanagers.Settings settings = new Alertmanagers.Settings(
                List.of(new AlertmanagerConfig(url(""), null, null, null, Duration.ofSeconds(5))),
                sending,
                "it",
                URI.create("http://127.0.0.1:9095"),
                null);
        alertmanagers = Alertmanagers.start(
                settings, board, new AlertsEvents(new SimpleMeterRegistry()), InstantSource.system(), null);
        board.complete();
    }

    @AfterEach
    void stop() throws Exception {
        if (alertmanagers != null) {
            alertmanagers.close();
        }
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
        client.close();
    }

    @Test
    void anAlertFiresIsRevisedSurvivesARestartAndIsResolved() throws Exception {
        revise(anIncident().cause("unknown", null).startedAt(start).build());
        Await.until("it fires", () -> active().size() == 1);
        String fingerprint = active().get(0).get("fingerprint").asText();
        assertThat(Instant.parse(active().get(0).get("startsAt").asText())).isEqualTo(start);

        revise(anIncident()
                .revision(2)
                .startedAt(start)
                .proxies(new Incident.Proxy("edge2.lab", "haproxy"))
                .build());
        Await.until("it is revised", () -> cause().equals("backend_down"));
        assertThat(active()).hasSize(1);
        assertThat(active().get(0).get("fingerprint").asText()).isEqualTo(fingerprint);

        process.destroy();
        process.waitFor();
        process = alertmanager();
        Await.until("it fires again after the restart", () -> active().size() == 1);
        assertThat(active().get(0).get("fingerprint").asText()).isEqualTo(fingerprint);

        revise(anIncident()
                .revision(3)
                .startedAt(start)
                .resolvedAt(Instant.now())
                .build());
        Await.until("it is resolved", () -> active().isEmpty());
    }

    private String cause() throws Exception {
        return active().isEmpty()
                ? ""
                : active().get(0).get("annotations").get("cause").asText();
    }

    private JsonNode active() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(url("/api/v2/alerts?active=true"))
                .timeout(Duration.ofSeconds(5))
                .build();
        return mapper.readTree(
                client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private Process alertmanager() throws IOException {
        Path config = Files.writeString(
                dir.resolve("alertmanager.yml"), "route: {receiver: none}\nreceivers: [{name: none}]\n");
        List<String> command = List.of(
                PROGRAM,
                "--config.file=" + config,
                "--storage.path=" + dir.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--cluster.listen-address=");
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(dir.resolve("alertmanager.log").toFile())
                    .start();
        } catch (IOException e) {
            throw new AssertionError(
                    PROGRAM
                            + " cannot be started. Install it (Debian: apt-get install prometheus-alertmanager), name it with"
                            + " -Dgatewatch.alertmanager=PROGRAM, or leave this test out with -Dgatewatch.alertmanager=skip.",
                    e);
        }
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void revise(Incident incident) {
        board.apply(List.of(new Change.Revised(incident)));
    }
}
