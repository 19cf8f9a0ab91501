import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fares: a service on the JDK's own HTTP server; a file can change how it answers while it runs (see ../mart/behaviour.py). */
class Fares {
    private static final Logger LOG = Logger.getLogger("rail.fares");
    private static final List<byte[]> HOARD = new ArrayList<>();
    private static final Object LEDGER = new Object();

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "6090"));
        LOG.info("loading tariff tables");
        Thread.sleep((long) (1000 * Double.parseDouble(System.getenv().getOrDefault("LOADING", "0"))));
        HttpServer server = HttpServer.create(new InetSocketAddress(System.getenv().getOrDefault("BIND", "0.0.0.0"), port), 100);
        server.setExecutor(Executors.newFixedThreadPool(Integer.parseInt(System.getenv().getOrDefault("THREADS", "40"))));
        server.createContext("/", Fares::answer);
        server.start();
        LOG.info("HTTP server up on " + server.getAddress());
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String told = behaviour();
        boolean probe = exchange.getRequestURI().getPath().equals("/ping");
        double share = number(told, "share");
        if (share > 0 && Math.random() > share) told = "";
        try {
            Thread.sleep((long) (1000 * number(told, probe ? "ping_delay" : "delay")));
            if (number(told, "deadlock") > 0) synchronized (LEDGER) {
                LEDGER.wait();
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        if (probe) {
            reply(exchange, 200, "pong");
            return;
        }
        if (number(told, "leak") > 0) synchronized (HOARD) {
            HOARD.add(new byte[(int) (number(told, "leak") * 1048576)]);
        }
        if (number(told, "give_up") > 0) {
            LOG.log(Level.SEVERE, "tariff database is gone, giving up", new IllegalStateException("no connection to tariff-db:1521"));
            Runtime.getRuntime().halt(12);
        }
        int status = (int) number(told, "status");
        if (status > 0) {
            LOG.warning("quota of the tariff service used up, answering " + status);
            exchange.getResponseHeaders().add("Retry-After", "30");
        }
        reply(exchange, status > 0 ? status : 200, "{\"fare\": 1250}");
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String behaviour() {
        try {
            return Files.readString(Path.of("/var/lib/shop/fares.json"));
        } catch (IOException e) {
            return "";
        }
    }

    private static double number(String told, String key) {
        Matcher found = Pattern.compile("\"" + key + "\": ([0-9.]+)").matcher(told);
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }
}
