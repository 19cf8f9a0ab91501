package dev.gatewatch.analyzer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.program.Address;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The shape of the topology. Names of stores and internal topics are state: whoever renames one starts anew.
class PipelineTest {
    @TempDir
    private Path folder;

    private static Topology topology() {
        return new Pipeline(BurstConfig.DEFAULT, new AnalyzerEvents(new SimpleMeterRegistry())).get();
    }

    @Test
    void the_topology_is_the_one_that_is_written_down() throws IOException {
        try (InputStream file = PipelineTest.class.getResourceAsStream("/topology.txt")) {
            assertThat(topology().describe().toString()).isEqualTo(new String(file.readAllBytes(), UTF_8));
        }
    }

    @Test
    void everything_bears_a_name_that_a_person_gave_it() {
        assertThat(topology().describe().toString())
                .doesNotContainPattern("[0-9]{10}")
                .doesNotContain("KSTREAM-");
    }

    @Test
    void names_are_demanded_for_everything_that_holds_state() {
        AnalyzerConfig config = new AnalyzerConfig(
                new AnalyzerConfig.KafkaConfig(List.of(new Address("127.0.0.1", 9092)), Map.of()),
                "pipeline",
                "pipeline-1",
                folder,
                1,
                0,
                1,
                BurstConfig.DEFAULT,
                new AnalyzerConfig.Admin(new Address("127.0.0.1", 0)));
        Properties properties = new Analyzer(config).properties();
        assertThat(properties).containsEntry(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        assertThatCode(() -> new TopologyTestDriver(topology(), properties).close())
                .doesNotThrowAnyException();
    }
}
