package dev.gatewatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.program.ConfigException;
import dev.gatewatch.program.ConfigFile;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentConfigTest {
    @Test
    void everything_has_a_default() throws ConfigException {
        AgentConfig config = ConfigFile.parse("{}", AgentConfig.class);

        assertThat(config.host()).isNull();
        assertThat(config.stateDirectory()).isEqualTo(Path.of("/var/lib/gatewatch-agent"));
        assertThat(config.kafka().bootstrapServers()).containsExactly("127.0.0.1:9092");
        assertThat(config.files()).isEmpty();
        assertThat(config.journal().enabled()).isTrue();
        assertThat(config.journal().command()).containsExactly("journalctl");
        assertThat(config.kernel()).isEqualTo(AgentConfig.KernelMode.AUTO);
        assertThat(config.kernelDevice()).isEqualTo(Path.of("/dev/kmsg"));
        assertThat(config.proxies()).isEmpty();
        assertThat(config.facts().interval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.facts().sockets()).containsExactly("ss");
        assertThat(config.addresses()).isEmpty();
        assertThat(config.admin().listen()).hasToString("127.0.0.1:9094");
    }

    @Test
    void a_whole_configuration() throws ConfigException {
        AgentConfig config = ConfigFile.parse("""
                host: edge1.lab
                state_directory: /tmp/state
                kafka:
                  bootstrap_servers: [kafka1:9092, kafka2:9092]
                  properties: {compression.type: zstd}
                files:
                  - {path: /var/log/nginx/*access.log, kind: nginx-access}
                  - {path: /var/log/nginx/error.log, kind: nginx-error, from: beginning}
                journal: {enabled: false}
                kernel: off
                proxies:
                  - {kind: nginx, configuration: /etc/nginx/nginx.conf}
                  - {kind: haproxy, configuration: /etc/haproxy/haproxy.cfg, unit: haproxy@a.service}
                facts: {interval: 30s}
                admin: {listen: "127.0.0.1:0"}
                """, AgentConfig.class);

        assertThat(config.files().getLast().from()).isEqualTo(AgentConfig.From.BEGINNING);
        assertThat(config.files().getFirst().from()).isEqualTo(AgentConfig.From.END);
        assertThat(config.kernel()).isEqualTo(AgentConfig.KernelMode.OFF);
        assertThat(config.proxies().getFirst().unitName()).isEqualTo("nginx.service");
        assertThat(config.proxies().getLast().unitName()).isEqualTo("haproxy@a.service");
        assertThat(ProducerSettings.of(config.kafka(), "edge1.lab"))
                .containsEntry("compression.type", "zstd")
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("delivery.timeout.ms", Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx-access", "nginx-error", "haproxy", "alb", "envoy", "traefik", "caddy"})
    void a_file_may_be_of_any_proxy(String kind) throws ConfigException {
        AgentConfig config = ConfigFile.parse("files: [{path: /a, kind: " + kind + "}]", AgentConfig.class);
        assertThat(config.files().getFirst().source().id()).isEqualTo(kind);
    }

    @ParameterizedTest
    @ValueSource(strings = {"journald", "kernel"})
    void a_file_is_no_journal_and_no_kernel(String kind) {
        assertThatThrownBy(() -> ConfigFile.parse("files: [{path: /a, kind: " + kind + "}]", AgentConfig.class))
                .hasMessageContaining("one of nginx-access");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "journal: {enabled: false} | something to read",
                "files: [{path: access.log, kind: nginx-access}] | an absolute path",
                "files: [{path: /a, kind: nginx}] | one of nginx-access, nginx-error, haproxy, alb, envoy, traefik, caddy",
                "files: [{path: /a, kind: haproxy}, {path: /a, kind: haproxy}] | each path once",
                "files: [{path: /var/log/*/access.log, kind: haproxy}] | :16: files[0].path: /var/log/*/access.log (expected: a glob in the last segment only",
                "kafka: {properties: {acks: '0'}} | :28: kafka.properties.acks: 0 (expected: no such key, the agent sets it)",
                "kafka: {properties: {security.protcol: SSL}} | kafka.properties.security.protcol: unknown key (expected: security.protocol)",
                "kafka: {properties: {security.protocol: NONSENSE}} | kafka.properties.security.protocol: NONSENSE (expected: ",
                "facts: {interval: 0s} | :19: facts.interval: 0s (expected: a duration from",
                "journal: {command: []} | :20: journal.command: [] (expected: at least one element)",
                "proxies: [{kind: apache, configuration: /a}] | proxies[0].kind: apache (expected: nginx or haproxy)",
                "host: 'a b' | a name without blanks",
                "kernal: auto | kernel",
            })
    void what_cannot_work_is_refused(String yaml, String expected) {
        assertThatThrownBy(() -> ConfigFile.parse(yaml, AgentConfig.class))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(expected);
    }
}
