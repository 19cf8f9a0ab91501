package dev.gatewatch.standalone.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.AnalyzerEvents;
import dev.gatewatch.analyzer.Pipeline;
import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.analyzer.service.ReportCodec;
import dev.gatewatch.analyzer.service.ServiceReport;
import dev.gatewatch.analyzer.service.Tally;
import dev.gatewatch.wire.Gap;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.LineBatchCodec;
import dev.gatewatch.wire.SourceKind;
import dev.gatewatch.wire.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.cumulative.CumulativeCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What waits for a commit, when the thread fails before it.
class UncleanStopTest {
    private static final int BATCHES = 400;
    private static final int LINES = 10;
    private static final int FAILURES = 2;
    private static final int POISONED = 150;
    private static final String LINE =
            "Nov 22 10:00:00 lb1 haproxy[9]: 10.0.0.9:42020 [22/Nov/2026:10:00:00.000] fe be/app1 0/0/1/7/9 200 217 - - ---- 2/2/1/1/0 0/0 \"GET / HTTP/1.1\"\n";

    @TempDir
    Path folder;

    private final AtomicInteger failed = new AtomicInteger();

    @Test
    void every_line_is_counted_once_whenever_the_thread_fails() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            broker.createTopics(Duration.ofDays(10_000));
            write(broker);
            try (KafkaStreams analyzer = analyzer(broker)) {
                analyzer.start();

                List<ServiceReport> reports = reports(broker);

                assertThat(failed).hasValueGreaterThanOrEqualTo(FAILURES);
                assertThat(requests(reports)).isEqualTo(BATCHES * LINES);
                assertThat(reports).as("they were added up").hasSizeLessThan(BATCHES / 2);
            }
        }
    }

    private final class Failing extends CumulativeCounter {
        Failing(Meter.Id id) {
            super(id);
        }

        @Override
        public void increment(double amount) {
            if (failed.getAndIncrement() < FAILURES) {
                throw new IllegalStateException("the thread fails");
            }
            super.increment(amount);
        }
    }

    /// One that fails at a batch, until it has failed often enough.
    private KafkaStreams analyzer(EmbeddedBroker broker) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry() {
            @Override
            protected Counter newCounter(Meter.Id id) {
                return id.getName().equals("gatewatch_source_gaps_total") ? new Failing(id) : super.newCounter(id);
            }
        };
        Properties p = new Properties();
        p.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        p.put(StreamsConfig.APPLICATION_ID_CONFIG, "unclean");
        p.put(StreamsConfig.STATE_DIR_CONFIG, folder.resolve("state").toString());
        p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        p.put(
                StreamsConfig.REPARTITION_PURGE_INTERVAL_MS_CONFIG,
                Duration.ofHours(1).toMillis()); // the test reads them
        p.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        p.put(
                StreamsConfig.consumerPrefix("session.timeout.ms"),
                6_000); // so long the failed thread keeps its partitions
        p.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 1_000);
        p.put(StreamsConfig.consumerPrefix("max.poll.records"), 60); // so that commits come between the failures
        KafkaStreams streams =
                new KafkaStreams(new Pipeline(BurstConfig.DEFAULT, new AnalyzerEvents(registry)).get(), p);
        streams.setUncaughtExceptionHandler(e -> StreamThreadExceptionResponse.REPLACE_THREAD);
        return streams;
    }

    private static void write(EmbeddedBroker broker) throws Exception {
        Map<String, Object> config =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "max.in.flight.requests.per.connection", 1);
        byte[] lines = LINE.repeat(LINES).getBytes(UTF_8);
        Instant readAt = Instant.parse("2026-11-22T10:00:01Z");
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < BATCHES; i++) {
                long start = (long) i * lines.length;
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
                        readAt,
                        null,
                        Set.of(),
                        i == POISONED ? new Gap(Gap.Kind.ROTATED, 1) : null,
                        lines);
                RecordHeaders headers = new RecordHeaders();
                LineBatchCodec.writeHeaders(batch, headers);
                sent.add(producer.send(new ProducerRecord<>(Topics.LINES, null, batch.stream(), lines, headers)));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    /// What was committed, once no more comes.
    private static List<ServiceReport> reports(EmbeddedBroker broker) throws IOException, InterruptedException {
        Map<String, Object> config = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "auto.offset.reset",
                "earliest",
                "isolation.level",
                "read_committed");
        List<ServiceReport> reports = new ArrayList<>();
        ReportCodec codec = new ReportCodec();
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            String topic = "unclean-service-reports-repartition";
            for (int tries = 0; !consumer.listTopics().containsKey(topic) && tries < 300; tries++) {
                Thread.sleep(100);
            }
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList());
            int still = 0;
            for (int tries = 0; tries < 600 && still < 15; tries++) {
                int before = reports.size();
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    reports.addAll(codec.decode(record.value()));
                }
                still = requests(reports) < BATCHES * LINES || reports.size() > before ? 0 : still + 1;
            }
        }
        return reports;
    }

    private static long requests(List<ServiceReport> reports) {
        return reports.stream()
                .flatMap(report -> report.tallies().stream())
                .mapToLong(Tally::count)
                .sum();
    }
}
