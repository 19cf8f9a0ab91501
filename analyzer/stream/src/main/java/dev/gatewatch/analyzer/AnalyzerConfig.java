package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.program.Address;
import dev.gatewatch.program.Default;
import dev.gatewatch.program.Require;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.streams.StreamsConfig;

/// The analyzer's configuration.
///
/// @param kafka how to reach the cluster
/// @param applicationId name of the consumer group and of the internal topics; another one starts anew
/// @param instanceId name of this instance among those of the application. It must stay the same over
///     restarts and differ from the others': then a restart does not move work around
/// @param stateDirectory where stores keep what can be restored faster than from Kafka
/// @param threads stream threads of this instance
/// @param standbyReplicas copies of each store that other instances hold ready; 0 for a single instance
/// @param replicationFactor of the topics that the analyzer makes, -1 for the cluster's default
/// @param bursts how bursts are told from noise
/// @param admin address of `/metrics` and `/health`
public record AnalyzerConfig(
        KafkaConfig kafka,
        @Default("gatewatch-analyzer-1") String applicationId,
        @Default("analyzer-1") String instanceId,
        @Default("/var/lib/gatewatch-analyzer") Path stateDirectory,
        @Default("1") int threads,
        @Default("0") int standbyReplicas,
        @Default("-1") int replicationFactor,
        BurstConfig bursts,
        Admin admin) {

    /// How to reach the cluster.
    ///
    /// @param bootstrapServers `HOST:PORT` of some brokers
    /// @param properties passed to every Kafka client as they are
    public record KafkaConfig(
            @Default("[127.0.0.1:9092]") List<Address> bootstrapServers, Map<String, String> properties) {
        private static final List<ConfigDef> CLIENTS = List.of(
                StreamsConfig.configDef(),
                ConsumerConfig.configDef(),
                ProducerConfig.configDef(),
                AdminClientConfig.configDef());

        private static final List<String> PREFIXES = List.of(
                StreamsConfig.CONSUMER_PREFIX,
                StreamsConfig.MAIN_CONSUMER_PREFIX,
                StreamsConfig.RESTORE_CONSUMER_PREFIX,
                StreamsConfig.GLOBAL_CONSUMER_PREFIX,
                StreamsConfig.PRODUCER_PREFIX,
                StreamsConfig.ADMIN_CLIENT_PREFIX);

        private static final Set<String> FIXED = Set.of(
                StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                StreamsConfig.APPLICATION_ID_CONFIG,
                StreamsConfig.STATE_DIR_CONFIG,
                StreamsConfig.NUM_STREAM_THREADS_CONFIG,
                StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG,
                StreamsConfig.REPLICATION_FACTOR_CONFIG,
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                ConsumerConfig.GROUP_ID_CONFIG);

        public KafkaConfig {
            bootstrapServers = List.copyOf(bootstrapServers);
            properties = Map.copyOf(properties);
            Require.filled("bootstrap_servers", bootstrapServers);
            properties.forEach((key, value) -> Require.check(
                    !FIXED.contains(key), "properties." + key, value, "no such key, the analyzer sets it"));
            Require.spelled("properties", properties.keySet(), known());
            for (ConfigDef client : CLIENTS) {
                for (ConfigValue value : client.validate(properties)) {
                    Require.accepted("properties", properties, value.name(), value.errorMessages());
                }
            }
        }

        /// All keys, and those of a single client with the prefix that Kafka Streams takes off again.
        private static Set<String> known() {
            Set<String> known = new HashSet<>();
            CLIENTS.forEach(client -> known.addAll(client.names()));
            for (String prefix : PREFIXES) {
                CLIENTS.forEach(client -> client.names().forEach(name -> known.add(prefix + name)));
            }
            return known;
        }
    }

    /// The port for those who run the analyzer.
    public record Admin(@Default("127.0.0.1:9464") Address listen) {}

    public AnalyzerConfig {
        requireName("application_id", applicationId);
        requireName("instance_id", instanceId);
        Require.between("threads", threads, 1, 64);
        Require.between("standby_replicas", standbyReplicas, 0, 5);
        Require.check(
                replicationFactor == -1 || replicationFactor > 0,
                "replication_factor",
                replicationFactor,
                "at least 1, or -1 for the cluster's default");
    }

    /// Part of names of topics, groups and folders.
    private static void requireName(String key, String name) {
        Require.check(
                name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}"),
                key,
                "'" + name + "'",
                "at most 100 letters, digits, '.', '_' and '-'");
    }
}
