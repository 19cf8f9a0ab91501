package dev.gatewatch.standalone.site;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.incident.IncidentJson;
import dev.gatewatch.incident.IncidentTopic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Hands each new revision of an incident to someone, from now on, on a thread of its own.
public final class IncidentFeed implements AutoCloseable {
    private final KafkaConsumer<String, byte[]> consumer;
    private final Consumer<Incident> reader;
    private final IncidentJson json = new IncidentJson();
    private final Thread thread;

    private IncidentFeed(String bootstrapServers, Consumer<Incident> reader) {
        this.reader = reader;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        this.thread = Thread.ofPlatform().name("incident-feed").daemon().unstarted(this::run);
    }

    /// Begins to read. Revisions that were written before are not handed over.
    public static IncidentFeed start(String bootstrapServers, Consumer<Incident> reader) {
        IncidentFeed feed = new IncidentFeed(bootstrapServers, reader);
        List<TopicPartition> partitions = feed.consumer.partitionsFor(IncidentTopic.NAME).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        feed.consumer.assign(partitions);
        feed.consumer.seekToEnd(partitions);
        partitions.forEach(feed.consumer::position);
        feed.thread.start();
        return feed;
    }

    private void run() {
        try (consumer) {
            while (true) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    read(record.value());
                }
            }
        } catch (WakeupException e) {
            // closed
        }
    }

    private void read(byte[] value) {
        if (value == null) {
            return; // a tombstone
        }
        try {
            reader.accept(json.decode(value));
        } catch (IOException e) {
            // the alert service counts and shows what it cannot read
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
