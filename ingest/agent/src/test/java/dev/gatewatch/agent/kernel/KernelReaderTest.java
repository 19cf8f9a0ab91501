package dev.gatewatch.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.agent.checkpoint.Checkpoints;
import dev.gatewatch.agent.events.AgentEvents;
import dev.gatewatch.agent.ship.HostStamp;
import dev.gatewatch.agent.testing.Broker;
import dev.gatewatch.agent.testing.HandClock;
import dev.gatewatch.wire.Gap;
import dev.gatewatch.wire.LineBatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelReaderTest {
    @TempDir
    Path directory;

    private final HandClock clock = new HandClock();
    private final Broker broker = new Broker();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Deque<byte[]> ring = new ArrayDeque<>();
    private Instant bootedAt;
    private IOException refusal;
    private Checkpoints checkpoints;
    private KernelReader reader;

    @BeforeEach
    void start() throws IOException {
        bootedAt = clock.instant().minusSeconds(100);
        AgentEvents events = new AgentEvents(meters);
        checkpoints = Checkpoints.open(directory.resolve("state"), clock, events);
        broker.connect(checkpoints);
        HostStamp stamp = new HostStamp("app1", ZoneOffset.UTC, clock, List::of);
        reader = new KernelReader("/dev/kmsg", this::open, "b00t", () -> bootedAt, stamp, broker, checkpoints, events);
    }

    @AfterEach
    void stop() throws IOException {
        reader.close();
        checkpoints.close();
    }

    private KmsgFeed open() throws IOException {
        if (refusal != null) {
            throw refusal;
        }
        return new KmsgFeed() {
            @Override
            public byte[] next() {
                return ring.poll();
            }

            @Override
            public void close() {}
        };
    }

    private void record(long sequence, String text) {
        ring.add(("6," + sequence + ",99000000,-;" + text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void reads_from_the_oldest_record_with_sequence_numbers_as_positions() { // F56
        record(7, "one");
        record(8, "two\n SUBSYSTEM=net");

        reader.poll();

        assertThat(broker.batches()).singleElement().satisfies(batch -> {
            assertThat(Broker.text(batch)).isEqualTo("6,7,99000000,-;one\n6,8,99000000,-;two\n SUBSYSTEM=net\n");
            assertThat(List.of(batch.prev(), batch.start(), batch.end())).containsExactly(7L, 7L, 9L);
            assertThat(batch.stream()).isEqualTo("app1:kernel:b00t");
            assertThat(batch.bootedAt()).isEqualTo(bootedAt);
            assertThat(batch.flags()).isEmpty();
        });
    }

    @Test
    void a_restart_sends_nothing_again_that_is_acknowledged() throws IOException { // F53
        record(7, "one");
        reader.poll();
        stop();
        start();
        record(7, "one");
        record(8, "two");

        reader.poll();

        assertThat(broker.batches()).hasSize(2);
        assertThat(Broker.text(broker.batches().getLast())).isEqualTo("6,8,99000000,-;two\n");
        assertThat(broker.batches().getLast().prev()).isEqualTo(8);
    }

    @Test
    void an_overwritten_ring_leaves_a_gap_with_the_number_of_lost_records() {
        record(7, "one");
        record(20, "two");

        reader.poll();

        LineBatch after = broker.batches().getLast();
        assertThat(after.gap()).isEqualTo(new Gap(Gap.Kind.OVERRUN, 12));
        assertThat(List.of(after.prev(), after.start(), after.end())).containsExactly(8L, 20L, 21L);
    }

    @Test
    void old_records_are_a_replay_and_rubbish_is_left_out() {
        bootedAt = clock.instant().minusSeconds(1_000);
        ring.add("rubbish\n".getBytes(StandardCharsets.UTF_8));
        ring.add("6,x,y,-;rubbish\n".getBytes(StandardCharsets.UTF_8));
        ring.add("6,-5,1,-;rubbish\n".getBytes(StandardCharsets.UTF_8));
        record(7, "one");

        reader.poll();

        assertThat(broker.batches()).singleElement().satisfies(batch -> {
            assertThat(batch.flags()).containsExactly(LineBatch.Flag.REPLAY);
            assertThat(batch.lines()).hasSize("6,7,99000000,-;one\n".length());
        });
    }

    @Test
    void a_closed_device_is_told_once_and_tried_again() {
        refusal = new AccessDeniedException("/dev/kmsg");
        for (int i = 0; i < 10; i++) {
            reader.poll();
            clock.advance(Duration.ofSeconds(30));
        }
        double complaints = meters.counter("gatewatch.agent.source.failures", "source", "kernel")
                .count();
        refusal = null;
        clock.advance(Duration.ofSeconds(60));
        record(1, "one");

        reader.poll();

        assertThat(complaints).isEqualTo(1);
        assertThat(broker.batches()).hasSize(1);
    }

    @Test
    void a_recorded_ring_is_read_to_its_end_and_followed() throws Exception {
        Path file = directory.resolve("kmsg.log");
        byte[] recorded;
        try (InputStream stream = KernelReaderTest.class.getResourceAsStream("kmsg.log")) {
            recorded = stream.readAllBytes();
        }
        Files.write(file, recorded);
        StringBuilder read = new StringBuilder();
        try (KmsgDevice device = KmsgDevice.open(file)) {
            for (int i = 0; i < 500 && read.length() < recorded.length; i++) {
                byte[] record = device.next();
                if (record == null) {
                    Thread.sleep(10);
                } else {
                    assertThat(KmsgRecord.parse(record)).isPresent();
                    read.append(new String(record, StandardCharsets.ISO_8859_1));
                }
            }
        }

        assertThat(read.toString()).isEqualTo(new String(recorded, StandardCharsets.ISO_8859_1));
    }
}
