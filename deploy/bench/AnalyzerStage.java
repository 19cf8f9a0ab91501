import dev.gatewatch.standalone.broker.EmbeddedBroker;
import dev.gatewatch.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// A broker with all lines on it, and both applications, each in so many processes of one stream thread.
final class AnalyzerStage implements AutoCloseable {
    static final String GATEWATCH = "gatewatch-bench";
    static final String FORWARD = "forward-bench";

    private static final String FORWARDED = "forwarded-lines";
    private static final int PARTITIONS = 4; // as many as the embedded broker's lines have
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofMillis(10);

    /// As the launcher starts the analyzer.
    private static final List<String> FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-XX:+UseCompactObjectHeaders",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=info");

    private final Path folder;
    private final EmbeddedBroker broker;
    private final Admin admin;
    private final AnalyzerFeed feed;
    private final Map<String, List<BenchProcess>> processes = new HashMap<>();

    /// What reading one part took.
    record Taken(Duration time, Duration cpu) {}

    private AnalyzerStage(Path folder, EmbeddedBroker broker) {
        this.folder = folder;
        this.broker = broker;
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        feed = new AnalyzerFeed(broker.bootstrapServers(), PARTITIONS);
    }

    /// Writes the lines, starts everything and waits until it runs.
    ///
    /// @param counts lines of each part, the first of which is in small batches
    static AnalyzerStage open(Path folder, Path file, List<Integer> counts, int instances) throws Exception {
        AnalyzerStage stage = new AnalyzerStage(
                folder, EmbeddedBroker.start(Files.createDirectories(folder).resolve("kafka"), 0));
        try {
            stage.prepare(file, counts);
            for (int i = 0; i < instances; i++) {
                stage.startGatewatch(i);
                stage.startForward(i);
            }
            for (List<BenchProcess> all : stage.processes.values()) {
                for (BenchProcess process : all) {
                    process.awaitReady(PATIENCE);
                }
            }
            Thread.sleep(Duration.ofSeconds(instances == 1 ? 1 : 5)); // who has which partition is settled
            return stage;
        } catch (Exception e) {
            stage.close();
            throw e;
        }
    }

    private void prepare(Path file, List<Integer> counts) throws Exception {
        broker.createTopics(Duration.ofDays(10_000)); // the lines are dated, and would be deleted while they wait
        admin.createTopics(List.of(
                        new NewTopic(AnalyzerFeed.SINGLE, PARTITIONS, (short) 1),
                        new NewTopic(FORWARDED, PARTITIONS, (short) 1)))
                .all()
                .get();
        feed.writeFacts();
        feed.write(file, counts);
    }

    private void startGatewatch(int instance) throws IOException {
        int port = BenchProcess.freePort();
        Path config = Files.writeString(folder.resolve("analyzer-" + instance + ".yaml"), """
                kafka:
                  bootstrap_servers: ["%s"]
                application_id: %s
                instance_id: analyzer-%d
                state_directory: %s
                replication_factor: 1
                threads: 1
                admin:
                  listen: 127.0.0.1:%d
                """.formatted(
                        broker.bootstrapServers(),
                        GATEWATCH,
                        instance,
                        folder.resolve("state-" + instance).toAbsolutePath(),
                        port));
        start(
                GATEWATCH,
                instance,
                port,
                List.of("dev.gatewatch.standalone.Gatewatch", "analyzer", "run", "--config", config.toString()));
    }

    private void startForward(int instance) throws IOException {
        int port = BenchProcess.freePort();
        start(
                FORWARD,
                instance,
                port,
                List.of(
                        "ForwardLines",
                        broker.bootstrapServers(),
                        FORWARD,
                        folder.resolve("forward-" + instance).toString(),
                        AnalyzerFeed.SINGLE,
                        FORWARDED,
                        Integer.toString(port)));
    }

    private void start(String application, int instance, int port, List<String> command) throws IOException {
        Path log = folder.resolve(application + "-" + instance + ".log");
        List<String> flags = new ArrayList<>(FLAGS);
        String extra = System.getProperty("bench.flags", "");
        if (!extra.isEmpty()) {
            flags.addAll(List.of(extra.replace("%", application).split(" ")));
        }
        processes
                .computeIfAbsent(application, name -> new ArrayList<>())
                .add(BenchProcess.start(log, port, flags, command));
    }

    /// Lets an application read one part, and waits until all that comes of it is committed.
    Taken read(String application, int part) throws Exception {
        Duration cpu = cpu(application);
        long began = System.nanoTime();
        feed.release(topic(application), part);
        awaitCommitted(application, feed.ends(topic(application), part));
        if (application.equals(GATEWATCH)) {
            Map<TopicPartition, Long> ends = new HashMap<>(ends(GATEWATCH + "-service-reports-repartition"));
            ends.replaceAll((partition, end) -> Math.max(0, end - 1)); // the end of a transaction, which is not read
            awaitCommitted(application, ends);
        }
        return new Taken(
                Duration.ofNanos(System.nanoTime() - began), cpu(application).minus(cpu));
    }

    private static String topic(String application) {
        return application.equals(GATEWATCH) ? Topics.LINES : AnalyzerFeed.SINGLE;
    }

    private Duration cpu(String application) {
        return processes.get(application).stream().map(BenchProcess::cpu).reduce(Duration.ZERO, Duration::plus);
    }

    /// Waits until the application has read and committed so far.
    private void awaitCommitted(String application, Map<TopicPartition, Long> ends) throws Exception {
        Instant patience = Instant.now().plus(PATIENCE);
        while (true) {
            Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(application)
                    .partitionsToOffsetAndMetadata()
                    .get();
            if (ends.entrySet().stream().allMatch(end -> isRead(read.get(end.getKey()), end.getValue()))) {
                return;
            }
            if (Instant.now().isAfter(patience)) {
                throw new IOException(application + " is slow or stands still: " + read + " of " + ends);
            }
            Thread.sleep(LOOK);
        }
    }

    private static boolean isRead(@Nullable OffsetAndMetadata read, long end) {
        return end == 0 || (read != null && read.offset() >= end);
    }

    /// Where the partitions of a topic end, once no transaction is open there.
    private Map<TopicPartition, Long> ends(String topic) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> committed = ends(topic, IsolationLevel.READ_COMMITTED);
        while (!committed.equals(ends(topic, IsolationLevel.READ_UNCOMMITTED))) {
            Thread.sleep(LOOK);
            committed = ends(topic, IsolationLevel.READ_COMMITTED);
        }
        return committed;
    }

    private Map<TopicPartition, Long> ends(String topic, IsolationLevel level)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int p = 0; p < PARTITIONS; p++) {
            asked.put(new TopicPartition(topic, p), OffsetSpec.latest());
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : admin.listOffsets(
                        asked, new ListOffsetsOptions(level))
                .all()
                .get()
                .entrySet()) {
            ends.put(end.getKey(), end.getValue().offset());
        }
        return ends;
    }

    /// Requests that Gatewatch has counted.
    long counted() throws IOException, InterruptedException {
        double sum = 0;
        for (BenchProcess process : processes.get(GATEWATCH)) {
            sum += process.sum("gatewatch_requests_total");
        }
        return Math.round(sum);
    }

    /// Lines that were forwarded, committed and can be read.
    long forwarded() throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> ends = ends(FORWARDED);
        long lines = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        20_000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> line : consumer.poll(Duration.ofMillis(100))) {
                    lines += line.value().length > 0 ? 1 : 0;
                }
            }
        }
        return lines;
    }

    @Override
    public void close() {
        processes.values().forEach(all -> all.forEach(BenchProcess::close));
        feed.close();
        admin.close();
        broker.close();
    }
}
