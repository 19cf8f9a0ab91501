package dev.gatewatch.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewatch.alerts.alertmanager.AlertmanagerConfig;
import dev.gatewatch.incident.Incident;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Lines that are being written, through agents, broker, analyzer and alert service, into a real
/// Alertmanager.
class EndToEndIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final BlockingQueue<Incident> revisions = new LinkedBlockingQueue<>();

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void a_process_killed_for_memory_becomes_an_alert_with_its_cause_and_ends() throws Exception {
        try (AlertmanagerProcess alertmanager = AlertmanagerProcess.start(folder);
                Playback playback = new Playback(folder.resolve("site"), InstantSource.system())) {
            String kafka = playback.startBroker();
            playback.startAnalyzer(kafka, Duration.ofSeconds(10));
            InetSocketAddress page = playback.startAlerts(kafka, List.of(target(alertmanager.url())));
            playback.follow(kafka, revisions::add);
            playback.startAgents(kafka);
            Thread player = Thread.ofVirtual().start(() -> play(playback));

            Incident opened = revisions.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(opened).isNotNull();
            assertThat(opened.service()).isEqualTo("orders_api");

            JsonNode alert = await(alertmanager::firing, EndToEndIT::saysMemory).getFirst();
            assertThat(alert.path("labels").path("service").asText()).isEqualTo("orders_api");
            JsonNode texts = alert.path("annotations");
            assertThat(texts.path("cause").asText()).isEqualTo("app_crash");
            assertThat(texts.path("incident_id").asText()).isEqualTo(opened.id());
            assertThat(texts.path("culprit").asText()).contains("app1.lab");
            assertThat(get(page, "/api/v1/incidents")).contains(opened.id());
            assertThat(get(page, "/")).contains("orders_api");

            player.join();
            Incident last = await(this::newest, incident -> incident.state() == Incident.State.RESOLVED);
            assertThat(last.id()).as("one incident").isEqualTo(opened.id());
            assertThat(last.cause() + "/" + last.subCause()).isEqualTo("app_crash/oom_kill");
            assertThat(last.culprit()).isEqualTo(new Incident.Culprit("app1.lab", "orders.service"));
            assertThat(last.verdict()).isEqualTo(Incident.Verdict.CONFIRMED);
            assertThat(last.requests().failed()).containsEntry("502", 118L);
            await(alertmanager::firing, List::isEmpty);
        }
    }

    private static boolean saysMemory(List<JsonNode> alerts) {
        return alerts.size() == 1
                && alerts.getFirst()
                        .path("annotations")
                        .path("sub_cause")
                        .asText()
                        .equals("oom_kill");
    }

    private static AlertmanagerConfig target(URI url) {
        return new AlertmanagerConfig(url, null, null, null, Duration.ofSeconds(10));
    }

    private static void play(Playback playback) {
        try {
            playback.play(2);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Incident newest() throws InterruptedException {
        Incident newest = revisions.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(newest).as("a further revision").isNotNull();
        return newest;
    }

    private static <T> T await(Callable<T> question, java.util.function.Predicate<T> enough) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        T answer = question.call();
        while (!enough.test(answer)) {
            assertThat(System.nanoTime()).as("still " + answer).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(100);
            answer = question.call();
        }
        return answer;
    }

    private static String get(InetSocketAddress page, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + page.getPort() + path);
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
