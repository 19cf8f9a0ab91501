package dev.gatewatch.standalone.replay;

import dev.gatewatch.incident.Incident;
import dev.gatewatch.incident.IncidentJson;
import dev.gatewatch.incident.IncidentTopic;
import dev.gatewatch.standalone.recording.Entry;
import dev.gatewatch.standalone.recording.Recording;
import dev.gatewatch.standalone.site.TemporaryFolder;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.HostFactsCodec;
import dev.gatewatch.wire.LineBatchCodec;
import dev.gatewatch.wire.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/// Runs a recording through the analyzer's topology. The same recording gives the same bytes, whenever and
/// wherever it runs.
public final class Replay {
    /// The wall clock moves in steps of this, so that what is due by it happens in its time.
    private static final Duration STEP = Duration.ofMillis(500);

    /// After this long without a line the clock jumps to the next one.
    private static final Duration QUIET = Duration.ofMinutes(5);

    /// Agents go on to report, after the recording too; those that reported until then.
    private static final Duration REPORT = Duration.ofSeconds(10);

    private static final Duration STILL_REPORTING = Duration.ofSeconds(30);

    /// Incidents that are open by then stay open.
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final Supplier<Topology> pipeline;
    private final IncidentJson json = new IncidentJson();

    public Replay(Supplier<Topology> pipeline) {
        this.pipeline = pipeline;
    }

    /// A revision of an incident, and its bytes on the topic.
    @SuppressWarnings("ArrayRecordComponent") // handed from the topic to standard output as it is
    public record Revision(Incident incident, byte[] json) {}

    /// All revisions of all incidents, in the order in which they were written.
    ///
    /// @throws IOException if the state cannot be kept in a temporary folder, or what is written is no
    ///     incident
    public List<Revision> revisions(Recording recording) throws IOException {
        try (TemporaryFolder state = TemporaryFolder.create("gatewatch-replay-");
                TopologyTestDriver driver =
                        new TopologyTestDriver(pipeline.get(), properties(state.path()), recording.begin())) {
            Run run = new Run(driver, recording.begin());
            for (Entry entry : recording.entries()) {
                run.advanceTo(entry.at());
                run.ship(entry);
            }
            run.advanceTo(recording.end());
            Instant end = recording.end().plus(QUIET);
            while (run.now.isBefore(end)
                    || (run.anyOpen() && run.now.isBefore(recording.end().plus(PATIENCE)))) {
                run.reportAll(recording.end());
                run.advanceBy(REPORT);
            }
            return List.copyOf(run.revisions);
        }
    }

    /// The last revision of each incident, the earliest incident first.
    public static List<Revision> last(List<Revision> revisions) {
        Map<String, Revision> last = new HashMap<>();
        for (Revision revision : revisions) {
            last.merge(
                    revision.incident().id(),
                    revision,
                    (a, b) -> b.incident().revision() >= a.incident().revision() ? b : a);
        }
        return last.values().stream()
                .sorted(Comparator.comparing((Revision r) -> r.incident().startedAt())
                        .thenComparing(r -> r.incident().id()))
                .toList();
    }

    private static Properties properties(Path state) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "gatewatch-replay");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "0");
        return properties;
    }

    /// One run of the topology: its clock, its topics, and what it has written.
    private final class Run {
        private final TopologyTestDriver driver;
        private final TestInputTopic<String, byte[]> lines;
        private final TestInputTopic<String, byte[]> hosts;
        private final TestOutputTopic<String, byte[]> incidents;
        private final List<Revision> revisions = new ArrayList<>();
        private final Map<String, Incident.State> states = new HashMap<>();
        private final Map<String, HostFacts> facts = new TreeMap<>();
        private Instant now;

        Run(TopologyTestDriver driver, Instant begin) {
            this.driver = driver;
            this.now = begin;
            lines = driver.createInputTopic(Topics.LINES, new StringSerializer(), new ByteArraySerializer());
            hosts = driver.createInputTopic(Topics.HOSTS, new StringSerializer(), new ByteArraySerializer());
            incidents =
                    driver.createOutputTopic(IncidentTopic.NAME, new StringDeserializer(), new ByteArrayDeserializer());
        }

        void advanceTo(Instant then) throws IOException {
            Duration gap = Duration.between(now, then);
            if (gap.compareTo(QUIET.multipliedBy(2)) > 0) {
                advanceBy(QUIET);
                step(Duration.between(now, then).minus(QUIET));
            }
            advanceBy(Duration.between(now, then));
        }

        void advanceBy(Duration time) throws IOException {
            for (Duration left = time; left.isPositive(); left = left.minus(STEP)) {
                step(left.compareTo(STEP) < 0 ? left : STEP);
            }
        }

        private void step(Duration time) throws IOException {
            // the driver's clock counts whole milliseconds; what is left of them stays in ours
            long millis = now.plus(time).toEpochMilli() - now.toEpochMilli();
            now = now.plus(time);
            driver.advanceWallClockTime(Duration.ofMillis(millis));
            collect();
        }

        /// What was last known of the hosts is so still.
        ///
        /// @param end when the recording ended
        void reportAll(Instant end) throws IOException {
            for (HostFacts last : List.copyOf(facts.values())) {
                if (last.at().isAfter(end.minus(STILL_REPORTING))) {
                    ship(new Entry.Facts(now, unchanged(last, now)));
                }
            }
        }

        private static HostFacts unchanged(HostFacts facts, Instant now) {
            return new HostFacts(
                    facts.host(),
                    now,
                    facts.addresses(),
                    facts.bootedAt(),
                    facts.utcOffset(),
                    facts.clockSynchronised(),
                    facts.listeners(),
                    facts.units(),
                    facts.proxies(),
                    facts.watermarks().stream()
                            .map(w ->
                                    new HostFacts.Watermark(w.stream(), w.source(), w.origin(), now, w.lag(), w.gaps()))
                            .toList(),
                    facts.containers());
        }

        void ship(Entry entry) throws IOException {
            switch (entry) {
                case Entry.Lines(Instant at, var batch) -> {
                    RecordHeaders headers = new RecordHeaders();
                    LineBatchCodec.writeHeaders(batch, headers);
                    lines.pipeInput(new TestRecord<>(batch.stream(), batch.lines(), headers, at));
                }
                case Entry.Facts(Instant at, var report) -> {
                    facts.put(report.host(), report);
                    hosts.pipeInput(
                            new TestRecord<>(report.host(), HostFactsCodec.encode(report), new RecordHeaders(), at));
                }
            }
            collect();
        }

        private void collect() throws IOException {
            while (!incidents.isEmpty()) {
                byte[] value = incidents.readValue();
                Incident incident = json.decode(value);
                revisions.add(new Revision(incident, value));
                states.put(incident.id(), incident.state());
            }
        }

        boolean anyOpen() {
            return states.containsValue(Incident.State.OPEN);
        }
    }
}
