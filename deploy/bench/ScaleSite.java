import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/// A site that exists only as what its agents ship: one host of twenty is a proxy, the others run two servers of each
/// service between them. Each service stands behind two proxies. The same for the same seed.
final class ScaleSite {
    private static final int HOSTS_PER_PROXY = 20;
    private static final int PORT = 8000;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SYSLOG =
            DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String EXITED =
            "\"MESSAGE_ID\":\"98e322203f7a4ed290d09fe03c09fe15\",\"EXIT_CODE\":\"exited\",\"EXIT_STATUS\":\"1\",";
    private static final String STARTED =
            "\"MESSAGE_ID\":\"39f53479d3a045ac8e11786248231fbf\",\"JOB_TYPE\":\"start\",\"JOB_RESULT\":\"done\",";

    /// How long a service fails, and how many fail at any time: one of so many.
    private static final int FAILING_SECONDS = 40;

    private static final int FAILING_ONE_OF = 200;

    private final int services;
    private final int proxies;
    private final int apps;
    private final double requestsPerSecond;
    private final Random random = new Random(20261122);
    private final Instant bootedAt;
    private final long[] positions;
    private final long[] sequences;

    ScaleSite(int services, int hosts, double requestsPerSecond, Instant now) {
        this.services = services;
        this.proxies = Math.max(2, hosts / HOSTS_PER_PROXY);
        this.apps = Math.max(2, hosts - proxies);
        this.requestsPerSecond = requestsPerSecond;
        this.bootedAt = now.minusSeconds(86_400);
        this.positions = new long[proxies + apps];
        this.sequences = new long[proxies + apps];
    }

    int hosts() {
        return proxies + apps;
    }

    /// Batches and, as each request may be one of its own service, reports.
    double recordsPerSecond() {
        return hosts() + requestsPerSecond;
    }

    private boolean isProxy(int host) {
        return host < proxies;
    }

    private String name(int host) {
        return isProxy(host) ? "edge" + host : "app" + (host - proxies);
    }

    private static String address(int host) {
        return "10." + (100 + host / 65_536) + "." + host / 256 % 256 + "." + host % 256;
    }

    /// The two hosts of a service's servers.
    private int server(int service, int number) {
        return proxies + (service + number * (apps / 2)) % apps;
    }

    private boolean isBehind(int service, int proxy) {
        return service % proxies == proxy || (service + 1) % proxies == proxy;
    }

    private String endpoint(int service, int number) {
        return address(server(service, number)) + ":" + (PORT + service / apps * 2 + number);
    }

    /// Whether a service fails in this second: services take turns.
    boolean fails(int service, long second) {
        long turn = second / FAILING_SECONDS;
        return Math.floorMod(service - turn, (long) FAILING_ONE_OF) == 0;
    }

    /// What the agent of a host tells of it.
    HostFacts facts(int host, Instant now) {
        List<HostFacts.Listener> listeners = new ArrayList<>();
        List<HostFacts.UnitState> units = new ArrayList<>();
        List<HostFacts.Upstream> upstreams = new ArrayList<>();
        for (int s = 0; !isProxy(host) && s < services; s++) {
            for (int number = 0; number < 2; number++) {
                if (server(s, number) == host && !fails(s, now.getEpochSecond())) {
                    String unit = "service" + s + ".service";
                    listeners.add(new HostFacts.Listener(
                            "0.0.0.0:" + (PORT + s / apps * 2 + number), 0, 128, unit, "java", 1_000 + s));
                    units.add(new HostFacts.UnitState(unit, "active", "running"));
                }
            }
        }
        for (int s = 0; isProxy(host) && s < services; s++) {
            if (isBehind(s, host)) {
                upstreams.add(new HostFacts.Upstream(
                        "be_" + s,
                        false,
                        List.of(
                                new HostFacts.Server("s0", endpoint(s, 0), true, false),
                                new HostFacts.Server("s1", endpoint(s, 1), true, false))));
            }
        }
        List<HostFacts.ProxyFacts> proxy = isProxy(host)
                ? List.of(new HostFacts.ProxyFacts(
                        "haproxy", "haproxy.service", "1", bootedAt, bootedAt, upstreams, List.of(), List.of()))
                : List.of();
        SourceKind source = isProxy(host) ? SourceKind.HAPROXY : SourceKind.JOURNALD;
        return new HostFacts(
                name(host),
                now,
                List.of(address(host)),
                bootedAt,
                ZoneOffset.UTC,
                true,
                listeners,
                units,
                proxy,
                List.of(new HostFacts.Watermark(stream(host), source, "log", now, 0, 0)));
    }

    private String stream(int host) {
        return "stream-" + name(host);
    }

    /// What a host writes within one second: a proxy its requests, others their journal.
    LineBatch batch(int host, Instant now) {
        StringBuilder text = new StringBuilder();
        long before = isProxy(host) ? positions[host] : sequences[host];
        if (isProxy(host)) {
            requests(host, now, text);
        } else {
            journal(host, now, text);
        }
        byte[] lines = text.toString().getBytes(StandardCharsets.UTF_8);
        positions[host] += lines.length;
        return new LineBatch(
                name(host),
                List.of(address(host)),
                isProxy(host) ? SourceKind.HAPROXY : SourceKind.JOURNALD,
                isProxy(host) ? "/var/log/haproxy.log" : "journal",
                stream(host),
                before,
                isProxy(host) ? positions[host] : sequences[host],
                before,
                ZoneOffset.UTC,
                now,
                null,
                Set.of(),
                null,
                lines);
    }

    private void requests(int proxy, Instant now, StringBuilder text) {
        double wanted = requestsPerSecond / proxies;
        int count = (int) wanted + (random.nextDouble() < wanted - (int) wanted ? 1 : 0);
        int ofProxy = Math.max(1, 2 * services / proxies);
        for (int i = 0; i < count; i++) {
            int service = serviceOf(proxy, random.nextInt(ofProxy));
            boolean failed = fails(service, now.getEpochSecond());
            text.append(SYSLOG.format(now))
                    .append(" edge haproxy[995]: 10.1.%d.%d:%d [%s.%03d] fe be_%d/s%d "
                            .formatted(
                                    random.nextInt(256),
                                    random.nextInt(256),
                                    1024 + random.nextInt(60_000),
                                    STAMP.format(now),
                                    i * 999 / Math.max(1, count),
                                    service,
                                    random.nextInt(2)))
                    .append(
                            failed
                                    ? "0/0/-1/-1/3 503 217 - - SC--"
                                    : "0/0/1/%d/%d 200 %d - - ----"
                                            .formatted(
                                                    random.nextInt(90), 90 + random.nextInt(9), random.nextInt(60_000)))
                    .append(" 20/20/10/5/0 0/0 \"GET /api/%d HTTP/1.1\"\n".formatted(random.nextInt(100_000)));
        }
    }

    private int serviceOf(int proxy, int index) {
        int service = index / 2 * proxies + Math.floorMod(proxy - index % 2, proxies);
        return service < services ? service : service % services;
    }

    /// A line of an application, and when one of the host's services begins or ceases to fail, what systemd says of it.
    private void journal(int host, Instant now, StringBuilder text) {
        entry(host, now, "java", "app.service", "", "request %d served".formatted(random.nextInt(100_000)), text);
        long second = now.getEpochSecond();
        for (int s = host - proxies; s < services; s += apps) {
            boolean failsNow = fails(s, second);
            if (failsNow != fails(s, second - 1)) {
                String unit = "service" + s + ".service";
                entry(
                        host,
                        now,
                        "systemd",
                        unit,
                        failsNow ? EXITED : STARTED,
                        failsNow ? unit + ": Main process exited, code=exited, status=1/FAILURE" : "Started " + unit,
                        text);
            }
        }
    }

    private void entry(
            int host, Instant now, String writer, String unit, String more, String message, StringBuilder text) {
        String pid = writer.equals("systemd") ? "1" : "4711";
        text.append(
                "{\"__CURSOR\":\"s=1;i=%x;b=1\",\"__REALTIME_TIMESTAMP\":\"%d000\",\"SYSLOG_IDENTIFIER\":\"%s\",\"_PID\":\"%s\",\"_TRANSPORT\":\"journal\",\"_SYSTEMD_UNIT\":\"%s\",\"UNIT\":\"%s\",\"PRIORITY\":\"6\",%s\"MESSAGE\":\"%s\"}\n"
                        .formatted(
                                sequences[host]++,
                                now.toEpochMilli(),
                                writer,
                                pid,
                                writer.equals("systemd") ? "init.scope" : unit,
                                unit,
                                more,
                                message));
    }
}
