package dev.gatewatch.program;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// The port for those who run a program: `/metrics` for Prometheus, the JVM's included, `/health/live` and
/// `/health/ready`, which answer 200 or 503 with the reason as text.
public final class AdminServer implements AutoCloseable {
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService threads;
    private final JvmGcMetrics collections;

    private AdminServer(HttpServer server, ExecutorService threads, JvmGcMetrics collections) {
        this.server = server;
        this.threads = threads;
        this.collections = collections;
    }

    /// Begins to answer; the program counts as alive as long as it answers.
    public static AdminServer start(Address listen, PrometheusMeterRegistry registry, Supplier<Health> ready)
            throws IOException {
        return start(listen, registry, () -> Health.ok("answers"), ready);
    }

    /// Begins to answer.
    ///
    /// @param live false asks for a restart
    /// @param ready false asks for patience
    /// @throws IOException naming the address, if it cannot be bound
    public static AdminServer start(
            Address listen, PrometheusMeterRegistry registry, Supplier<Health> live, Supplier<Health> ready)
            throws IOException {
        HttpServer server = bind(listen);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext(
                "/", exchange -> answer(exchange, 404, TEXT, "no such page: /metrics, /health/live, /health/ready\n"));
        page(server, "/metrics", exchange -> answer(exchange, 200, PROMETHEUS, registry.scrape()));
        page(server, "/health/live", exchange -> health(exchange, live));
        page(server, "/health/ready", exchange -> health(exchange, ready));
        AdminServer admin = new AdminServer(server, threads, measureJvm(registry));
        server.start();
        return admin;
    }

    /// The address that was bound, with the real port.
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        collections.close();
    }

    private static HttpServer bind(Address listen) throws IOException {
        try {
            return HttpServer.create(listen.resolve(), 0);
        } catch (IOException | RuntimeException e) {
            throw new IOException("cannot listen on " + listen + ": " + e.getMessage(), e);
        }
    }

    private static JvmGcMetrics measureJvm(PrometheusMeterRegistry registry) {
        JvmGcMetrics collections = new JvmGcMetrics();
        collections.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        return collections;
    }

    @FunctionalInterface
    private interface Page {
        void answer(HttpExchange exchange) throws IOException;
    }

    private static void page(HttpServer server, String path, Page page) {
        server.createContext(path, exchange -> {
            if (!exchange.getRequestURI().getPath().equals(path)) {
                answer(exchange, 404, TEXT, "no such page\n");
            } else if (exchange.getRequestMethod().equals("GET")
                    || exchange.getRequestMethod().equals("HEAD")) {
                page.answer(exchange);
            } else {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                answer(exchange, 405, TEXT, "only GET and HEAD\n");
            }
        });
    }

    private static void health(HttpExchange exchange, Supplier<Health> question) throws IOException {
        Health health = question.get();
        answer(exchange, health.ok() ? 200 : 503, TEXT, (health.ok() ? "ok: " : "failing: ") + health.reason() + "\n");
    }

    private static void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        try (exchange) {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            boolean bodyless = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, bodyless ? -1 : body.length);
            if (!bodyless) {
                exchange.getResponseBody().write(body);
            }
        }
    }
}
