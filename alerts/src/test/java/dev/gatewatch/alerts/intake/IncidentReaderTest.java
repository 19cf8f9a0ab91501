package dev.gatewatch.alerts.intake;

import static dev.gatewatch.alerts.Incidents.START;
import static dev.gatewatch.alerts.Incidents.anIncident;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.alerts.Await;
import dev.gatewatch.alerts.board.Board;
import dev.gatewatch.alerts.board.Retention;
import dev.gatewatch.alerts.events.AlertsEvents;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.incident.IncidentJson;
import dev.gatewatch.incident.IncidentTopic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Reads from Kafka's own in-memory consumer; the programs' end-to-end tests read from a broker.
class IncidentReaderTest {
    private static final TopicPartition PARTITION = new TopicPartition(IncidentTopic.NAME, 0);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Board board = new Board(new Retention(Duration.ofDays(7), 100), () -> START.plusSeconds(60));
    private final IncidentJson json = new IncidentJson();
    private final AtomicInteger consumers = new AtomicInteger();
    private @Nullable IncidentReader reader;
    private long offset;

    @AfterEach
    void stop() {
        if (reader != null) {
            reader.close();
        }
    }

    @Test
    void theBoardIsRebuiltFromTheTopicAndMalformedRecordsAreCounted() {
        Incident first = anIncident().build();
        Incident second = anIncident().id("payments-1").revision(3).build();

        start(List.of(
                record(first.id(), json.encode(first)),
                record("not-json-1", "{".getBytes(StandardCharsets.UTF_8)),
                record("other-key-1", json.encode(first)),
                record("no-members-1", "{\"id\":\"no-members-1\"}".getBytes(StandardCharsets.UTF_8)),
                record("null-value-1", "null".getBytes(StandardCharsets.UTF_8)),
                record(null, json.encode(first)),
                record(second.id(), json.encode(second)),
                record(first.id(), null)));

        Await.until("the board is complete", () -> board.view().complete());
        assertThat(board.view().incidents()).containsExactly(second);
        assertThat(meters.counter("gatewatch.alerts.malformed").count()).isEqualTo(5);
        assertThat(reader.health().ok()).isTrue();
    }

    @Test
    void aBrokerThatFailsIsTriedAgain() {
        Incident incident = anIncident().build();
        List<ConsumerRecord<byte[], byte[]>> records = List.of(record(incident.id(), json.encode(incident)));

        reader = new IncidentReader(
                () -> {
                    if (consumers.incrementAndGet() < 2) {
                        throw new KafkaException("no broker answers");
                    }
                    return consumer(records);
                },
                board,
                new AlertsEvents(meters));
        reader.start();

        Await.until(
                "the broker is reported away",
                () -> reader.health().reason().equals("no broker answers") || consumers.get() > 1);
        Await.until("the board is complete", () -> board.view().complete());
        assertThat(board.view().incidents()).containsExactly(incident);
        assertThat(meters.get("gatewatch.alerts.broker.away").gauge().value()).isZero();
    }

    @Test
    void theConsumerIsClosedByAThreadThatIsNotInterrupted() {
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {
            @Override
            public synchronized void close() {
                interrupted.set(Thread.currentThread().isInterrupted());
                super.close();
            }
        };
        prepare(consumer, List.of());
        reader = new IncidentReader(() -> consumer, board, new AlertsEvents(meters));
        reader.start();
        Await.until("the board is complete", () -> board.view().complete());

        reader.close();

        assertThat(interrupted).hasValue(false);
    }

    private void start(List<ConsumerRecord<byte[], byte[]>> records) {
        reader = new IncidentReader(() -> consumer(records), board, new AlertsEvents(meters));
        reader.start();
    }

    private static Consumer<byte[], byte[]> consumer(List<ConsumerRecord<byte[], byte[]>> records) {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        prepare(consumer, records);
        return consumer;
    }

    private static void prepare(MockConsumer<byte[], byte[]> consumer, List<ConsumerRecord<byte[], byte[]>> records) {
        consumer.updatePartitions(
                IncidentTopic.NAME, List.of(new PartitionInfo(IncidentTopic.NAME, 0, null, null, null)));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, (long) records.size()));
        consumer.schedulePollTask(() -> records.forEach(consumer::addRecord));
    }

    private ConsumerRecord<byte[], byte[]> record(@Nullable String key, byte @Nullable [] value) {
        byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        return new ConsumerRecord<>(IncidentTopic.NAME, 0, offset++, bytes, value);
    }
}
