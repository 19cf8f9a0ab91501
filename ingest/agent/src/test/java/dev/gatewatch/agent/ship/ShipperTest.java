package dev.gatewatch.agent.ship;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.agent.checkpoint.Checkpoints;
import dev.gatewatch.agent.checkpoint.Mark;
import dev.gatewatch.agent.events.AgentEvents;
import dev.gatewatch.agent.testing.HandClock;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.LineBatchCodec;
import dev.gatewatch.wire.SourceKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShipperTest {
    @TempDir
    Path directory;

    private final HandClock clock = new HandClock();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();
    private final HostStamp stamp = new HostStamp("edge1", ZoneOffset.UTC, clock, List::of);
    private Checkpoints checkpoints;
    private Shipper shipper;
    private Outlet lane;

    @BeforeEach
    void start() throws IOException {
        AgentEvents events = new AgentEvents(meters);
        checkpoints = Checkpoints.open(directory, clock, events);
        shipper = new Shipper(this::producer, checkpoints, events, clock);
        lane = shipper.lane(new LaneShare(10_000, 100));
    }

    @AfterEach
    void close() throws IOException {
        shipper.close();
        checkpoints.close();
    }

    private MockProducer<byte[], byte[]> producer() {
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        producers.add(producer);
        return producer;
    }

    private void put(Outlet to, String stream, long start, long end) {
        byte[] lines = ("x".repeat((int) (end - start - 1)) + "\n").getBytes(StandardCharsets.UTF_8);
        to.put(
                stamp.batch(SourceKind.NGINX_ERROR, "/e", stream, start, end, start, null, Set.of(), null, lines),
                1,
                "to " + end);
    }

    private void pump() {
        while (shipper.pump()) {
            // until there is nothing more to send
        }
    }

    private static List<String> sent(MockProducer<byte[], byte[]> producer) {
        return producer.history().stream()
                .map(record -> LineBatchCodec.read(record.headers(), record.value()))
                .map(batch -> batch.stream() + " " + batch.start() + "-" + batch.end())
                .toList();
    }

    @Test
    void a_record_has_the_stream_as_key_and_the_time_of_reading() {
        put(lane, "s", 0, 10);
        pump();

        var record = producers.getFirst().history().getFirst();

        assertThat(record.topic()).isEqualTo("gatewatch.lines");
        assertThat(record.key()).asString().isEqualTo("s");
        assertThat(record.timestamp()).isEqualTo(clock.instant().toEpochMilli());
        LineBatch batch = LineBatchCodec.read(record.headers(), record.value());
        assertThat(batch.end()).isEqualTo(10);
    }

    @Test
    void a_checkpoint_moves_only_over_an_unbroken_row_of_acknowledgements() { // F31
        for (int i = 0; i < 3; i++) {
            put(lane, "s", i * 10L, i * 10L + 10);
        }
        pump();
        var completions = producers.getFirst();
        // MockProducer completes in order; an error in the middle replaces the producer
        completions.completeNext();
        Mark afterFirst = checkpoints.mark("s").orElseThrow();
        completions.errorNext(new OutOfOrderSequenceException("lost its state"));
        completions.completeNext();

        assertThat(afterFirst.position()).isEqualTo(10);
        assertThat(checkpoints.mark("s").orElseThrow().position()).isEqualTo(10);
        assertThat(checkpoints.mark("s").orElseThrow().bookmark()).isEqualTo("to 10");
    }

    @Test
    void a_broken_producer_is_replaced_and_what_was_not_acknowledged_sent_again_in_order() { // F43
        put(lane, "a", 0, 10);
        put(lane, "b", 0, 10);
        put(lane, "a", 10, 20);
        pump();
        producers.getFirst().completeNext();
        producers.getFirst().errorNext(new OutOfOrderSequenceException("lost its state"));
        put(lane, "a", 20, 30);
        pump();
        clock.advance(Duration.ofSeconds(1));
        pump();

        MockProducer<byte[], byte[]> second = producers.get(1);
        while (second.completeNext()) {
            // all acknowledged
        }

        assertThat(producers.getFirst().closed()).isTrue();
        assertThat(sent(second)).containsExactlyInAnyOrder("b 0-10", "a 10-20", "a 20-30");
        assertThat(sent(second)).containsSubsequence("a 10-20", "a 20-30");
        assertThat(checkpoints.mark("a").orElseThrow().position()).isEqualTo(30);
        assertThat(shipper.unacknowledged()).isZero();
        assertThat(shipper.isHealthy()).isTrue();
    }

    @Test
    void a_revoked_right_is_waited_for() { // F37
        put(lane, "s", 0, 10);
        for (int i = 0; i < 20; i++) {
            pump();
            producers.getLast().errorNext(new TopicAuthorizationException("gatewatch.lines"));
            pump();
            clock.advance(Duration.ofSeconds(10));
        }
        boolean healthyMeanwhile = shipper.isHealthy();
        pump();
        producers.getLast().completeNext();

        assertThat(healthyMeanwhile).isFalse();
        assertThat(checkpoints.mark("s").orElseThrow().position()).isEqualTo(10);
    }

    @Test
    void a_producer_that_takes_nothing_is_asked_again_with_the_same_record_first() { // F41
        Unwilling unwilling = new Unwilling();
        AgentEvents events = new AgentEvents(new SimpleMeterRegistry());
        try (Shipper stubborn = new Shipper(() -> unwilling, checkpoints, events, clock)) {
            Outlet only = stubborn.lane(new LaneShare(10_000, 100));
            put(only, "s", 0, 10);
            put(only, "s", 10, 20);
            for (int i = 0; i < 5; i++) {
                stubborn.pump();
            }
            boolean healthyMeanwhile = stubborn.isHealthy();
            unwilling.willing = true;
            for (int i = 0; i < 5; i++) {
                stubborn.pump();
            }
            unwilling.completeNext();

            assertThat(healthyMeanwhile).isFalse();
            assertThat(stubborn.isHealthy()).isTrue();
            assertThat(sent(unwilling)).containsExactly("s 0-10", "s 10-20");
            assertThat(unwilling.closed()).isFalse();
        }
    }

    @Test
    void a_producer_that_cannot_even_be_made_is_made_again_later() {
        List<Integer> made = new ArrayList<>();
        AgentEvents events = new AgentEvents(new SimpleMeterRegistry());
        try (Shipper patient = new Shipper(
                () -> {
                    made.add(1);
                    if (made.size() < 3) {
                        throw new ConfigException("bootstrap.servers: no such host");
                    }
                    return producer();
                },
                checkpoints,
                events,
                clock)) {
            put(patient.lane(new LaneShare(10_000, 100)), "s", 0, 10);
            for (int i = 0; i < 10; i++) {
                patient.pump();
                clock.advance(Duration.ofSeconds(10));
            }
            assertThat(sent(producers.getLast())).containsExactly("s 0-10");
        }
    }

    /// Answers like a KafkaProducer without metadata: through the callback, from within `send`.
    private static final class Unwilling extends MockProducer<byte[], byte[]> {
        private boolean willing;

        Unwilling() {
            super(false, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            if (willing) {
                return super.send(record, callback);
            }
            callback.onCompletion(null, new TimeoutException("no metadata"));
            return CompletableFuture.failedFuture(new TimeoutException("no metadata"));
        }
    }

    @Test
    void a_record_that_the_broker_will_never_take_does_not_block_the_others() { // F38, F39
        put(lane, "s", 0, 10);
        put(lane, "s", 10, 20);
        pump();
        producers.getFirst().errorNext(new RecordTooLargeException());
        producers.getFirst().completeNext();

        assertThat(checkpoints.mark("s").orElseThrow().position()).isEqualTo(20);
        assertThat(meters.counter("gatewatch.agent.batches.refused").count()).isEqualTo(1);
        assertThat(producers).hasSize(1);
    }

    @Test
    void a_full_lane_stops_its_source_and_no_other() { // F40
        Outlet other = shipper.lane(new LaneShare(10_000, 100));
        while (lane.hasRoom()) {
            put(lane, "access", 0, 1_000);
        }
        pump();
        put(other, "error", 0, 10);
        pump();

        assertThat(other.hasRoom()).isTrue();
        assertThat(sent(producers.getFirst())).contains("error 0-10");
        while (producers.getFirst().completeNext()) {
            // the broker wakes up
        }
        assertThat(lane.hasRoom()).isTrue();
        assertThat(meters.find("gatewatch.agent.inflight.bytes").gauge().value())
                .isZero();
    }

    @Test
    void lanes_take_turns() {
        Outlet other = shipper.lane(new LaneShare(10_000, 100));
        for (int i = 0; i < 5; i++) {
            put(lane, "access", i * 10L, i * 10L + 10);
        }
        put(other, "error", 0, 10);

        pump();

        assertThat(sent(producers.getFirst()).subList(0, 2)).contains("error 0-10");
    }

    @Test
    void the_newest_host_facts_are_sent() {
        shipper.publishFacts("edge1", new byte[] {1});
        shipper.publishFacts("edge1", new byte[] {2});
        pump();

        assertThat(producers.getFirst().history()).singleElement().satisfies(record -> {
            assertThat(record.topic()).isEqualTo("gatewatch.hosts");
            assertThat(record.key()).asString().isEqualTo("edge1");
            assertThat(record.value()).containsExactly(2);
        });
    }
}
