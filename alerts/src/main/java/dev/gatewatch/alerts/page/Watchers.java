package dev.gatewatch.alerts.page;

import com.sun.net.httpserver.HttpExchange;
import dev.gatewatch.alerts.board.Board;
import dev.gatewatch.alerts.board.View;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;

/// Live updates: server-sent events, one for each change of the board, whose id is the board's version. A
/// browser that comes back with an older id is told at once. A comment each 15 s shows both ends that the
/// other is there.
final class Watchers {
    private static final int MOST = 256;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    /// A board that changes without pause is told at most this often.
    private static final Duration LULL = Duration.ofMillis(500);

    private final Board board;
    private final Semaphore free = new Semaphore(MOST);

    Watchers(Board board) {
        this.board = board;
    }

    int count() {
        return MOST - free.availablePermits();
    }

    /// Serves one browser until it leaves or the thread is interrupted; false if there are too many already.
    boolean serve(HttpExchange exchange) throws IOException {
        if (!free.tryAcquire()) {
            return false;
        }
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
            exchange.getResponseHeaders().set("X-Accel-Buffering", "no");
            exchange.sendResponseHeaders(200, 0);
            follow(exchange.getResponseBody(), known(exchange));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            free.release();
        }
        return true;
    }

    private void follow(OutputStream out, long known) throws IOException, InterruptedException {
        write(out, "retry: 2000\n\n");
        long told = known;
        while (!Thread.currentThread().isInterrupted()) {
            View view = board.awaitChange(told, HEARTBEAT);
            if (view.version() == told) {
                write(out, ": still here\n\n");
            } else {
                told = view.version();
                write(out, "id: " + told + "\nevent: board\ndata: {\"version\":" + told + "}\n\n");
                Thread.sleep(LULL);
            }
        }
    }

    /// The version that the browser has, or one that never was.
    private static long known(HttpExchange exchange) {
        String id = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        try {
            return id == null ? -1 : Long.parseLong(id);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
