package dev.gatewatch.alerts.intake;

import dev.gatewatch.program.Address;
import dev.gatewatch.program.Require;
import java.util.List;
import java.util.Map;

/// Where the incidents topic is.
///
/// @param bootstrapServers some brokers of the cluster
/// @param properties further settings of Kafka's consumer, passed on untouched
public record KafkaConfig(List<Address> bootstrapServers, Map<String, String> properties) {
    public KafkaConfig {
        Require.filled("bootstrap_servers", bootstrapServers);
    }
}
