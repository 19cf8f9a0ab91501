package dev.gatewatch.alerts.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.gatewatch.alerts.board.Board;
import dev.gatewatch.alerts.events.AlertsEvents;
import dev.gatewatch.program.Address;
import dev.gatewatch.program.Health;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// Serves the page, its live updates and the API on the JDK's HTTP server, a virtual thread per request.
public final class PageServer implements AutoCloseable {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private final HttpServer server;
    private final ExecutorService threads;
    private final Site site;
    private final Watchers watchers;
    private final AlertsEvents events;

    private PageServer(HttpServer server, Site site, Watchers watchers, AlertsEvents events) {
        this.server = server;
        this.site = site;
        this.watchers = watchers;
        this.events = events;
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        events.measureWatchers(watchers::count);
    }

    /// Begins to serve.
    ///
    /// @param health whether the board is in step with the topic
    /// @throws IOException naming the address, if it cannot be bound
    public static PageServer start(
            Address listen,
            String cluster,
            Board board,
            Supplier<Health> health,
            AlertsEvents events,
            InstantSource clock)
            throws IOException {
        PageServer page =
                new PageServer(bind(listen), new Site(cluster, board, health, clock), new Watchers(board), events);
        page.server.start();
        return page;
    }

    /// The address that was bound, with the real port.
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        threads.shutdownNow();
        server.stop(0);
    }

    private static HttpServer bind(Address listen) throws IOException {
        try {
            return HttpServer.create(listen.resolve(), 0);
        } catch (IOException | RuntimeException e) {
            throw new IOException("cannot listen on " + listen + ": " + e.getMessage(), e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        protect(exchange.getResponseHeaders());
        String path = exchange.getRequestURI().getPath();
        boolean machine = path.startsWith("/api/") || wantsJson(exchange);
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            send(exchange, site.error(405, "only GET and HEAD", machine));
        } else if (path.equals("/api/v1/events")) {
            if (method.equals("HEAD") || !watchers.serve(exchange)) {
                send(exchange, site.error(503, "too many live updates, poll instead", true));
            }
        } else {
            send(exchange, made(exchange, path, machine));
        }
    }

    private Response made(HttpExchange exchange, String path, boolean machine) {
        try {
            return site.answer(path, exchange.getRequestURI().getRawQuery(), machine);
        } catch (RuntimeException e) {
            events.pageFailed(path, e);
            return site.error(500, "this page could not be made; the log of the alert service tells why", machine);
        }
    }

    private static boolean wantsJson(HttpExchange exchange) {
        String accept = exchange.getRequestHeaders().getFirst("Accept");
        return accept != null && accept.startsWith("application/json");
    }

    private static void protect(Headers headers) {
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cache-Control", "no-cache");
    }

    private static void send(HttpExchange exchange, Response response) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", response.type());
            exchange.getResponseHeaders().set("Vary", "Accept");
            byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
            boolean bodyless = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(response.status(), bodyless ? -1 : body.length);
            if (!bodyless) {
                exchange.getResponseBody().write(body);
            }
        }
    }
}
