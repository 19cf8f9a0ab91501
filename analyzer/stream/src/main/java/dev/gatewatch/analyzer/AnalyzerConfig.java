package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.program.Address;
import dev.gatewatch.program.Default;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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
        public KafkaConfig {
            bootstrapServers = List.copyOf(bootstrapServers);
            properties = Map.copyOf(properties);
            if (bootstrapServers.isEmpty()) {
                throw new IllegalArgumentException("bootstrap_servers is empty (expected: at least one HOST:PORT)");
            }
        }
    }

    /// The port for those who run the analyzer.
    public record Admin(@Default("127.0.0.1:9464") Address listen) {}

    public AnalyzerConfig {
        if (threads < 1 || threads > 64) {
            throw new IllegalArgumentException("threads: " + threads + " (expected: 1 to 64)");
        }
        if (standbyReplicas < 0 || standbyReplicas > 5) {
            throw new IllegalArgumentException("standby_replicas: " + standbyReplicas + " (expected: 0 to 5)");
        }
    }
}
