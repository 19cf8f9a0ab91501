package dev.gatewatch.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.agent.checkpoint.StateDirectoryInUseException;
import dev.gatewatch.program.ConfigException;
import dev.gatewatch.program.ConfigFile;
import dev.gatewatch.wire.HostFactsCodec;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.LineBatchCodec;
import dev.gatewatch.wire.SourceKind;
import dev.gatewatch.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The whole agent with its threads, on real files and a producer that keeps what it gets.
@Timeout(60)
class AgentTest {
    @TempDir
    Path directory;

    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private Path log;
    private Path error;

    @BeforeEach
    void makeLogs() throws IOException {
        log = Files.writeString(directory.resolve("access.log"), "a request\n");
        error = Files.writeString(directory.resolve("error.log"), "an error\n");
        Files.writeString(directory.resolve("nginx.conf"), "upstream app { server 10.0.0.1:80; }");
    }

    private Agent agent() throws ConfigException {
        AgentConfig config = ConfigFile.parse("""
                host: edge1
                state_directory: DIR/state
                files:
                  - {path: DIR/access.log, kind: nginx-access, from: beginning}
                  - {path: DIR/error.log, kind: nginx-error, from: beginning}
                journal: {enabled: false}
                kernel: off
                proxies: [{kind: nginx, configuration: DIR/nginx.conf}]
                """.replace("DIR", directory.toString()), AgentConfig.class);
        return new Agent(config, () -> kafka, InstantSource.system(), meters);
    }

    private List<LineBatch> batches() {
        return kafka.history().stream()
                .filter(record -> record.topic().equals(Topics.LINES))
                .map(record -> LineBatchCodec.read(record.headers(), record.value()))
                .toList();
    }

    private static void await(BooleanSupplier done) throws InterruptedException {
        for (int i = 0; i < 2_000 && !done.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(done.getAsBoolean()).isTrue();
    }

    @Test
    void ships_lines_and_facts_and_stops_quickly_without_forgetting_anything() throws Exception {
        Agent agent = agent();
        try {
            agent.start();
            await(() -> batches().size() == 2 && kafka.history().size() >= 3);
            Files.writeString(log, "another\n", StandardOpenOption.APPEND);
            await(() -> batches().size() == 3);
            await(() -> agent.health().ok());
        } finally {
            long before = System.nanoTime();
            agent.close();
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
        }
        agent.awaitStop();

        assertThat(batches()).extracting(LineBatch::source).contains(SourceKind.NGINX_ACCESS, SourceKind.NGINX_ERROR);
        assertThat(new String(batches().getLast().lines(), StandardCharsets.UTF_8))
                .isEqualTo("another\n");
        assertThat(batches().getLast().prev()).isEqualTo(10);
        var facts = kafka.history().stream()
                .filter(record -> record.topic().equals(Topics.HOSTS))
                .map(record -> HostFactsCodec.decode(record.value()))
                .toList();
        assertThat(facts).isNotEmpty();
        assertThat(facts.getFirst().host()).isEqualTo("edge1");
        assertThat(facts.getFirst().proxies().getFirst().upstreams().getFirst().name())
                .isEqualTo("app");
        assertThat(Files.readString(directory.resolve("state/positions"))).contains("edge1:nginx-access:");
        assertThat(meters.counter("gatewatch.agent.lines.acknowledged", "source", "nginx-access")
                        .count())
                .isEqualTo(2);
    }

    @Test
    void a_second_agent_with_the_same_state_directory_does_not_start() throws Exception {
        try (Agent first = agent();
                Agent second = agent()) {
            first.start();

            assertThatThrownBy(second::start).isInstanceOf(StateDirectoryInUseException.class);
        }
    }

    @Test
    void an_agent_that_never_started_can_be_closed() throws Exception {
        Agent agent = agent();
        agent.close();
        agent.close();
        agent.awaitStop();

        assertThat(agent.health().ok()).isFalse();
        assertThat(error).exists();
    }
}
