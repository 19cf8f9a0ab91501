package dev.gatewatch.alerts.alertmanager;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A real HTTP server that takes alerts, or does not.
final class FakeAlertmanager implements AutoCloseable {
    record Request(
            List<JsonNode> alerts,
            @Nullable String authorization,
            @Nullable String contentType) {}

    private final ObjectMapper mapper = new ObjectMapper();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch released = new CountDownLatch(1);
    private final HttpServer server;
    private volatile Function<List<JsonNode>, Integer> judge = alerts -> 200;
    private volatile boolean silent;

    FakeAlertmanager() {
        this(0);
    }

    FakeAlertmanager(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/am/api/v2/alerts", this::take);
        server.start();
    }

    /// Answers with the status that the function gives for the alerts.
    FakeAlertmanager judging(Function<List<JsonNode>, Integer> function) {
        judge = function;
        return this;
    }

    /// Never answers.
    FakeAlertmanager silent() {
        silent = true;
        return this;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port() + "/am/");
    }

    int port() {
        return server.getAddress().getPort();
    }

    List<Request> requests() {
        return requests;
    }

    /// All alerts that came, whatever they were answered with.
    List<JsonNode> alerts() {
        List<JsonNode> all = new ArrayList<>();
        requests.forEach(request -> all.addAll(request.alerts()));
        return all;
    }

    @Override
    public void close() {
        released.countDown();
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            List<JsonNode> alerts = new ArrayList<>();
            mapper.readTree(exchange.getRequestBody()).forEach(alerts::add);
            int status = judge.apply(alerts);
            requests.add(new Request(
                    alerts,
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    exchange.getRequestHeaders().getFirst("Content-Type")));
            if (silent) {
                released.await();
            }
            exchange.sendResponseHeaders(status, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
