package dev.gatewatch.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.analyzer.Pipeline;
import dev.gatewatch.incident.IncidentTopic;
import dev.gatewatch.wire.Topics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {
    private static final Duration KEPT = Duration.ofHours(6);

    @TempDir
    Path data;

    @Test
    void what_was_written_is_there_after_a_restart() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0)) {
            broker.createTopics(KEPT);
            write(broker, "orders", "stopped");
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0)) {
            broker.createTopics(KEPT);
            write(broker, "orders", "started");

            assertThat(read(broker, 2)).containsExactly("stopped", "started");
            assertThat(settings(broker, "cleanup.policy"))
                    .containsEntry(Topics.LINES, "delete")
                    .containsEntry(Topics.HOSTS, "compact,delete")
                    .containsEntry(IncidentTopic.NAME, "compact,delete")
                    .containsEntry(Pipeline.DEAD_LETTERS, "delete");
        }
    }

    @Test
    void no_topic_keeps_much_more_than_it_should() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(data, 0)) {
            broker.createTopics(KEPT);
            Map<String, String> kept = settings(broker, "retention.ms");
            assertThat(settings(broker, "segment.ms"))
                    .containsOnlyKeys(kept.keySet())
                    .allSatisfy((topic, file) -> assertThat(Duration.ofMillis(Long.parseLong(file)))
                            .as(topic)
                            .isLessThanOrEqualTo(Duration.ofMinutes(30))
                            .isLessThan(Duration.ofMillis(Long.parseLong(kept.get(topic)))));
            assertThat(kept)
                    .containsEntry(
                            Pipeline.HOST_EVENTS,
                            Long.toString(Duration.ofHours(6).toMillis()))
                    .containsEntry(
                            IncidentTopic.NAME,
                            Long.toString(Duration.ofDays(30).toMillis()));
        }
    }

    @Test
    void a_port_in_use_is_named() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedBroker.start(data, taken.getLocalPort()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("port " + taken.getLocalPort());
        }
    }

    private static void write(EmbeddedBroker broker, String key, String value) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(Topics.LINES, key, value)).get();
        }
    }

    private static List<String> read(EmbeddedBroker broker, int expected) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "earliest");
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(consumer.partitionsFor(Topics.LINES).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList());
            for (int tries = 0; values.size() < expected && tries < 100; tries++) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
            }
        }
        return values;
    }

    private static Map<String, String> settings(EmbeddedBroker broker, String key) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            List<ConfigResource> topics = admin.listTopics().names().get().stream()
                    .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                    .toList();
            return admin.describeConfigs(topics).all().get().entrySet().stream()
                    .collect(java.util.stream.Collectors.toMap(
                            e -> e.getKey().name(), e -> e.getValue().get(key).value()));
        }
    }
}
