import dev.gatewatch.standalone.broker.EmbeddedBroker;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.HostFactsCodec;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.LineBatchCodec;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// What one analyzer needs for a large site, fed at the pace of its hosts.
///
/// ```
/// ScaleBench FOLDER SERVICES HOSTS WARM_UP_MINUTES MINUTES REQUESTS_PER_SECOND
/// ```
final class ScaleBench {
    private static final String APPLICATION = "scale-bench";
    private static final long HEAP_LIMIT = 512L << 20;
    private static final int FACTS_SECONDS = 10; // as the agent's default
    private static final int SLICES = 10; // the hosts' seconds begin at different tenths

    /// So many minutes are held against as many at the end, by their medians: files of stores grow until they are
    /// merged, and shrink then.
    private static final int COMPARED_MINUTES = 3;

    private static final double GROWTH_ALLOWED = 0.15;
    private static final Duration LAG_ALLOWED = Duration.ofSeconds(5);

    private final Path folder;
    private final ScaleSite site;
    private final EmbeddedBroker broker;
    private final Admin admin;
    private final KafkaProducer<String, byte[]> producer;
    private final BenchProcess analyzer;
    private final AtomicLong lost = new AtomicLong();
    private final List<Minute> minutes = new ArrayList<>();
    private Duration cpuBefore;
    private long requests;

    /// What is seen at the end of a minute.
    ///
    /// @param heap bytes after a collection
    /// @param stores bytes of all stores on disk
    /// @param lag records of the lines' and the reports' topic that are not read
    private record Minute(long heap, long resident, long stores, long lag, double cpu, long behindMillis) {}

    private ScaleBench(Path folder, ScaleSite site) throws Exception {
        this.folder = folder;
        this.site = site;
        broker = EmbeddedBroker.start(Files.createDirectories(folder.resolve("kafka")), 0);
        broker.createTopics(Duration.ofHours(1));
        admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "compression.type",
                        "lz4",
                        "linger.ms",
                        20,
                        "batch.size",
                        128 << 10),
                new StringSerializer(),
                new ByteArraySerializer());
        analyzer = startAnalyzer();
        cpuBefore = analyzer.cpu();
    }

    public static void main(String[] args) throws Exception {
        int services = Integer.parseInt(args[1]);
        int hosts = Integer.parseInt(args[2]);
        int warmUp = Integer.parseInt(args[3]);
        ScaleSite site = new ScaleSite(services, hosts, Double.parseDouble(args[5]), Instant.now());
        ScaleBench bench = new ScaleBench(Path.of(args[0]), site);
        try {
            bench.analyzer.awaitReady(Duration.ofMinutes(2));
            bench.run(warmUp + Integer.parseInt(args[4]));
            System.exit(bench.judge(warmUp) ? 0 : 1);
        } finally {
            bench.close();
        }
    }

    private BenchProcess startAnalyzer() throws IOException {
        int port = BenchProcess.freePort();
        Path config = Files.writeString(folder.resolve("analyzer.yaml"), """
                kafka:
                  bootstrap_servers: ["%s"]
                application_id: %s
                state_directory: %s
                replication_factor: 1
                threads: 1
                admin:
                  listen: 127.0.0.1:%d
                """.formatted(
                broker.bootstrapServers(), APPLICATION, folder.resolve("state").toAbsolutePath(), port));
        List<String> flags = List.of( // as the launcher's
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        return BenchProcess.start(
                folder.resolve("analyzer.log"),
                port,
                flags,
                List.of("dev.gatewatch.standalone.Gatewatch", "analyzer", "run", "--config", config.toString()));
    }

    private void run(int wanted) throws Exception {
        System.out.println(
                "minute  live MiB  resident MiB  stores MiB  lag records  CPU-s  requests     told  feeding behind ms");
        Instant began = Instant.now();
        long behind = 0;
        for (int slice = 0; slice < wanted * 60 * SLICES; slice++) {
            Instant due = began.plusMillis(slice * 1_000L / SLICES);
            Duration early = Duration.between(Instant.now(), due);
            if (early.isPositive()) {
                Thread.sleep(early);
            }
            behind = Math.max(behind, -early.toMillis());
            feed(slice);
            if ((slice + 1) % (60 * SLICES) == 0) {
                look(behind);
                behind = 0;
            }
        }
    }

    private void feed(int slice) {
        for (int host = slice % SLICES; host < site.hosts(); host += SLICES) {
            Instant now = Instant.now();
            LineBatch batch = site.batch(host, now);
            if (batch.lines().length > 0) {
                RecordHeaders headers = new RecordHeaders();
                LineBatchCodec.writeHeaders(batch, headers);
                send(new ProducerRecord<>(
                        Topics.LINES, null, now.toEpochMilli(), batch.stream(), batch.lines(), headers));
            }
            if (host / SLICES % FACTS_SECONDS == slice / SLICES % FACTS_SECONDS || slice < SLICES) {
                HostFacts facts = site.facts(host, now);
                send(new ProducerRecord<>(
                        Topics.HOSTS, null, now.toEpochMilli(), facts.host(), HostFactsCodec.encode(facts)));
            }
        }
    }

    private void send(ProducerRecord<String, byte[]> record) {
        producer.send(record, (where, problem) -> lost.addAndGet(problem == null ? 0 : 1));
    }

    private void look(long behind) throws Exception {
        long lag = lag();
        Duration cpu = analyzer.cpu();
        long heap = heap();
        long counted = Math.round(analyzer.sum("gatewatch_requests_total"));
        Minute minute = new Minute(
                heap,
                analyzer.resident(),
                size(folder.resolve("state")),
                lag,
                cpu.minus(cpuBefore).toMillis() / 1e3,
                behind);
        cpuBefore = analyzer.cpu();
        minutes.add(minute);
        System.out.printf(
                "%6d  %8.1f  %12.1f  %10.1f  %11d  %5.1f  %8d  %7.0f  %17d%n",
                minutes.size(),
                minute.heap() / 1048576.0,
                minute.resident() / 1048576.0,
                minute.stores() / 1048576.0,
                minute.lag(),
                minute.cpu(),
                counted - requests,
                analyzer.sum("gatewatch_incidents_total"),
                minute.behindMillis());
        requests = counted;
        for (BenchProcess.Sample sample : analyzer.metric("gatewatch_state_entries")) {
            if (sample.label("partition").equals("all")) {
                System.out.printf("        %s: %.0f entries%n", sample.label("store"), sample.value());
            }
        }
        for (String store : List.of("services", "stream-positions")) {
            System.out.printf("        %s: %.0f entries%n", store, entries(store));
        }
    }

    private double entries(String store) throws IOException, InterruptedException {
        return analyzer.metric("gatewatch_state_entries").stream()
                .filter(sample -> sample.label("store").equals(store))
                .mapToDouble(BenchProcess.Sample::value)
                .sum();
    }

    /// What is in use in the heap: `jcmd PID GC.class_histogram` collects all garbage and counts what is left.
    private long heap() throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process =
                new ProcessBuilder(jcmd.toString(), Long.toString(analyzer.pid()), "GC.class_histogram").start();
        String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        process.waitFor();
        var total =
                java.util.regex.Pattern.compile("(?m)^Total +[0-9]+ +([0-9]+)").matcher(text);
        if (!total.find()) {
            throw new IOException("jcmd counts no objects: " + text);
        }
        return Long.parseLong(total.group(1));
    }

    private static long size(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.mapToLong(file -> {
                        try {
                            return Files.isRegularFile(file) ? Files.size(file) : 0;
                        } catch (IOException e) {
                            return 0; // the store has just removed it
                        }
                    })
                    .sum();
        } catch (java.io.UncheckedIOException e) {
            return size(folder);
        }
    }

    private long lag() throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (String topic : List.of(Topics.LINES, APPLICATION + "-service-reports-repartition")) {
            producer.partitionsFor(topic)
                    .forEach(p -> asked.put(new TopicPartition(topic, p.partition()), OffsetSpec.latest()));
        }
        Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(APPLICATION)
                .partitionsToOffsetAndMetadata()
                .get();
        long lag = 0;
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
                admin.listOffsets(asked).all().get().entrySet()) {
            OffsetAndMetadata offset = read.get(end.getKey());
            lag += end.getValue().offset() - (offset == null ? 0 : offset.offset());
        }
        return lag;
    }

    /// Whether memory is enough, the analyzer keeps up and its state does not grow any more.
    ///
    /// @param warmUp minutes until as much is forgotten as comes
    private boolean judge(int warmUp) {
        boolean enough = minutes.stream().allMatch(m -> m.heap() <= HEAP_LIMIT);
        double mostWaiting = site.recordsPerSecond() * LAG_ALLOWED.toSeconds();
        boolean keepsUp = minutes.stream().skip(1).allMatch(m -> m.lag() <= mostWaiting);
        List<Minute> warm = minutes.subList(warmUp, minutes.size());
        double heap = growth(warm, Minute::heap);
        double stores = growth(warm, Minute::stores);
        System.out.printf(
                "heap after a collection at most 512 MiB: %s; lag within %d s: %s; %d records were not sent%n",
                enough, LAG_ALLOWED.toSeconds(), keepsUp, lost.get());
        System.out.printf(
                "from minutes %d to %d to the last %d (medians): heap %+.0f %%, stores %+.0f %%; %.0f %% is allowed%n",
                warmUp + 1,
                warmUp + COMPARED_MINUTES,
                COMPARED_MINUTES,
                heap * 100,
                stores * 100,
                GROWTH_ALLOWED * 100);
        return enough && keepsUp && heap <= GROWTH_ALLOWED && stores <= GROWTH_ALLOWED && lost.get() == 0;
    }

    /// By how much more there is in the last minutes than in the first, as a share of those.
    private static double growth(List<Minute> some, ToLongFunction<Minute> bytes) {
        double first = median(some.subList(0, COMPARED_MINUTES), bytes);
        return median(some.subList(some.size() - COMPARED_MINUTES, some.size()), bytes) / first - 1;
    }

    private static long median(List<Minute> some, ToLongFunction<Minute> bytes) {
        return some.stream()
                .mapToLong(bytes)
                .sorted()
                .skip(some.size() / 2)
                .findFirst()
                .orElse(0);
    }

    private void close() {
        analyzer.close();
        producer.close(Duration.ZERO);
        admin.close();
        broker.close();
    }
}
