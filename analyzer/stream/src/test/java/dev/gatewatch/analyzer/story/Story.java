package dev.gatewatch.analyzer.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewatch.analyzer.AnalyzerEvents;
import dev.gatewatch.analyzer.Pipeline;
import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.incident.IncidentJson;
import dev.gatewatch.incident.IncidentTopic;
import dev.gatewatch.wire.HostFacts.Container;
import dev.gatewatch.wire.HostFacts.ContainerState;
import dev.gatewatch.wire.HostFacts.Listener;
import dev.gatewatch.wire.HostFacts.ProxyFacts;
import dev.gatewatch.wire.HostFactsCodec;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.LineBatchCodec;
import dev.gatewatch.wire.SourceKind;
import dev.gatewatch.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/// What happens in the [Lab], second by second, and the incidents that come of it. The story owns the clock:
/// lines that are written within a second are shipped at its end, facts every ten seconds. Every revision of
/// every incident is held to the schema.
final class Story implements AutoCloseable {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int FACTS_SECONDS = 10;

    private final Lab lab = new Lab();
    private final Map<String, Stream> streams = new LinkedHashMap<>();
    private final Set<String> withoutFacts = new HashSet<>();
    private final Set<String> held = new HashSet<>();
    private final Map<String, Integer> delays = new HashMap<>();
    private final Map<String, Integer> ahead = new HashMap<>();
    private final TreeMap<Instant, List<LineBatch>> onTheirWay = new TreeMap<>();
    private final Map<String, Map<SourceKind, Instant>> behind = new HashMap<>();
    private final List<LineBatch> shipped = new ArrayList<>();
    private final List<Incident> revisions = new ArrayList<>();
    private final IncidentJson json = new IncidentJson();
    private final Path folder;
    private final TopologyTestDriver driver;
    private final TestInputTopic<String, byte[]> lines;
    private final TestInputTopic<String, byte[]> facts;
    private final TestOutputTopic<String, byte[]> incidents;
    private Instant now = time("09:59:30");
    private boolean everythingTwice;

    Story() {
        try {
            folder = Files.createTempDirectory("story");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "story");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, folder.toString());
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, "0");
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        AnalyzerEvents events = new AnalyzerEvents(new SimpleMeterRegistry());
        driver = new TopologyTestDriver(new Pipeline(BurstConfig.DEFAULT, events).get(), properties, now);
        lines = driver.createInputTopic(Topics.LINES, new StringSerializer(), new ByteArraySerializer());
        facts = driver.createInputTopic(Topics.HOSTS, new StringSerializer(), new ByteArraySerializer());
        incidents = driver.createOutputTopic(IncidentTopic.NAME, new StringDeserializer(), new ByteArrayDeserializer());
    }

    static Instant time(String clock) {
        return Instant.parse("2026-11-22T" + clock + "Z");
    }

    Instant now() {
        return now;
    }

    /// What a host's clock says.
    Instant clock(String host) {
        return now.plusSeconds(ahead.getOrDefault(host, 0));
    }

    /// Goes on to a moment of the day; nothing happens until then.
    Story at(String clock) {
        return until(clock, s -> {});
    }

    /// Goes on to a moment of the day; the same happens each second until then.
    Story until(String clock, Consumer<Story> eachSecond) {
        Instant then = time(clock);
        while (now.isBefore(then)) {
            eachSecond.accept(this);
            tick();
        }
        return this;
    }

    /// Nothing more happens, for as long as it takes to close what is open.
    Story quiet() {
        return until(now.plusSeconds(200).toString().substring(11, 19), s -> {});
    }

    private void tick() {
        if (now.getEpochSecond() % FACTS_SECONDS == 0) {
            shipFacts();
        }
        ship();
        now = now.plus(SECOND);
        driver.advanceWallClockTime(SECOND);
        collect();
    }

    private void shipFacts() {
        for (String host : lab.hosts()) {
            if (!withoutFacts.contains(host)) {
                List<SourceKind> logs = streams.values().stream()
                        .filter(s -> s.id().startsWith(host) && s.source().positionsAreBytes())
                        .map(Stream::source)
                        .toList();
                Map<SourceKind, Instant> readUpTo = behind.getOrDefault(host, Map.of());
                byte[] report = HostFactsCodec.encode(lab.facts(host, now, logs, readUpTo));
                facts.pipeInput(new TestRecord<>(host, report, new RecordHeaders(), now));
            }
        }
    }

    private void ship() {
        for (Stream stream : streams.values()) {
            if (!stream.isEmpty() && !held.contains(stream.id())) {
                int delay = delays.getOrDefault(stream.id(), 0);
                onTheirWay
                        .computeIfAbsent(now.plusSeconds(delay), due -> new ArrayList<>())
                        .add(stream.batch(clock(stream.host()).plusMillis(900), Lab.BOOTED_AT));
            }
        }
        while (!onTheirWay.isEmpty() && !onTheirWay.firstKey().isAfter(now)) {
            onTheirWay.pollFirstEntry().getValue().forEach(this::ship);
        }
    }

    private void ship(LineBatch batch) {
        shipped.add(batch);
        send(batch);
        if (everythingTwice) {
            send(batch);
        }
    }

    private void send(LineBatch batch) {
        RecordHeaders headers = new RecordHeaders();
        LineBatchCodec.writeHeaders(batch, headers);
        lines.pipeInput(new TestRecord<>(batch.stream(), batch.lines(), headers, now));
    }

    private void collect() {
        while (!incidents.isEmpty()) {
            byte[] value = incidents.readValue();
            assertThat(IncidentSchema.errors(value))
                    .as(new String(value, java.nio.charset.StandardCharsets.UTF_8))
                    .isEmpty();
            try {
                revisions.add(json.decode(value));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    // how agents behave

    /// Every batch comes twice, and all of them once more when [#again] is called.
    Story everythingTwice() {
        everythingTwice = true;
        return this;
    }

    /// All batches so far come once more, as after an agent's restart from an old checkpoint.
    Story again() {
        shipped.forEach(this::send);
        collect();
        return this;
    }

    /// No facts come from this host, or no more.
    Story withoutFactsOf(String... hosts) {
        withoutFacts.addAll(List.of(hosts));
        return this;
    }

    /// Facts come from this host again.
    Story withFactsOf(String host) {
        withoutFacts.remove(host);
        return this;
    }

    /// A source is read, but its lines do not arrive until [#arrives].
    Story late(String host, SourceKind source) {
        held.add(host + "/" + source.id());
        return this;
    }

    /// All lines of a source arrive so many seconds late.
    Story delayed(String host, SourceKind source, int seconds) {
        delays.put(host + "/" + source.id(), seconds);
        return this;
    }

    /// The clock by which a host's proxy stamps its lines, and its agent what it reads, is so far ahead.
    Story clockAhead(String host, int seconds) {
        ahead.put(host, seconds);
        return this;
    }

    /// A source is held up like this, and the agent knows it: it does not come to read the source, until [#arrives].
    Story behind(String host, SourceKind source) {
        behind.computeIfAbsent(host, h -> new HashMap<>()).put(source, now);
        return late(host, source);
    }

    Story arrives(String host, SourceKind source) {
        held.remove(host + "/" + source.id());
        behind.getOrDefault(host, new HashMap<>()).remove(source);
        return this;
    }

    // what agents see

    Story listens(String host, String address, String unit, String process, int pid) {
        lab.listens(host, new Listener(address, 0, 128, unit, process, pid));
        return this;
    }

    /// A container's port that Docker publishes.
    Story publishes(String host, String address, String id, String name) {
        lab.listens(
                host,
                new Listener(
                        address,
                        0,
                        4096,
                        "docker.service",
                        "docker-proxy",
                        900,
                        id.isEmpty() ? null : new Container(id, name)));
        return this;
    }

    /// What Docker says of its containers from now on.
    Story runs(String host, ContainerState... states) {
        lab.runs(host, states);
        return this;
    }

    Story queue(String host, String address, String unit, int queued, int backlog) {
        return queue(host, address, unit, "python3", queued, backlog);
    }

    Story queue(String host, String address, String unit, String process, int queued, int backlog) {
        lab.listens(host, new Listener(address, queued, backlog, unit, process, 1336));
        return this;
    }

    Story closes(String host, String address) {
        lab.closes(host, address);
        return this;
    }

    Story configures(String host, ProxyFacts... proxies) {
        lab.configures(host, proxies);
        return this;
    }

    // what is written

    /// A line of any log.
    Story line(String host, SourceKind source, String line) {
        stream(host, source).add(line);
        return this;
    }

    private Stream stream(String host, SourceKind source) {
        return streams.computeIfAbsent(
                host + "/" + source.id(),
                id -> new Stream(
                        host,
                        source,
                        switch (source) {
                            case NGINX_ACCESS -> "/var/log/nginx/access.log";
                            case NGINX_ERROR -> "/var/log/nginx/error.log";
                            case HAPROXY, ALB, ENVOY, TRAEFIK, CADDY -> "/var/log/" + source.id() + ".log";
                            case JOURNALD -> "journal";
                            case KERNEL -> "/dev/kmsg";
                        }));
    }

    /// An entry of a host's journal.
    Story journal(String host, String message, String fields) {
        long sequence = stream(host, SourceKind.JOURNALD).next();
        return line(host, SourceKind.JOURNALD, LogLines.journal(now, sequence, host, message, fields));
    }

    /// A record of a host's kernel.
    Story kernel(String host, String text) {
        long sequence = stream(host, SourceKind.KERNEL).next();
        return line(host, SourceKind.KERNEL, LogLines.kernel(now, Lab.BOOTED_AT, sequence, text));
    }

    /// The life of a unit.
    Unit unit(String host, String unit) {
        return new Unit(this, host, unit);
    }

    /// NGINX on edge1 and one of its servers.
    Nginx nginx(String address, String path) {
        return new Nginx(this, address, path);
    }

    /// HAProxy on edge2 and one of its servers, `backend/server`.
    Haproxy haproxy(String server) {
        return new Haproxy(this, server);
    }

    // what came of it

    /// All revisions, in the order in which they were written.
    List<Incident> revisions() {
        return List.copyOf(revisions);
    }

    /// The newest revision of each incident.
    List<Incident> incidents() {
        Map<String, Incident> newest = new LinkedHashMap<>();
        revisions.forEach(i -> newest.put(i.id(), i));
        return List.copyOf(newest.values());
    }

    /// The only incident there is.
    Incident incident() {
        assertThat(incidents()).hasSize(1);
        return incidents().getFirst();
    }

    @Override
    public void close() {
        driver.close();
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(file -> {
                if (!file.delete()) {
                    file.deleteOnExit();
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
