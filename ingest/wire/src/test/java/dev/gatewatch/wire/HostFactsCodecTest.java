package dev.gatewatch.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.gatewatch.wire.HostFacts.AccessLog;
import dev.gatewatch.wire.HostFacts.Container;
import dev.gatewatch.wire.HostFacts.ContainerState;
import dev.gatewatch.wire.HostFacts.Listener;
import dev.gatewatch.wire.HostFacts.ProxyFacts;
import dev.gatewatch.wire.HostFacts.Route;
import dev.gatewatch.wire.HostFacts.Server;
import dev.gatewatch.wire.HostFacts.UnitState;
import dev.gatewatch.wire.HostFacts.Upstream;
import dev.gatewatch.wire.HostFacts.Watermark;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Facts of a host as text. The golden file is what other programs write and read: it never changes.
class HostFactsCodecTest {
    private static final String HEAD = "gatewatch-host/1\nhost\ta.lab\t1000\t2000\t0\t1\n";
    private static final HostFacts GOLDEN = new HostFacts(
            "edge1.lab",
            Instant.parse("2026-11-22T14:02:20Z"),
            List.of("10.85.0.11", "2001:db8:85::11"),
            Instant.parse("2026-11-22T11:47:25.093Z"),
            ZoneOffset.ofHoursMinutes(-3, -30),
            true,
            List.of(
                    new Listener("0.0.0.0:80", 0, 511, "nginx.service", "nginx", 429),
                    new Listener("unix:/run/php/php8.2-fpm.sock", 3, 4096, "php8.2-fpm.service", "php-fpm8.2", 300),
                    new Listener("[::]:22", 0, 0, "", "", 0)),
            List.of(
                    new UnitState("nginx.service", "active", "running"),
                    new UnitState("reports.service", "failed", "failed")),
            List.of(
                    new ProxyFacts(
                            "nginx",
                            "nginx.service",
                            "sha256:77aa10",
                            Instant.parse("2026-11-22T13:43:20Z"),
                            Instant.parse("2026-11-22T13:59:20Z"),
                            List.of(
                                    new Upstream(
                                            "orders_api",
                                            false,
                                            List.of(
                                                    new Server("", "10.85.0.21:8081", false, false),
                                                    new Server("", "10.85.0.22:8081", false, true))),
                                    new Upstream(
                                            "payments.internal:8443",
                                            true,
                                            List.of(new Server("", "payments.internal:8443", false, false)))),
                            List.of(
                                    new Route("shop.lab", "^~", "/api/orders/", "orders_api"),
                                    new Route("", "~*", "\\.php(\\s|$)", "unix:/run/php/php8.2-fpm.sock")),
                            List.of(new AccessLog(
                                    "/var/log/nginx/access.log", "$remote_addr\t\"$request\"\n$status", "default"))),
                    new ProxyFacts(
                            "haproxy",
                            "haproxy.service",
                            "sha256:0c5e",
                            Instant.parse("2026-11-22T13:43:20.500Z"),
                            null,
                            List.of(new Upstream(
                                    "be_orders", false, List.of(new Server("app1", "10.85.0.21:8081", true, false)))),
                            List.of(),
                            List.of())),
            List.of(
                    new Watermark(
                            "edge1.lab/8:1/131842/0",
                            SourceKind.NGINX_ERROR,
                            "/var/log/nginx/error.log",
                            Instant.parse("2026-11-22T14:02:19.900Z"),
                            512,
                            1),
                    new Watermark(
                            "edge1.lab/journal",
                            SourceKind.JOURNALD,
                            "journal",
                            Instant.parse("2026-11-22T14:02:19Z"),
                            0,
                            0)));

    private static HostFacts decode(String text) {
        return HostFactsCodec.decode(text.getBytes(UTF_8));
    }

    @Test
    void the_golden_facts_read_as_they_always_did() {
        assertThat(HostFactsCodec.decode(GoldenRecord.file("host-facts-1.txt"))).isEqualTo(GOLDEN);
    }

    @Test
    void facts_are_written_as_they_always_were() {
        assertThat(HostFactsCodec.encode(GOLDEN))
                .asString(UTF_8)
                .isEqualTo(new String(GoldenRecord.file("host-facts-1.txt"), UTF_8));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20261122, 504})
    void what_was_written_is_read(long seed) {
        RandomText text = new RandomText(seed);
        for (int i = 0; i < 300; i++) {
            HostFacts facts = facts(text);
            assertThat(HostFactsCodec.decode(HostFactsCodec.encode(facts))).isEqualTo(facts);
        }
    }

    private static HostFacts facts(RandomText text) {
        Random random = text.random();
        return new HostFacts(
                text.text(),
                instant(random),
                text.some(text::text),
                instant(random),
                ZoneOffset.ofTotalSeconds(random.nextInt(-64_800, 64_801)),
                random.nextBoolean(),
                text.some(() -> new Listener(
                        text.text(), random.nextInt(), random.nextInt(), text.text(), text.text(), random.nextInt())),
                text.some(() -> new UnitState(text.text(), text.text(), text.text())),
                text.some(() -> proxy(text)),
                text.some(() -> new Watermark(
                        text.text(),
                        text.oneOf(SourceKind.values()),
                        text.text(),
                        instant(random),
                        random.nextLong(),
                        random.nextLong())),
                text.some(() -> container(text)));
    }

    private static ContainerState container(RandomText text) {
        Random random = text.random();
        return new ContainerState(
                new Container(text.text(), text.text()),
                text.text(),
                random.nextInt(),
                random.nextBoolean(),
                random.nextBoolean() ? null : instant(random),
                random.nextBoolean() ? null : instant(random),
                random.nextInt(),
                text.text(),
                text.some(text::text),
                random.nextBoolean() ? null : text.some(() -> ":" + text.text()));
    }

    private static ProxyFacts proxy(RandomText text) {
        Random random = text.random();
        return new ProxyFacts(
                text.text(),
                text.text(),
                text.text(),
                instant(random),
                random.nextBoolean() ? null : instant(random),
                text.some(() -> new Upstream(
                        text.text(),
                        random.nextBoolean(),
                        text.some(() ->
                                new Server(text.text(), text.text(), random.nextBoolean(), random.nextBoolean())))),
                text.some(() -> new Route(text.text(), text.text(), text.text(), text.text())),
                text.some(() -> new AccessLog(text.text(), text.text(), text.text())));
    }

    private static Instant instant(Random random) {
        return Instant.ofEpochMilli(random.nextLong(-1_000_000, 4_000_000_000_000L));
    }

    @Test
    void facts_that_a_newer_agent_adds_are_skipped() {
        String golden = new String(GoldenRecord.file("host-facts-1.txt"), UTF_8);
        String newer = golden.lines()
                .flatMap(line -> Stream.of(
                        line.contains("\t") ? line + "\tmore\t17" : line, "container\tapp\t4711", "x", "\tunnamed"))
                .collect(Collectors.joining("\n"));
        // the first line is the layout's name and stays as it is
        assertThat(decode(newer)).isEqualTo(GOLDEN);
    }

    static Stream<Arguments> malformedLines() {
        return Stream.of(
                argumentSet("a container of no listener", "listener-container\t4c01\torders", "no 'listener' line"),
                argumentSet("a port of no container", "container-published\t:80->80/tcp", "no 'container-state' line"),
                argumentSet("a container that is too short", "container-state\t4c01\torders\texited", "line 3"),
                argumentSet("a listener that is too short", "listener\t0.0.0.0:80\t0", "line 3"),
                argumentSet("a listener whose queue is no number", "listener\ta\tmany\t0\tu\tp\t1", "many"),
                argumentSet("a unit without state", "unit\tnginx.service", "line 3"),
                argumentSet("an address without address", "address", "line 3"),
                argumentSet("a proxy that is too short", "proxy\tnginx\tnginx.service", "line 3"),
                argumentSet("a proxy whose time is no number", "proxy\tnginx\tu\th\tnow\t", "now"),
                argumentSet("an upstream outside of a proxy", "upstream\torders\t0", "no 'proxy' line above"),
                argumentSet("a route outside of a proxy", "route\ta\t=\t/\tb", "no 'proxy' line above"),
                argumentSet(
                        "a server outside of an upstream",
                        "proxy\tnginx\tu\th\t5\t\nserver\t\ta:1\t0\t0",
                        "no 'upstream' line above"),
                argumentSet(
                        "a watermark of an unknown source",
                        "watermark\ts\tsyslog\to\t5\t0\t0",
                        "unknown source syslog"),
                argumentSet("a time beyond all times", "watermark\ts\tkernel\to\t5e3\t0\t0", "5e3"));
    }

    @ParameterizedTest
    @MethodSource("malformedLines")
    void a_malformed_line_is_named(String line, String complaint) {
        assertThatThrownBy(() -> decode(HEAD + line + "\n"))
                .isInstanceOf(MalformedBatchException.class)
                .hasMessageContaining("host facts, line ")
                .hasMessageContaining(complaint)
                .hasMessageNotContaining("null");
    }

    static Stream<Arguments> malformedFacts() {
        return Stream.of(
                argumentSet("nothing", "", "expected: gatewatch-host/1"),
                argumentSet("another version", "gatewatch-host/2\n", "'gatewatch-host/2' (expected: gatewatch-host/1)"),
                argumentSet("JSON", "{\"host\": \"a\"}", "expected: gatewatch-host/1"),
                argumentSet("no host", "gatewatch-host/1\naddress\t10.0.0.1\n", "no complete 'host' line"),
                argumentSet("half a host", "gatewatch-host/1\nhost\ta\t5\n", "no complete 'host' line"),
                argumentSet("a host without time", "gatewatch-host/1\nhost\ta\t\t5\t0\t1\n", "'host' line"),
                argumentSet("a host beyond the zones", "gatewatch-host/1\nhost\ta\t5\t5\t90000\t1\n", "'host' line"));
    }

    @ParameterizedTest
    @MethodSource("malformedFacts")
    void what_is_no_host_facts_is_refused(String text, String complaint) {
        assertThatThrownBy(() -> decode(text))
                .isInstanceOf(MalformedBatchException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void random_bytes_are_refused_and_never_crash() {
        RandomText text = new RandomText(7);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = HostFactsCodec.encode(facts(text));
            for (int n = text.random().nextInt(4); n >= 0; n--) {
                bytes[text.random().nextInt(bytes.length)] =
                        (byte) text.random().nextInt(256);
            }
            try {
                assertThat(HostFactsCodec.decode(bytes)).isNotNull();
            } catch (MalformedBatchException e) {
                assertThat(e).hasMessageContaining("host facts");
            }
        }
    }

    @Test
    void a_container_behind_a_socket_is_a_line_that_older_agents_do_not_write() {
        String host = "gatewatch-host/1\nhost\ta\t0\t0\t0\t1\n";
        HostFacts older = HostFactsCodec.decode((host + "listener\t0.0.0.0:80\t0\t5\tu\tp\t1\n").getBytes(UTF_8));
        assertThat(older.listeners()).containsExactly(new HostFacts.Listener("0.0.0.0:80", 0, 5, "u", "p", 1));

        HostFacts.Listener published = new HostFacts.Listener(
                "0.0.0.0:80", 0, 5, "docker.service", "docker-proxy", 1, new HostFacts.Container("4c01", "orders\t1"));
        HostFacts newer = new HostFacts(
                "a",
                older.at(),
                List.of(),
                older.bootedAt(),
                older.utcOffset(),
                true,
                List.of(published),
                List.of(),
                List.of(),
                List.of());
        assertThat(HostFactsCodec.decode(HostFactsCodec.encode(newer))).isEqualTo(newer);
    }
}
