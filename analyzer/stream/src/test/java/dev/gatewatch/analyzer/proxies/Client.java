package dev.gatewatch.analyzer.proxies;

import dev.gatewatch.analyzer.proxies.Scenario.Step;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What clients do to a proxy. Where nothing else is said they go to `{listen:web}`.
final class Client {
    private static final String WEB = "{listen:web}";

    private Client() {}

    /// Asks for the scenario's path and reads the answer.
    static Step get() {
        return get(WEB);
    }

    static Step get(String place) {
        return (site, path) -> ask(site, place, request(path));
    }

    /// The same several times, one after the other.
    static Step times(int count, Step step) {
        return (site, path) -> {
            for (int i = 0; i < count; i++) {
                step.take(site, path);
            }
        };
    }

    /// The same until the proxy writes such a line, for what depends on who is faster.
    static Step until(String line, Step step) {
        return (site, path) -> {
            int mark = site.outputs().mark();
            Expected wanted = Expected.of(site.places().in(line));
            for (int i = 0; i < 100 && site.outputs().since(mark).stream().noneMatch(wanted::isMetBy); i++) {
                step.take(site, path);
            }
            site.await(mark, line);
        };
    }

    /// Asks for something below the scenario's path.
    static Step getBelow(String rest) {
        return (site, path) -> ask(site, WEB, request(path + rest));
    }

    /// Several requests at once, each on its own connection, which all stay open until the last is answered.
    static Step atOnce(int count) {
        return atOnce(count, "");
    }

    /// @param headers of the requests, each with its line's end
    static Step atOnce(int count, String headers) {
        return (site, path) -> {
            List<Connection> connections = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                connections.add(site.connect(WEB).send(request(path, headers)));
            }
            for (Connection connection : connections) {
                connection.readAll();
                connection.close();
            }
        };
    }

    /// Opens connections until the proxy writes such a line, and only then asks on the first of them.
    static Step idleUntil(String line) {
        return (site, path) -> {
            int mark = site.outputs().mark();
            List<Connection> idle = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                idle.add(site.connect(WEB));
            }
            site.await(mark, line);
            idle.getFirst().send(request(path)).readAll();
            for (Connection connection : idle) {
                connection.close();
            }
        };
    }

    /// Several requests at once, first beside a connection that is idle and may be closed, then beside one
    /// that is busy, so that once an even and once an odd number is left.
    static Step crowd(int count) {
        return (site, path) -> {
            try (Connection idle = site.connect(WEB)) {
                atOnce(count).take(site, path);
                idle.readAll();
            }
            try (Connection busy = site.connect(WEB)) {
                busy.send("GET ");
                atOnce(count).take(site, path);
            }
        };
    }

    /// Sends more than sockets buffer.
    static Step post(int kilobytes) {
        return (site, path) -> {
            String head = "POST " + path + " HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\nContent-Length: "
                    + kilobytes * 1024 + "\r\n\r\n";
            try (Connection connection = site.connect(WEB)) {
                connection.send(head);
                sendOrGiveUp(connection, "x".repeat(kilobytes * 1024));
                connection.readAll();
            }
        };
    }

    private static void sendOrGiveUp(Connection connection, String body) {
        try {
            connection.send(body);
        } catch (IOException answeredEarly) {
            // The proxy has answered before it had all of it.
        }
    }

    /// Asks and leaves without waiting for the answer.
    static Step leave() {
        return leave(WEB);
    }

    static Step leave(String place) {
        return (site, path) -> {
            try (Connection connection = site.connect(place)) {
                connection.send(request(path));
            }
        };
    }

    /// The same after a while, for which nothing else tells that the proxy waits for its server.
    static Step leaveAfter(int millis) {
        return (site, path) -> {
            try (Connection connection = site.connect(WEB)) {
                connection.send(request(path));
                Thread.sleep(millis);
            }
        };
    }

    /// Asks, waits for the beginning of the answer, and resets the connection.
    static Step resetInAnswer(String place) {
        return (site, path) -> {
            Connection connection = site.connect(place).send(request(path));
            connection.read();
            connection.reset();
        };
    }

    /// Asks to speak WebSocket, and waits for the end of it.
    static Step upgrade() {
        return (site, path) -> ask(
                site,
                WEB,
                "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n");
    }

    /// Sends these bytes, whatever they are, and reads what comes.
    static Step send(String bytes) {
        return send(WEB, bytes);
    }

    static Step send(String place, String bytes) {
        return (site, path) -> ask(site, place, bytes.replace("{path}", path));
    }

    /// Sends these bytes and leaves.
    static Step sendAndLeave(String bytes) {
        return (site, path) -> {
            try (Connection connection = site.connect(WEB)) {
                connection.send(bytes);
            }
        };
    }

    /// Asks for the scenario's path over TLS, whoever the other side is.
    static Step getByTls(String place) {
        return (site, path) -> {
            Certificates certificates = Certificates.in(Path.of(site.places().in("{certificates}")));
            try (Socket socket = certificates.connect(site.places().in(place))) {
                socket.getOutputStream().write(request(path).getBytes(StandardCharsets.US_ASCII));
                socket.getInputStream().readAllBytes();
            }
        };
    }

    /// Connects and waits to be thrown out.
    static Step connectOnly(String place) {
        return (site, path) -> {
            try (Connection connection = site.connect(place)) {
                connection.readAll();
            }
        };
    }

    static String request(String path) {
        return request(path, "");
    }

    private static String request(String path, String headers) {
        return "GET " + path + " HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n" + headers + "\r\n";
    }

    private static void ask(Site site, String place, String bytes) throws IOException {
        try (Connection connection = site.connect(place)) {
            connection.send(bytes).readAll();
        }
    }
}
