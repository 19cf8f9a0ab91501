package dev.gatewatch.standalone.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.gatewatch.agent.AgentConfig;
import dev.gatewatch.alerts.AlertsConfig;
import dev.gatewatch.analyzer.AnalyzerConfig;
import dev.gatewatch.program.ConfigException;
import dev.gatewatch.program.ConfigFile;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The example configurations that people begin with.
class ShippedConfigTest {
    private static final Path EXAMPLES = Path.of("../config");

    static Stream<Arguments> examples() {
        return Stream.of(
                argumentSet("agent", "agent.yaml", AgentConfig.class),
                argumentSet("analyzer", "analyzer.yaml", AnalyzerConfig.class),
                argumentSet("alerts", "alerts.yaml", AlertsConfig.class),
                argumentSet("standalone", "standalone.yaml", StandaloneConfig.class));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void an_example_passes_its_check_and_what_check_prints_passes_too(String file, Class<?> type)
            throws ConfigException {
        Object config = ConfigFile.read(EXAMPLES.resolve(file), type);

        assertThat(ConfigFile.parse(ConfigFile.print(config), type)).isEqualTo(config);
    }

    @Test
    void standalone_needs_no_configuration() throws ConfigException {
        StandaloneConfig config = ConfigFile.parse("{}", StandaloneConfig.class);

        assertThat(config.page()).hasToString("127.0.0.1:9095");
        assertThat(config.journal().enabled()).isTrue();
    }
}
