package dev.gatewatch.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.program.ConfigFile;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AlertsTest {
    @Test
    @Timeout(30)
    void withoutABrokerThePageAnswersSaysSoAndTheServiceStopsInTime() throws Exception {
        AlertsConfig config = ConfigFile.parse("""
                kafka: {bootstrap_servers: [127.0.0.1:1]}
                listen: 127.0.0.1:0
                """, AlertsConfig.class);
        Alerts alerts = new Alerts(config, InstantSource.system(), new SimpleMeterRegistry());
        alerts.start();
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI page = URI.create("http://127.0.0.1:" + alerts.pageAddress().getPort() + "/");
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("Incidents are still being read");
            assertThat(alerts.health().ok()).isFalse();
        } finally {
            long begun = System.nanoTime();
            alerts.close();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
        }
        alerts.awaitStop();
    }
}
