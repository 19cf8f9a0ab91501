import dev.gatewatch.incident.Incident;
import dev.gatewatch.standalone.broker.EmbeddedBroker;
import dev.gatewatch.standalone.recording.Entry;
import dev.gatewatch.standalone.recording.Recording;
import dev.gatewatch.standalone.site.IncidentFeed;
import dev.gatewatch.wire.HostFactsCodec;
import dev.gatewatch.wire.LineBatchCodec;
import dev.gatewatch.wire.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
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

/// A real broker and two analyzers, each a process of its own.
final class KillStage implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(50);

    /// What comes so long after a kill is looked at.
    private static final Duration WATCHED = Duration.ofSeconds(3);

    private final EmbeddedBroker broker;
    private final Admin admin;
    private final KafkaProducer<String, byte[]> producer;
    private final List<KillAnalyzer> analyzers;
    private final List<Incident> revisions = new CopyOnWriteArrayList<>();
    private final IncidentFeed incidents;

    private KillStage(EmbeddedBroker broker, Path folder) throws IOException, InterruptedException {
        this.broker = broker;
        broker.createTopics(Duration.ofHours(1));
        Map<String, Object> where = Map.of("bootstrap.servers", broker.bootstrapServers());
        admin = Admin.create(where);
        producer = new KafkaProducer<>(where, new StringSerializer(), new ByteArraySerializer());
        incidents = IncidentFeed.start(broker.bootstrapServers(), revisions::add);
        analyzers = List.of(
                KillAnalyzer.start(folder.resolve("one"), broker.bootstrapServers()),
                KillAnalyzer.start(folder.resolve("two"), broker.bootstrapServers()));
    }

    /// Starts everything and waits until both analyzers run.
    static KillStage open(Path folder) throws Exception {
        KillStage stage = new KillStage(EmbeddedBroker.start(folder.resolve("kafka"), 0), folder);
        try {
            for (KillAnalyzer analyzer : stage.analyzers) {
                analyzer.awaitRunning(PATIENCE);
            }
            Thread.sleep(Duration.ofSeconds(3)); // both have joined: what they share is settled
            return stage;
        } catch (Exception e) {
            stage.close();
            throw e;
        }
    }

    /// Feeds a recording at the pace in which it was recorded, and waits until its incidents are over.
    ///
    /// @param kills when to kill an analyzer, from the beginning on; they take turns
    KillOutcome feed(Recording recording, List<Duration> kills) throws Exception {
        Instant began = Instant.now();
        Deque<Duration> next = new ArrayDeque<>(kills);
        List<CompletableFuture<Duration>> stops = new ArrayList<>();
        for (Entry entry : recording.entries()) {
            Duration due = Duration.between(recording.begin(), entry.at());
            while (!next.isEmpty() && next.getFirst().compareTo(due) <= 0) {
                awaitMoment(began.plus(next.removeFirst()));
                stops.add(kill(analyzers.get(stops.size() % analyzers.size())));
            }
            awaitMoment(began.plus(due));
            ship(entry);
        }
        awaitEnd();
        List<Duration> stood = new ArrayList<>();
        for (CompletableFuture<Duration> stop : stops) {
            stood.add(stop.get());
        }
        return new KillOutcome(List.copyOf(revisions), stood);
    }

    private static void awaitMoment(Instant moment) throws InterruptedException {
        Duration left = Duration.between(Instant.now(), moment);
        if (left.isPositive()) {
            Thread.sleep(left);
        }
    }

    /// The lines are dated by the recording, but come now: by their own age the broker would delete them while they
    /// wait.
    private void ship(Entry entry) {
        switch (entry) {
            case Entry.Lines(Instant ignored, var batch) -> {
                RecordHeaders headers = new RecordHeaders();
                LineBatchCodec.writeHeaders(batch, headers);
                producer.send(new ProducerRecord<>(Topics.LINES, null, batch.stream(), batch.lines(), headers));
            }
            case Entry.Facts(Instant ignored, var facts) ->
                producer.send(new ProducerRecord<>(Topics.HOSTS, facts.host(), HostFactsCodec.encode(facts)));
        }
    }

    /// Kills an analyzer and starts it again; the longest time that something which came right after the kill
    /// waited in its partition until what came of it was committed.
    private CompletableFuture<Duration> kill(KillAnalyzer analyzer) throws Exception {
        analyzer.kill();
        Instant killed = Instant.now();
        Map<TopicPartition, Long> ends = ends();
        analyzer.startAgain();
        return CompletableFuture.supplyAsync(() -> {
            try {
                return longestWait(killed, ends);
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private Duration longestWait(Instant killed, Map<TopicPartition, Long> ends)
            throws ExecutionException, InterruptedException {
        Map<TopicPartition, Instant> cameAt = new HashMap<>();
        Duration longest = Duration.ZERO;
        Set<TopicPartition> done = new HashSet<>();
        while (Instant.now().isBefore(killed.plus(WATCHED)) || done.size() < cameAt.size()) {
            Instant now = Instant.now();
            if (now.isAfter(killed.plus(PATIENCE))) {
                throw new IllegalStateException("nothing moves " + PATIENCE.toSeconds() + " s after a kill");
            }
            Map<TopicPartition, Long> newer = ends();
            if (now.isBefore(killed.plus(WATCHED))) {
                ends.forEach((partition, end) -> {
                    if (newer.get(partition) > end) {
                        cameAt.putIfAbsent(partition, now);
                    }
                });
            }
            Map<TopicPartition, OffsetAndMetadata> read = admin.listConsumerGroupOffsets(KillAnalyzer.APPLICATION)
                    .partitionsToOffsetAndMetadata()
                    .get();
            for (Map.Entry<TopicPartition, Instant> came : cameAt.entrySet()) {
                OffsetAndMetadata offset = read.get(came.getKey());
                if (offset != null && offset.offset() > ends.get(came.getKey()) && done.add(came.getKey())) {
                    Duration waited = Duration.between(came.getValue(), now);
                    longest = waited.compareTo(longest) > 0 ? waited : longest;
                }
            }
            Thread.sleep(LOOK);
        }
        return longest;
    }

    /// Where each partition ends of the lines, and of the reports that are made of them.
    private Map<TopicPartition, Long> ends() throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (String topic : List.of(Topics.LINES, KillAnalyzer.APPLICATION + "-service-reports-repartition")) {
            producer.partitionsFor(topic)
                    .forEach(p -> asked.put(new TopicPartition(topic, p.partition()), OffsetSpec.latest()));
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
                admin.listOffsets(asked).all().get().entrySet()) {
            ends.put(end.getKey(), end.getValue().offset());
        }
        return ends;
    }

    /// Waits until all incidents that were opened are resolved.
    private void awaitEnd() throws InterruptedException, IOException {
        producer.flush();
        Instant patience = Instant.now().plus(PATIENCE);
        Thread.sleep(Duration.ofSeconds(2));
        while (anyOpen() && Instant.now().isBefore(patience)) {
            Thread.sleep(LOOK);
        }
        Thread.sleep(Duration.ofSeconds(2)); // what comes twice comes soon
    }

    private boolean anyOpen() {
        Map<String, Incident> last = new HashMap<>();
        revisions.forEach(i -> last.put(i.id(), i));
        return last.values().stream().anyMatch(i -> i.state() == Incident.State.OPEN);
    }

    @Override
    public void close() {
        analyzers.forEach(KillAnalyzer::kill);
        incidents.close();
        producer.close();
        admin.close();
        broker.close();
    }
}
