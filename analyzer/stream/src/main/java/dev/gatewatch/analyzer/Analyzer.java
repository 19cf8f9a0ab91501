package dev.gatewatch.analyzer;

import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.program.AdminServer;
import dev.gatewatch.program.Health;
import dev.gatewatch.program.Program;
import dev.gatewatch.program.Service;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.errors.LogAndContinueProcessingExceptionHandler;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// The analyzer as a service: the topology on a cluster, with exactly-once processing.
public final class Analyzer implements Service {
    private static final int LINE_PARTITIONS = 6;
    private static final int PRODUCER_BATCH_BYTES = 64 << 10;
    private static final int RECORDS_WAITING = 50;

    /// The largest record of a topic of our own, which the largest state of a service must fit into.
    static final int LARGEST_RECORD = 8 << 20;

    private static final Duration LINES_KEPT = Duration.ofDays(7);
    private static final int RESTORE_FETCH_MILLIS = 100;

    private final AnalyzerConfig config;
    private final CleanStop cleanStop;
    private final PrometheusMeterRegistry registry;
    private final AnalyzerEvents events;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile IOException lastFailure = new IOException("Kafka Streams failed and does not say why");
    private volatile @Nullable IOException givenUp;
    private volatile @Nullable KafkaStreams streams;
    private @Nullable KafkaStreamsMetrics streamsMetrics;
    private @Nullable AdminServer admin;

    public Analyzer(AnalyzerConfig config) {
        this(config, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    }

    /// An analyzer in a process with others.
    ///
    /// @param registry what its admin port serves, with the meters of the others
    public Analyzer(AnalyzerConfig config, PrometheusMeterRegistry registry) {
        this.config = config;
        this.registry = registry;
        this.events = new AnalyzerEvents(registry);
        this.cleanStop = CleanStop.in(config.stateDirectory(), config.applicationId());
    }

    /// The command line: `run`, `check`, `describe`.
    public static void main(String[] args) {
        System.exit(new Program<>(
                        "gatewatch-analyzer",
                        "finds why a gateway answers 502, 503 or 504",
                        AnalyzerConfig.class,
                        Analyzer::new)
                .with("describe", "print the topology", Analyzer::describe)
                .run(args));
    }

    @SuppressWarnings("SystemOut") // what the verb is for
    private static int describe(List<String> args) {
        AnalyzerEvents events = new AnalyzerEvents(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        System.out.println(new Pipeline(BurstConfig.DEFAULT, events).get().describe());
        return Program.OK;
    }

    @Override
    public void start() throws IOException, InterruptedException {
        admin = AdminServer.start(config.admin().listen(), registry, this::live, this::ready);
        new AnalyzerTopics(LINE_PARTITIONS, LINES_KEPT, config.replicationFactor()).ensure(clients());
        Topology topology = new Pipeline(config.bursts(), events, Stores::persistentKeyValueStore).get();
        KafkaStreams started = new KafkaStreams(topology, properties());
        started.setUncaughtExceptionHandler(e -> {
            events.threadFailed(e);
            lastFailure = new IOException(Thread.currentThread().getName() + " failed: " + e.getMessage(), e);
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        started.setStateListener(this::stateChanged);
        streams = started;
        streamsMetrics = new KafkaStreamsMetrics(started);
        streamsMetrics.bindTo(registry);
        if (!cleanStop.taken()) {
            started.cleanUp();
        }
        started.start();
    }

    /// A thread that fails is replaced, but for the one that keeps the tables of hosts: with that
    /// one Kafka Streams gives up for good, and so does the analyzer.
    private void stateChanged(KafkaStreams.State now, KafkaStreams.State before) {
        events.stateChanged(now.name(), before.name());
        if (now == KafkaStreams.State.PENDING_ERROR || now == KafkaStreams.State.ERROR) {
            givenUp = lastFailure;
            stopped.countDown();
        }
    }

    private Health live() {
        IOException failure = givenUp;
        return failure == null ? Health.ok("answers") : Health.failing(String.valueOf(failure.getMessage()));
    }

    private Health ready() {
        KafkaStreams running = streams;
        return running != null && running.state() == KafkaStreams.State.RUNNING
                ? Health.ok("running")
                : Health.failing(running == null ? "waits for the cluster" : "state " + running.state());
    }

    /// Whether the topology runs.
    public boolean isRunning() {
        KafkaStreams running = streams;
        return running != null && running.state() == KafkaStreams.State.RUNNING;
    }

    @Override
    public void awaitStop() throws IOException, InterruptedException {
        stopped.await();
        if (givenUp != null) {
            throw givenUp;
        }
    }

    @Override
    public void close() {
        if (streams != null && streams.close(Duration.ofSeconds(4)) && givenUp == null) {
            noteCleanStop();
        }
        if (streamsMetrics != null) {
            streamsMetrics.close();
        }
        if (admin != null) {
            admin.close();
        }
        stopped.countDown();
    }

    private void noteCleanStop() {
        try {
            cleanStop.note();
        } catch (IOException e) {
            events.stopNotNoted(e);
        }
    }

    private Map<String, Object> clients() {
        Map<String, Object> properties = new HashMap<>(config.kafka().properties());
        properties.put(
                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                config.kafka().bootstrapServers().stream().map(Object::toString).collect(Collectors.joining(",")));
        return properties;
    }

    @SuppressWarnings(
            "deprecation") // that the global tables' records are skipped as well has to be asked for until Kafka 5
    Properties properties() {
        Properties p = new Properties();
        p.putAll(clients());
        p.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
        p.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDirectory().toString());
        p.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
        p.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbyReplicas());
        p.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, config.replicationFactor());
        p.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        p.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        p.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        p.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueExceptionHandler.class);
        p.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueProcessingExceptionHandler.class);
        p.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_GLOBAL_ENABLED_CONFIG, true);
        p.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, SkipUnwritable.class);
        p.put(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, Pipeline.DEAD_LETTERS);
        // a restart within the session keeps its place in the group: no wait for the session to end
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), config.instanceId());
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_000);
        // what a restart asks of a broker waits behind the fetch that was sent before, as long as this one may wait
        p.put(StreamsConfig.globalConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), RESTORE_FETCH_MILLIS);
        p.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), RESTORE_FETCH_MILLIS);
        p.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SmallRocks.class);
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        p.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        p.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), PRODUCER_BATCH_BYTES);
        p.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), LARGEST_RECORD);
        p.put(StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), LARGEST_RECORD);
        // a batch of lines is large: this many of each partition may wait in memory, where each collection of garbage
        // copies them
        p.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, RECORDS_WAITING);
        p.put(StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), RECORDS_WAITING);
        return p;
    }
}
