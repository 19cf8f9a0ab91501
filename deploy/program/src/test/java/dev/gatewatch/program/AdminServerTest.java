package dev.gatewatch.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AtomicReference<Health> ready = new AtomicReference<>(Health.failing("no broker answers"));
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        server = AdminServer.start(new Address("127.0.0.1", 0), registry, ready::get);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void metricsHoldTheProgramsAndTheJvms() throws Exception {
        registry.counter("gatewatch.things").increment();

        HttpResponse<String> answer = get("GET", "/metrics");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
        assertThat(answer.body())
                .contains("gatewatch_things_total 1.0", "jvm_memory_used_bytes", "process_uptime_seconds");
    }

    @Test
    void readinessFollowsTheProgramAndTellsWhy() throws Exception {
        HttpResponse<String> before = get("GET", "/health/ready");
        ready.set(Health.ok("reading"));
        HttpResponse<String> after = get("GET", "/health/ready");

        assertThat(before.statusCode()).isEqualTo(503);
        assertThat(before.body()).isEqualTo("failing: no broker answers\n");
        assertThat(after.statusCode()).isEqualTo(200);
    }

    @Test
    void otherPathsAndMethodsAreRefused() throws Exception {
        assertThat(get("GET", "/health/live").statusCode()).isEqualTo(200);
        assertThat(get("GET", "/").statusCode()).isEqualTo(404);
        assertThat(get("GET", "/metrics/x").statusCode()).isEqualTo(404);
        assertThat(get("POST", "/metrics").statusCode()).isEqualTo(405);
        assertThat(get("HEAD", "/health/live").body()).isEmpty();
    }

    @Test
    void anAddressInUseIsNamed() {
        Address taken = new Address("127.0.0.1", server.address().getPort());

        assertThatIOException()
                .isThrownBy(() -> AdminServer.start(taken, registry, ready::get))
                .withMessageStartingWith("cannot listen on " + taken);
    }

    private HttpResponse<String> get(String method, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
