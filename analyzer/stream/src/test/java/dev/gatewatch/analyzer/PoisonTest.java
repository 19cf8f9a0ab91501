package dev.gatewatch.analyzer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.program.Address;
import dev.gatewatch.wire.Gap;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.LineBatchCodec;
import dev.gatewatch.wire.SourceKind;
import dev.gatewatch.wire.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.cumulative.CumulativeCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A record at which our own code fails. The bug that stands for all others sits in the counting of gaps.
class PoisonTest {
    private static final String LINE =
            "Nov 22 10:00:00 lb1 haproxy[9]: 10.0.0.9:42020 [22/Nov/2026:10:00:00.000] fe be/app1 0/0/1/7/9 200 217 - - ---- 2/2/1/1/0 0/0 \"GET / HTTP/1.1\"\n";

    @TempDir
    private Path folder;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry() {
        @Override
        protected Counter newCounter(Meter.Id id) {
            return id.getName().equals("gatewatch_source_gaps_total") ? new Poisoned(id) : super.newCounter(id);
        }
    };

    private static final class Poisoned extends CumulativeCounter {
        Poisoned(Meter.Id id) {
            super(id);
        }

        @Override
        public void increment(double amount) {
            throw new IllegalStateException("a bug");
        }
    }

    private TopologyTestDriver analyzer() {
        AnalyzerConfig config = new AnalyzerConfig(
                new AnalyzerConfig.KafkaConfig(List.of(new Address("127.0.0.1", 9092)), Map.of()),
                "poison",
                "poison-1",
                folder,
                1,
                0,
                1,
                BurstConfig.DEFAULT,
                new AnalyzerConfig.Admin(new Address("127.0.0.1", 0)));
        return new TopologyTestDriver(
                new Pipeline(BurstConfig.DEFAULT, new AnalyzerEvents(registry)).get(),
                new Analyzer(config).properties());
    }

    private static TestRecord<String, byte[]> batch(long start, @Nullable Gap gap) {
        byte[] lines = LINE.getBytes(UTF_8);
        LineBatch batch = new LineBatch(
                "lb1",
                List.of(),
                SourceKind.HAPROXY,
                "/var/log/haproxy.log",
                "stream-1",
                start,
                start + lines.length,
                start,
                ZoneOffset.UTC,
                Instant.parse("2026-11-22T10:00:01Z"),
                null,
                Set.of(),
                gap,
                lines);
        RecordHeaders headers = new RecordHeaders();
        LineBatchCodec.writeHeaders(batch, headers);
        return new TestRecord<>("stream-1", lines, headers, batch.readAt());
    }

    private static String header(TestRecord<String, byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    @Test
    void a_record_that_cannot_be_processed_is_a_dead_letter_with_cause_and_position_and_the_next_is_read() {
        try (TopologyTestDriver analyzer = analyzer()) {
            var lines = analyzer.createInputTopic(Topics.LINES, new StringSerializer(), new ByteArraySerializer());
            var dead = analyzer.createOutputTopic(
                    Pipeline.DEAD_LETTERS, new StringDeserializer(), new ByteArrayDeserializer());

            lines.pipeInput(batch(0, null));
            lines.pipeInput(batch(LINE.length(), new Gap(Gap.Kind.ROTATED, 1)));
            lines.pipeInput(batch(LINE.length() * 2L, null));

            assertThat(dead.readRecordsToList()).singleElement().satisfies(letter -> {
                assertThat(letter.key()).isEqualTo("stream-1");
                assertThat(letter.value()).isEqualTo(LINE.getBytes(UTF_8));
                assertThat(header(letter, "start")).isEqualTo(Integer.toString(LINE.length()));
                assertThat(header(letter, "__streams.errors.exception")).isEqualTo("java.lang.IllegalStateException");
                assertThat(header(letter, "__streams.errors.message")).isEqualTo("a bug");
                assertThat(header(letter, "__streams.errors.topic")).isEqualTo(Topics.LINES);
                assertThat(header(letter, "__streams.errors.offset")).isEqualTo("1");
            });
            assertThat(counted("gatewatch_requests_total")).isEqualTo(2);
            assertThat(counted("gatewatch_stream_missing_total")).isEqualTo(LINE.length());
        }
    }

    private double counted(String name) {
        return registry.get(name).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
