package dev.gatewatch.alerts.intake;

import dev.gatewatch.alerts.board.Board;
import dev.gatewatch.alerts.board.Change;
import dev.gatewatch.alerts.events.AlertsEvents;
import dev.gatewatch.incident.IncidentTopic;
import dev.gatewatch.program.Health;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Keeps the board in step with the incidents topic, in a thread of its own.
///
/// It belongs to no consumer group: the topic is compacted and small, and the board is rebuilt from its
/// beginning at each start. Whatever goes wrong with the broker, it waits a little and begins again; the
/// board takes revisions twice without harm.
public final class IncidentReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    /// How often the broker is asked for the end of the topic, which shows that it is there, and for new
    /// partitions.
    private static final Duration INSPECTION = Duration.ofSeconds(10);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Board board;
    private final AlertsEvents events;
    private final IncidentRecord.Reader records = new IncidentRecord.Reader();
    private final Thread thread;
    private volatile Health health = Health.failing("the incidents topic has not been read yet");
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable Consumer<byte[], byte[]> reading;

    public IncidentReader(KafkaConfig kafka, Board board, AlertsEvents events) {
        this(() -> new KafkaConsumer<>(settings(kafka)), board, events);
    }

    IncidentReader(Supplier<Consumer<byte[], byte[]>> consumers, Board board, AlertsEvents events) {
        this.consumers = consumers;
        this.board = board;
        this.events = events;
        thread = Thread.ofPlatform().name("incident-reader").daemon().unstarted(this::work);
    }

    /// Begins to read.
    public void start() {
        thread.start();
    }

    /// Whether the board is in step with the topic.
    public Health health() {
        return health;
    }

    @Override
    public void close() {
        closed.countDown();
        Consumer<byte[], byte[]> consumer = reading;
        if (consumer != null) {
            consumer.wakeup(); // a consumer whose thread is interrupted cannot be closed in order
        }
        try {
            thread.join(Duration.ofSeconds(3));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Map<String, Object> settings(KafkaConfig kafka) {
        Map<String, Object> settings = new HashMap<>(kafka.properties());
        settings.put(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                kafka.bootstrapServers().stream().map(Objects::toString).collect(Collectors.joining(",")));
        settings.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, "gatewatch-alerts");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return settings;
    }

    private void work() {
        while (!isClosed()) {
            try (Consumer<byte[], byte[]> consumer = consumers.get()) {
                reading = consumer;
                read(consumer);
            } catch (InterruptException | WakeupException e) {
                return;
            } catch (KafkaException e) {
                away(Objects.toString(e.getMessage(), e.getClass().getSimpleName()));
                pause();
            }
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    private void read(Consumer<byte[], byte[]> consumer) {
        if (isClosed()) {
            return;
        }
        List<TopicPartition> partitions = partitions(consumer);
        if (partitions.isEmpty()) {
            away("the topic " + IncidentTopic.NAME + " does not exist yet");
            pause();
            return;
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ANSWER);
        boolean complete = false;
        long inspectedAt = System.nanoTime();
        while (!isClosed()) {
            board.apply(changes(consumer.poll(POLL)));
            if (!complete && reached(consumer, ends)) {
                complete = true;
                reachedEnd();
            }
            if (System.nanoTime() - inspectedAt > INSPECTION.toNanos()) {
                if (consumer.partitionsFor(IncidentTopic.NAME, ANSWER).size() != partitions.size()) {
                    return;
                }
                consumer.endOffsets(partitions, ANSWER);
                inspectedAt = System.nanoTime();
            }
        }
    }

    private static List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
        return consumer.partitionsFor(IncidentTopic.NAME, ANSWER).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }

    private List<Change> changes(ConsumerRecords<byte[], byte[]> polled) {
        List<Change> changes = new ArrayList<>(polled.count());
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            switch (records.read(record.key(), record.value())) {
                case IncidentRecord.Read(Change change) -> changes.add(change);
                case IncidentRecord.Malformed(String why) -> events.malformed(record.partition(), record.offset(), why);
            }
        }
        return changes;
    }

    private static boolean reached(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        Collection<Map.Entry<TopicPartition, Long>> all = ends.entrySet();
        return all.stream().allMatch(end -> consumer.position(end.getKey(), ANSWER) >= end.getValue());
    }

    private void reachedEnd() {
        boolean first = !board.view().complete();
        board.complete();
        events.brokerBack();
        health = Health.ok("reading " + IncidentTopic.NAME);
        if (first) {
            events.caughtUp(board.view().incidents().size());
        }
    }

    private void away(String why) {
        events.brokerAway(why);
        health = Health.failing(why);
    }

    private void pause() {
        try {
            closed.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closed.countDown();
        }
    }
}
