package dev.gatewatch.alerts.alertmanager;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// An Alertmanager, with a connection pool of its own.
final class HttpTarget implements Target, AutoCloseable {
    private static final int MOST_ANSWER_BYTES = 64 * 1024;
    private static final int SHOWN = 200;

    private final AlertmanagerConfig config;
    private final URI endpoint;
    private final HttpClient client;

    HttpTarget(AlertmanagerConfig config) {
        this.config = config;
        endpoint = URI.create(name() + "/api/v2/alerts");
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(config.timeout())
                .build();
    }

    @Override
    public String name() {
        return config.url().toString().replaceAll("/+$", "");
    }

    @Override
    public Answer post(byte[] alerts) throws InterruptedException {
        try {
            return judge(exchange(alerts));
        } catch (IOException e) {
            return new Answer.Failed(reason(e));
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private HttpResponse<String> exchange(byte[] alerts) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                request(alerts),
                HttpResponse.BodyHandlers.limiting(
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8), MOST_ANSWER_BYTES));
        try {
            return answer.get(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(reason(e.getCause() == null ? e : e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + config.timeout().toMillis() + " ms", e);
        } finally {
            answer.cancel(true);
        }
    }

    private HttpRequest request(byte[] alerts) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint)
                .timeout(config.timeout().plus(Duration.ofSeconds(1)))
                .header("Content-Type", "application/json")
                .header("User-Agent", "gatewatch-alerts")
                .POST(HttpRequest.BodyPublishers.ofByteArray(alerts));
        if (config.bearerToken() != null) {
            request.header("Authorization", "Bearer " + config.bearerToken().reveal());
        }
        if (config.password() != null) {
            String pair = config.username() + ":" + config.password().reveal();
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        return request.build();
    }

    private static Answer judge(HttpResponse<String> response) {
        int status = response.statusCode();
        if (status / 100 == 2) {
            return new Answer.Taken();
        }
        String why = "status " + status + ": " + Clip.line(response.body(), SHOWN);
        boolean aboutTheAlerts = status == 400 || status == 413 || status == 422;
        return aboutTheAlerts ? new Answer.Invalid(why) : new Answer.Failed(why);
    }

    private static String reason(Throwable problem) {
        String message = problem.getMessage();
        if (message != null && !message.isBlank()) {
            return message;
        }
        return problem instanceof ConnectException
                ? "cannot connect"
                : problem.getClass().getSimpleName();
    }
}
