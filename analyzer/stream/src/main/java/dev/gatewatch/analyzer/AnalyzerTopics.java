package dev.gatewatch.analyzer;

import dev.gatewatch.incident.IncidentTopic;
import dev.gatewatch.wire.Topics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/// The topics that the analyzer reads and writes. It makes those that are missing and leaves those that are
/// there alone.
final class AnalyzerTopics {
    private static final long TIMEOUT_SECONDS = 30;
    private static final int PARTITIONS = 6;
    private static final String SIX_HOURS = "21600000";
    private static final String SEVEN_DAYS = "604800000";

    private AnalyzerTopics() {}

    /// @throws IOException if the cluster cannot be reached or does not make them
    static void ensure(Map<String, Object> adminProperties, int replicationFactor)
            throws IOException, InterruptedException {
        try (Admin admin = Admin.create(adminProperties)) {
            Set<String> there = admin.listTopics().names().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            List<NewTopic> missing = topics(replicationFactor).stream()
                    .filter(topic -> !there.contains(topic.name()))
                    .toList();
            admin.createTopics(missing).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) { // another instance was faster
                throw new IOException("topics cannot be made: " + e.getMessage(), e);
            }
        } catch (TimeoutException e) {
            throw new IOException("the cluster did not answer within " + TIMEOUT_SECONDS + " s", e);
        }
    }

    private static List<NewTopic> topics(int replicationFactor) {
        return List.of(
                topic(Topics.LINES, PARTITIONS, replicationFactor, Map.of(TopicConfig.RETENTION_MS_CONFIG, SEVEN_DAYS)),
                topic(Topics.HOSTS, 1, replicationFactor, compacted()),
                topic(Pipeline.HOST_EVENTS, 1, replicationFactor, Map.of(TopicConfig.RETENTION_MS_CONFIG, SIX_HOURS)),
                topic(Pipeline.DEAD_LETTERS, 1, replicationFactor, Map.of(TopicConfig.RETENTION_MS_CONFIG, SEVEN_DAYS)),
                topic(IncidentTopic.NAME, 1, replicationFactor, compacted()));
    }

    private static Map<String, String> compacted() {
        return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    }

    private static NewTopic topic(String name, int partitions, int replicationFactor, Map<String, String> settings) {
        Optional<Short> factor = replicationFactor < 0 ? Optional.empty() : Optional.of((short) replicationFactor);
        return new NewTopic(name, Optional.of(partitions), factor).configs(settings);
    }
}
