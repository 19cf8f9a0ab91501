package dev.gatewatch.standalone.broker;

import dev.gatewatch.analyzer.Pipeline;
import dev.gatewatch.incident.IncidentTopic;
import dev.gatewatch.wire.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/// Gatewatch's topics as a single host needs them.
///
/// @param keepLines how long lines are kept
public record StandaloneTopics(Duration keepLines) {
    private static final int LINE_PARTITIONS = 4;
    /// Evidence is looked for minutes before a burst, and all of this is read at each start.
    private static final Duration HOST_EVENTS_KEPT = Duration.ofHours(1);

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /// Makes those topics that are missing.
    ///
    /// @throws IOException if the broker does not
    public void create(String bootstrapServers) throws IOException, InterruptedException {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            Set<String> there = admin.listTopics().names().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            List<NewTopic> missing = topics().stream()
                    .filter(topic -> !there.contains(topic.name()))
                    .toList();
            admin.createTopics(missing).all().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("topics cannot be made on " + bootstrapServers + ": " + e.getMessage(), e);
        }
    }

    private List<NewTopic> topics() {
        return List.of(
                topic(Topics.LINES, LINE_PARTITIONS, kept(keepLines)),
                topic(Topics.HOSTS, 1, compacted()),
                topic(IncidentTopic.NAME, 1, compacted()),
                topic(Pipeline.HOST_EVENTS, 1, kept(HOST_EVENTS_KEPT)),
                topic(Pipeline.DEAD_LETTERS, 1, kept(keepLines)));
    }

    private static NewTopic topic(String name, int partitions, Map<String, String> settings) {
        return new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(settings);
    }

    private static Map<String, String> kept(Duration time) {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                Long.toString(time.toMillis()));
    }

    private static Map<String, String> compacted() {
        return Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    }
}
