package dev.gatewatch.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.agent.events.AgentEvents;
import dev.gatewatch.agent.ship.HostStamp;
import dev.gatewatch.agent.testing.HandClock;
import dev.gatewatch.wire.HostFacts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostFactsCollectorTest {
    @TempDir
    Path directory;

    private final HandClock clock = new HandClock();
    private Path proc;

    @BeforeEach
    void makeProc() throws IOException {
        proc = Files.createDirectories(directory.resolve("proc"));
        Files.writeString(proc.resolve("uptime"), "1000.50 1900.00\n");
        process(430, "nginx", 1, 50_000);
        process(431, "nginx", 430, 60_000);
        process(432, "nginx", 430, 90_000);
    }

    private void process(int pid, String name, int parent, long startTicks) throws IOException {
        Path own = Files.createDirectories(proc.resolve(Integer.toString(pid)));
        Files.writeString(
                own.resolve("stat"),
                pid + " (" + name + ") S " + parent + " 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 " + startTicks + " 0");
        Files.writeString(own.resolve("cgroup"), "0::/system.slice/" + name + ".service\n");
    }

    private HostFacts collect(Map<String, String> outputs, List<ProxyWatch> proxies) {
        HostStamp stamp = new HostStamp("edge1", ZoneOffset.UTC, clock, () -> List.of("10.0.0.1"));
        Commands commands =
                command -> outputs.getOrDefault(command.getFirst() + " " + command.get(command.size() > 2 ? 2 : 1), "");
        return new HostFactsCollector(
                        stamp,
                        proxies,
                        List::of,
                        List.of("ss"),
                        commands,
                        proc,
                        new AgentEvents(new SimpleMeterRegistry()))
                .collect();
    }

    @Test
    void listeners_have_their_units_with_and_without_rights() {
        HostFacts facts = collect(Map.of("ss -ltnpe", """
                        LISTEN 3 511 0.0.0.0:80 0.0.0.0:* users:(("nginx",pid=431,fd=6),("nginx",pid=430,fd=6)) ino:1 sk:1 cgroup:/x <->
                        LISTEN 0 4096 127.0.0.53%lo:53 0.0.0.0:* uid:101 ino:2 sk:2 cgroup:/system.slice/systemd-resolved.service <->
                        LISTEN 0 128 *:8080 *:* ino:3 sk:3 cgroup:/system.slice/app.service/worker v6only:0 <->
                        LISTEN 0 128 [fe80::1%eth0]:22 [::]:* ino:4 sk:4 cgroup:/init.scope <->
                        ESTAB 0 0 1.1.1.1:1 2.2.2.2:2
                        """, "ss -lxpe", """
                        u_str LISTEN 0 4096 /run/php/php8.2-fpm.sock 123 * 0 users:(("php-fpm8.2",pid=9,fd=8)) <-> cgroup:/system.slice/php8.2-fpm.service
                        u_str LISTEN 0 5 @abstract 124 * 0 <->
                        """), List.of());

        assertThat(facts.listeners())
                .containsExactly(
                        new HostFacts.Listener("0.0.0.0:80", 3, 511, "nginx.service", "nginx", 431),
                        new HostFacts.Listener("127.0.0.53:53", 0, 4096, "systemd-resolved.service", "", 0),
                        new HostFacts.Listener("[::]:8080", 0, 128, "app.service", "", 0),
                        new HostFacts.Listener("[fe80::1]:22", 0, 128, "", "", 0),
                        new HostFacts.Listener(
                                "unix:/run/php/php8.2-fpm.sock", 0, 4096, "php8.2-fpm.service", "php-fpm8.2", 9));
    }

    @Test
    void units_are_those_that_listen_and_those_that_failed() {
        assertThat(
                        Units.parse(
                                "Id=nginx.service\nActiveState=active\nSubState=running\n\nId=app.service\nActiveState=failed\nSubState=failed\n"))
                .containsExactly(
                        new HostFacts.UnitState("nginx.service", "active", "running"),
                        new HostFacts.UnitState("app.service", "failed", "failed"));
    }

    @Test
    void the_proc_table_serves_where_ss_is_missing() {
        String table = """
                  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
                   0: 0100007F:1F90 00000000:0000 0A 00000000:00000002 00:00000000 00000000     0        0 1066 1
                   1: 0100007F:1F91 0100007F:0001 01 00000000:00000000 00:00000000 00000000     0        0 1067 1
                """;

        assertThat(ProcNet.listeners(table)).containsExactly(new HostFacts.Listener("127.0.0.1:8080", 2, 0, "", "", 0));
        assertThat(ProcNet.listeners("0: 00000000000000000000000001000000:0050 0:0 0A 0:0 0"))
                .containsExactly(new HostFacts.Listener("[::1]:80", 0, 0, "", "", 0));
    }

    @Test
    void the_boot_time_follows_from_the_uptime() {
        assertThat(collect(Map.of(), List.of()).bootedAt())
                .isEqualTo(clock.instant().minusMillis(1_000_500));
    }

    @Test
    void a_changed_configuration_is_read_again() throws IOException {
        Path main = directory.resolve("nginx.conf");
        Files.writeString(main, "http { include conf.d/*.conf; }");
        Files.createDirectory(directory.resolve("conf.d"));
        ProxyWatch proxy = new ProxyWatch("nginx", main, "nginx.service");
        HostFacts before = collect(Map.of(), List.of(proxy));
        Files.writeString(directory.resolve("conf.d/a.conf"), "upstream a { server 1.1.1.1:1; }");

        boolean seen = proxy.changed();
        HostFacts after = collect(Map.of(), List.of(proxy));

        assertThat(seen).isTrue();
        HostFacts.ProxyFacts first = before.proxies().getFirst();
        HostFacts.ProxyFacts second = after.proxies().getFirst();
        assertThat(first.upstreams()).isEmpty();
        assertThat(second.upstreams()).hasSize(1);
        assertThat(second.configHash()).hasSize(64).isNotEqualTo(first.configHash());
        assertThat(second.loadedAt()).isEqualTo(after.bootedAt().plusSeconds(900));
        assertThat(proxy.changed()).isFalse();
    }

    @Test
    void a_configuration_that_cannot_be_read_is_left_out() {
        ProxyWatch proxy = new ProxyWatch("nginx", directory.resolve("nowhere.conf"), "nginx.service");

        assertThat(collect(Map.of(), List.of(proxy)).proxies()).isEmpty();
        assertThat(proxy.problem()).contains("nowhere.conf");
    }

    @Test
    void addresses_have_the_form_that_logs_use() {
        assertThat(Addresses.shorten("2001:db8:0:0:0:0:0:1")).isEqualTo("2001:db8::1");
        assertThat(Addresses.shorten("0:0:0:0:0:0:0:0")).isEqualTo("::");
        assertThat(Addresses.shorten("2001:db8:0:1:1:1:1:1")).isEqualTo("2001:db8:0:1:1:1:1:1");
        assertThat(Addresses.shorten("10.0.0.1")).isEqualTo("10.0.0.1");
    }
}
