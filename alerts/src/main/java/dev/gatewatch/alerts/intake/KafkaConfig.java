package dev.gatewatch.alerts.intake;

import dev.gatewatch.program.Address;
import dev.gatewatch.program.Require;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.ConfigValue;

/// Where the incidents topic is.
///
/// @param bootstrapServers some brokers of the cluster
/// @param properties further settings of Kafka's consumer, passed on untouched
public record KafkaConfig(List<Address> bootstrapServers, Map<String, String> properties) {
    /// What [IncidentReader] depends on; it belongs to no group.
    private static final Set<String> FIXED = Set.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            ConsumerConfig.GROUP_ID_CONFIG,
            ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG);

    public KafkaConfig {
        Require.filled("bootstrap_servers", bootstrapServers);
        properties.forEach((key, value) -> Require.check(
                !FIXED.contains(key), "properties." + key, value, "no such key, the alert service sets it"));
        Require.spelled("properties", properties.keySet(), ConsumerConfig.configNames());
        for (ConfigValue value : ConsumerConfig.configDef().validate(properties)) {
            Require.accepted("properties", properties, value.name(), value.errorMessages());
        }
    }
}
