import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.HostFactsCodec;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.LineBatchCodec;
import dev.gatewatch.wire.SourceKind;
import dev.gatewatch.wire.Topics;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// A file of HAProxy's lines on two topics: as batches such as agents ship, and a line a record. The lines are dealt to
/// proxies on several hosts in blocks of a batch, and lie on the same partition of both topics.
///
/// Each part of the file is one transaction on each topic, so that all of it lies there, and nobody reads it before it
/// is
/// let go.
final class AnalyzerFeed implements AutoCloseable {
    /// Topic of the single lines.
    static final String SINGLE = "single-lines";

    private static final int HOSTS = 8;
    private static final int BATCH_BYTES = 64 << 10;
    private static final int SMALL_BATCH_BYTES = 4 << 10;
    private static final String DAY = "2026-11-22T";

    private final String bootstrapServers;
    private final int partitions;
    private final long[] positions = new long[HOSTS];
    private final List<Map<String, KafkaProducer<String, byte[]>>> parts = new ArrayList<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final List<Map<TopicPartition, Long>> endsOfParts = new ArrayList<>();
    private int block;

    AnalyzerFeed(String bootstrapServers, int partitions) {
        this.bootstrapServers = bootstrapServers;
        this.partitions = partitions;
    }

    /// What the agents tell of the proxies: four upstreams of four servers, the same for all of them.
    void writeFacts() {
        try (KafkaProducer<String, byte[]> producer = producer(Map.of())) {
            for (int host = 0; host < HOSTS; host++) {
                HostFacts facts = facts(host);
                producer.send(new ProducerRecord<>(Topics.HOSTS, facts.host(), HostFactsCodec.encode(facts)));
            }
        }
    }

    private static HostFacts facts(int host) {
        List<HostFacts.Upstream> upstreams = new ArrayList<>();
        for (int service = 0; service < TrafficFile.SERVICES.size(); service++) {
            List<HostFacts.Server> servers = new ArrayList<>();
            for (int server = 1; server <= 4; server++) {
                servers.add(new HostFacts.Server("app" + server, "10.85.1." + server + ":808" + service, true, false));
            }
            upstreams.add(new HostFacts.Upstream("be_" + TrafficFile.SERVICES.get(service), false, servers));
        }
        Instant at = Instant.parse(DAY + "09:59:00Z");
        HostFacts.ProxyFacts proxy =
                new HostFacts.ProxyFacts("haproxy", "haproxy.service", "1", at, at, upstreams, List.of(), List.of());
        return new HostFacts(
                host(host),
                at,
                List.of("10.85.2." + host),
                at,
                ZoneOffset.UTC,
                true,
                List.of(),
                List.of(),
                List.of(proxy),
                List.of());
    }

    private static String host(int number) {
        return "lb" + number;
    }

    /// Writes the file's lines in parts.
    ///
    /// @param counts lines of each part; the first is in batches of some twenty lines, which are more
    ///     records: the JVM compiles what is called often
    void write(Path file, List<Integer> counts) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
            for (int part = 0; part < counts.size(); part++) {
                KafkaProducer<String, byte[]> batches = transaction("batches-" + part);
                KafkaProducer<String, byte[]> single = transaction("single-" + part);
                parts.add(Map.of(Topics.LINES, batches, SINGLE, single));
                writePart(in, counts.get(part), part == 0 ? SMALL_BATCH_BYTES : BATCH_BYTES, batches, single);
                batches.flush();
                single.flush();
                endsOfParts.add(Map.copyOf(ends));
            }
        }
    }

    private KafkaProducer<String, byte[]> transaction(String id) {
        KafkaProducer<String, byte[]> producer = producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id));
        producer.initTransactions();
        producer.beginTransaction();
        return producer;
    }

    private void writePart(
            InputStream in,
            int count,
            int batchBytes,
            KafkaProducer<String, byte[]> batches,
            KafkaProducer<String, byte[]> single)
            throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(batchBytes);
        byte[] line = new byte[1 << 12];
        for (int i = 0; i < count; i++) {
            int length = readLine(in, line);
            if (lines.size() + length + 1 > batchBytes) {
                ship(lines.toByteArray(), batches);
                lines.reset();
            }
            lines.write(line, 0, length);
            lines.write('\n');
            single.send(
                    new ProducerRecord<>(SINGLE, block % HOSTS % partitions, null, null, Arrays.copyOf(line, length)),
                    this::sent);
        }
        ship(lines.toByteArray(), batches);
    }

    private static int readLine(InputStream in, byte[] line) throws IOException {
        int length = 0;
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the file has too few lines");
            }
            line[length++] = (byte) c;
        }
        return length;
    }

    private void ship(byte[] lines, KafkaProducer<String, byte[]> producer) {
        int host = block++ % HOSTS;
        LineBatch batch = new LineBatch(
                host(host),
                List.of("10.85.2." + host),
                SourceKind.HAPROXY,
                "/var/log/haproxy.log",
                "haproxy-" + host,
                positions[host],
                positions[host] + lines.length,
                positions[host],
                ZoneOffset.UTC,
                lastStamp(lines),
                null,
                Set.of(),
                null,
                lines);
        positions[host] = batch.end();
        RecordHeaders headers = new RecordHeaders();
        LineBatchCodec.writeHeaders(batch, headers);
        producer.send(
                new ProducerRecord<>(
                        Topics.LINES, host % partitions, batch.readAt().toEpochMilli(), batch.stream(), lines, headers),
                this::sent);
    }

    private void sent(RecordMetadata where, @Nullable Exception problem) {
        if (problem != null) {
            throw new IllegalStateException("the broker does not take the lines", problem);
        }
        synchronized (ends) {
            ends.merge(new TopicPartition(where.topic(), where.partition()), where.offset() + 1, Math::max);
        }
    }

    /// Where a part of a topic ends.
    Map<TopicPartition, Long> ends(String topic, int part) {
        Map<TopicPartition, Long> there = new HashMap<>(endsOfParts.get(part));
        there.keySet().removeIf(partition -> !partition.topic().equals(topic));
        return there;
    }

    /// When the last line was written: `Nov 22 10:00:00 lb1 …`, right after that second began.
    private static Instant lastStamp(byte[] lines) {
        int from = lines.length - 1;
        while (from > 0 && lines[from - 1] != '\n') {
            from--;
        }
        String time = new String(lines, from + "Nov 22 ".length(), 8, java.nio.charset.StandardCharsets.US_ASCII);
        return Instant.parse(DAY + time + "Z").plusSeconds(1);
    }

    /// Lets a part of a topic go: from now on it can be read.
    void release(String topic, int part) {
        parts.get(part).get(topic).commitTransaction();
    }

    private KafkaProducer<String, byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10);
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int)
                Duration.ofMinutes(15).toMillis());
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public void close() {
        parts.forEach(topics -> topics.values().forEach(producer -> producer.close(Duration.ZERO)));
    }
}
