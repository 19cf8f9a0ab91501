import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Patients' records, on the JDK's own HTTP server; a file can change how it answers while it runs (see ../mart/behaviour.py). */
class Records {
    private static final int CONNECTIONS = setting("POOL", 50);
    private static final Semaphore POOL = new Semaphore(CONNECTIONS);
    private static final List<byte[]> CACHE = new ArrayList<>();
    private static final Object WARD = new Object(), BED = new Object();

    public static void main(String[] arguments) throws Exception {
        say("INFO", "main", "Starting Records using Java " + System.getProperty("java.version"));
        Thread.sleep(1000L * setting("LOADING", 0));
        String bind = System.getenv().getOrDefault("BIND", "0.0.0.0");
        HttpServer server = HttpServer.create(new InetSocketAddress(bind, setting("PORT", 8470)), 100);
        server.setExecutor(Executors.newFixedThreadPool(setting("THREADS", 60)));
        server.createContext("/", Records::answer);
        server.start();
        say("INFO", "main", "Started Records on " + server.getAddress());
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String told = told();
        if (exchange.getRequestURI().getPath().equals("/actuator/health")) {
            reply(exchange, (int) number(told, "health", 200), "{\"status\":\"UP\"}");
            return;
        }
        try {
            if (!POOL.tryAcquire((long) number(told, "patience", 30), TimeUnit.SECONDS)) {
                say("ERROR", Thread.currentThread().getName(), "HikariPool-1 - Connection is not available, request timed out after " + (long) number(told, "patience", 30) * 1000 + "ms.");
                reply(exchange, 500, "{\"error\":\"Internal Server Error\"}");
                return;
            }
            try {
                Thread.sleep((long) (1000 * number(told, "delay", 0)));
            } finally {
                POOL.release();
            }
            if (number(told, "deadlock", 0) > 0) entangle();
            if (number(told, "leak", 0) > 0) synchronized (CACHE) {
                CACHE.add(new byte[(int) (number(told, "leak", 0) * 1048576)]);
            }
            if (number(told, "wild", 0) > 0) writeToNowhere();
            if (number(told, "give_up", 0) > 0) {
                say("ERROR", "main", "Application run failed");
                new IllegalStateException("schema 214 of patients is newer than this program (213)").printStackTrace();
                Runtime.getRuntime().halt(1);
            }
        } catch (InterruptedException | ReflectiveOperationException e) {
            throw new IOException(e);
        }
        for (int n = 0; n < number(told, "cookies", 0); n++) exchange.getResponseHeaders().add("Set-Cookie", "ward" + n + "=" + "0a1b2c3d".repeat(500));
        int status = (int) number(told, "status", 200);
        if (status >= 500) say("WARN", Thread.currentThread().getName(), "Resolved [org.springframework.web.client.ResourceAccessException: I/O error on GET request for \"http://consents:8080/v1\"]");
        reply(exchange, status, "{\"record\": 77}");
    }

    /** Waits for ever, with another thread that holds what this one wants. */
    private static void entangle() throws InterruptedException {
        Object first = Thread.currentThread().getId() % 2 == 0 ? WARD : BED;
        synchronized (first) {
            Thread.sleep(300);
            synchronized (first == WARD ? BED : WARD) {
                WARD.wait();
            }
        }
    }

    private static void writeToNowhere() throws ReflectiveOperationException {
        Field field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
        field.setAccessible(true);
        ((sun.misc.Unsafe) field.get(null)).putAddress(64, 1);
    }

    private static void reply(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes();
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static void say(String level, String thread, String text) {
        System.out.printf("%s %5s %d --- [%s] lab.clinic.Records : %s%n", LocalDateTime.now().withNano(0), level, ProcessHandle.current().pid(), thread, text);
    }

    private static String told() {
        try {
            return Files.readString(Path.of("/var/lib/shop/records.json"));
        } catch (IOException e) {
            return "";
        }
    }

    private static double number(String told, String key, double otherwise) {
        Matcher found = Pattern.compile("\"" + key + "\": ([0-9.]+)").matcher(told);
        return found.find() ? Double.parseDouble(found.group(1)) : otherwise;
    }

    private static int setting(String name, int otherwise) {
        return Integer.parseInt(System.getenv().getOrDefault(name, "" + otherwise));
    }
}
