import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// Log files of a shop's proxies on a healthy day, the same for the same seed: four services with four
/// servers each, one of 34 requests no 200.
enum TrafficFile {
    /// `option httplog` as rsyslog files it.
    HAPROXY("haproxy") {
        @Override
        String line(Request r) {
            return "Nov 22 %s lb1 haproxy[27995]: %s:%d [22/Nov/2026:%s.%03d] fe_main be_%s/app%d 0/0/%d/%d/%d %d %d - - ---- %d/%d/%d/%d/0 0/0 \"GET /api/%s/%d?page=%d HTTP/1.1\""
                    .formatted(
                            r.time,
                            r.client,
                            r.port,
                            r.time,
                            r.millis,
                            r.service,
                            r.server,
                            r.connect,
                            r.took,
                            r.took + r.connect,
                            r.status,
                            r.bytes,
                            r.active,
                            r.active - 1,
                            r.active / 2,
                            r.active / 4,
                            r.service,
                            r.id,
                            r.page);
        }
    },
    /// The same, but one of 500 requests fails, since its server does not take the connection.
    HAPROXY_FAILING("haproxy") {
        @Override
        String line(Request r) {
            String line = HAPROXY.line(r);
            return r.id % 500 != 0
                    ? line
                    : line.replaceFirst(" 0/0/[0-9/]+ [0-9]+ [0-9]+ - - ---- ", " 0/0/-1/-1/3005 503 217 - - SC-- ");
        }
    },
    COMBINED("nginx-access") {
        @Override
        String line(Request r) {
            return "%s - - [22/Nov/2026:%s +0000] \"GET /api/%s/%d?page=%d HTTP/1.1\" %d %d \"-\" \"%s\""
                    .formatted(r.client, r.time, r.service, r.id, r.page, r.status, r.bytes, r.agent);
        }
    },
    /// `combined` with times and the upstream, see [#TIMED_FORMAT].
    TIMED("nginx-access") {
        @Override
        String line(Request r) {
            return COMBINED.line(r)
                    + " rt=0.%03d uct=\"0.%03d\" uht=\"0.%03d\" urt=\"0.%03d\" ua=\"10.85.1.%d:808%d\" us=\"%d\""
                            .formatted(r.took, r.connect, r.took, r.took, r.server, r.serviceIndex, r.status);
        }
    };

    static final String TIMED_FORMAT =
            "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\""
                    + " rt=$request_time uct=\"$upstream_connect_time\" uht=\"$upstream_header_time\" urt=\"$upstream_response_time\" ua=\"$upstream_addr\" us=\"$upstream_status\"";
    static final List<String> SERVICES = List.of("orders", "cart", "users", "catalog");

    private static final long SEED = 20261122;
    private static final int[] OTHER_STATUSES = {304, 404, 201, 301};
    private static final List<String> AGENTS = List.of(
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36",
            "curl/7.88.1",
            "shop-mobile/5.2 (Android 14)");

    /// Which grammar reads it.
    final String source;

    TrafficFile(String source) {
        this.source = source;
    }

    private record Request(
            String time,
            int millis,
            String client,
            int port,
            String service,
            int serviceIndex,
            int server,
            int connect,
            int took,
            int status,
            int bytes,
            int active,
            int id,
            int page,
            String agent) {}

    abstract String line(Request request);

    /// Writes so many lines, unless the file is there already.
    ///
    /// @param rate about how many requests there are a second
    Path write(Path folder, int lines, int rate) {
        Path file = folder.resolve("%s-%d-%d.log".formatted(name().toLowerCase(java.util.Locale.ROOT), lines, rate));
        if (Files.exists(file)) {
            return file;
        }
        Random random = new Random(SEED);
        try {
            Path part = Files.createTempFile(folder, "part", ".log");
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
                long micros = 36_000_000_000L; // 10:00
                for (int i = 0; i < lines; i++) {
                    micros += random.nextInt(2_000_000 / rate + 1);
                    out.write((line(request(random, micros / 1_000)) + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }
            Files.move(part, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private static Request request(Random random, long at) {
        long second = at / 1000;
        String time = "%02d:%02d:%02d".formatted(second / 3600 % 24, second / 60 % 60, second % 60);
        int service = random.nextInt(SERVICES.size());
        boolean usual = random.nextInt(34) < 30;
        return new Request(
                time,
                (int) (at % 1000),
                "10.85." + random.nextInt(256) + "." + random.nextInt(256),
                1024 + random.nextInt(60_000),
                SERVICES.get(service),
                service,
                1 + random.nextInt(4),
                random.nextInt(3),
                1 + random.nextInt(90),
                usual ? 200 : OTHER_STATUSES[random.nextInt(OTHER_STATUSES.length)],
                100 + random.nextInt(60_000),
                20 + random.nextInt(380),
                random.nextInt(100_000),
                random.nextInt(9),
                AGENTS.get(random.nextInt(AGENTS.size())));
    }
}
