package dev.gatewatch.analyzer;

import dev.gatewatch.incident.IncidentTopic;
import dev.gatewatch.wire.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
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
import org.apache.kafka.common.record.TimestampType;

/// The topics that the analyzer reads and writes. It makes those that are missing and leaves those that are
/// there alone.
///
/// @param linePartitions partitions of the lines topic: how many threads can share the reading
/// @param linesKept how long lines, and lines that no grammar reads, are kept
/// @param replicationFactor of all topics, -1 for the cluster's default
public record AnalyzerTopics(int linePartitions, Duration linesKept, int replicationFactor) {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /// Evidence is looked for minutes before a burst, and all of this is read at each start.
    private static final Duration HOST_EVENTS_KEPT = Duration.ofHours(6);

    /// A host that does not report for so long is gone from the topic too.
    private static final Duration HOSTS_KEPT = Duration.ofDays(7);

    /// All reports of so long stay, not only each host's newest: what they say of listeners is
    /// looked back at.
    private static final Duration FACTS_UNCOMPACTED = Duration.ofMinutes(15);

    private static final Duration INCIDENTS_KEPT = Duration.ofDays(30);

    /// What a topic holds is deleted or compacted by files, and never what is in the file that is
    /// written to. Kafka begins another one after 7 days or 1 GiB; here it is a twelfth of the time
    /// for which records are kept.
    private static final int FILES = 12;

    private static final Duration COMPACTED_FILE = Duration.ofMinutes(10);

    /// Compacting joins files up to this size, and a joined one is deleted only when all that is in
    /// it is old: so much may stay longer.
    private static final int COMPACTED_FILE_BYTES = 16 << 20;

    /// Makes those topics that are missing.
    ///
    /// @param adminProperties how to reach the cluster
    /// @throws IOException if the cluster cannot be reached or does not make them
    public void ensure(Map<String, Object> adminProperties) throws IOException, InterruptedException {
        try (Admin admin = Admin.create(adminProperties)) {
            Set<String> there = admin.listTopics().names().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            List<NewTopic> missing = topics().stream()
                    .filter(topic -> !there.contains(topic.name()))
                    .toList();
            admin.createTopics(missing).all().get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) { // another instance was faster
                throw new IOException("topics cannot be made: " + e.getMessage(), e);
            }
        } catch (TimeoutException e) {
            throw new IOException("the cluster did not answer within " + TIMEOUT.toSeconds() + " s", e);
        }
    }

    private List<NewTopic> topics() {
        return List.of(
                topic(Topics.LINES, linePartitions, kept(linesKept)),
                topic(Topics.HOSTS, 1, compacted(HOSTS_KEPT, FACTS_UNCOMPACTED)),
                topic(Pipeline.HOST_EVENTS, 1, byBrokersClock(kept(HOST_EVENTS_KEPT))),
                topic(Pipeline.DEAD_LETTERS, 1, large(kept(linesKept))),
                topic(IncidentTopic.NAME, 1, compacted(INCIDENTS_KEPT, Duration.ZERO)));
    }

    private static Map<String, String> kept(Duration time) {
        return Map.of(
                TopicConfig.RETENTION_MS_CONFIG, millis(time),
                TopicConfig.SEGMENT_MS_CONFIG, millis(time.dividedBy(FILES)));
    }

    /// For records whose time is that of a host, whose clock may be ahead: they would stay until
    /// that time has come.
    private static Map<String, String> byBrokersClock(Map<String, String> settings) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, TimestampType.LOG_APPEND_TIME.name);
        return more;
    }

    /// For records of a topic with more headers than there.
    private static Map<String, String> large(Map<String, String> settings) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(Analyzer.LARGEST_RECORD));
        return more;
    }

    /// Of each key the newest record is kept for a time, all records for a shorter one.
    private static Map<String, String> compacted(Duration time, Duration all) {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG,
                TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG,
                millis(time),
                TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                millis(all),
                TopicConfig.SEGMENT_MS_CONFIG,
                millis(COMPACTED_FILE),
                TopicConfig.SEGMENT_BYTES_CONFIG,
                Integer.toString(COMPACTED_FILE_BYTES));
    }

    private static String millis(Duration time) {
        return Long.toString(time.toMillis());
    }

    private NewTopic topic(String name, int partitions, Map<String, String> settings) {
        Optional<Short> factor = replicationFactor < 0 ? Optional.empty() : Optional.of((short) replicationFactor);
        return new NewTopic(name, Optional.of(partitions), factor).configs(settings);
    }
}
