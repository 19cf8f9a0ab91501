package dev.gatewatch.agent;

import dev.gatewatch.agent.checkpoint.Checkpoints;
import dev.gatewatch.agent.events.AgentEvents;
import dev.gatewatch.agent.facts.Addresses;
import dev.gatewatch.agent.facts.HostFactsCollector;
import dev.gatewatch.agent.facts.ProxyWatch;
import dev.gatewatch.agent.ship.HostStamp;
import dev.gatewatch.agent.ship.Shipper;
import dev.gatewatch.agent.ship.Source;
import dev.gatewatch.program.Health;
import dev.gatewatch.program.Service;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.HostFactsCodec;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/// An agent: sources, a shipper, checkpoints and host facts, each with its thread. Runs alone or inside of
/// another program; two of them in one process need two state directories.
public final class Agent implements Service {
    /// How long an idle source waits before it looks again.
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);
    private static final Duration SAVE_EVERY = Duration.ofMillis(100);
    private static final Duration LOOK_AT_PROXIES_EVERY = Duration.ofSeconds(1);
    /// How long the broker has for the last acknowledgements at a stop.
    private static final Duration LAST_ACKNOWLEDGEMENTS = Duration.ofSeconds(1);

    private final AgentConfig config;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final InstantSource clock;
    private final AgentEvents events;
    private final HostStamp stamp;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Loop> sourceLoops = new ArrayList<>();
    private final List<Loop> otherLoops = new ArrayList<>();
    private volatile List<String> addresses;
    private @Nullable Checkpoints checkpoints;
    private @Nullable Shipper shipper;
    private @Nullable Sources sources;
    private boolean closed;

    /// An agent that sends to the brokers of its configuration.
    ///
    /// @param meters where its metrics go, all beginning with `gatewatch.agent`
    public Agent(AgentConfig config, InstantSource clock, MeterRegistry meters) {
        this(config, ProducerSettings.producers(config.kafka(), hostOf(config)), clock, meters);
    }

    /// An agent that sends through producers of someone else's making.
    ///
    /// @param producers makes a producer, and another one when one has failed
    public Agent(
            AgentConfig config,
            Supplier<Producer<byte[], byte[]>> producers,
            InstantSource clock,
            MeterRegistry meters) {
        this.config = config;
        this.producers = producers;
        this.clock = clock;
        this.events = new AgentEvents(meters);
        this.addresses = addressesOf(config);
        this.stamp = new HostStamp(hostOf(config), ZoneId.systemDefault(), clock, () -> addresses);
    }

    private static List<String> addressesOf(AgentConfig config) {
        return config.addresses().isEmpty() ? Addresses.ofThisHost() : config.addresses();
    }

    private static String hostOf(AgentConfig config) {
        if (config.host() != null) {
            return config.host();
        }
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "host: the kernel does not tell its name (expected: host in the configuration)", e);
        }
    }

    /// Takes the state directory and begins to read.
    ///
    /// @throws IOException if the state directory cannot be used, or another agent uses it
    @Override
    public synchronized void start() throws IOException {
        Checkpoints marks = Checkpoints.open(config.stateDirectory(), clock, events);
        checkpoints = marks;
        events.gauge(
                "checkpoint.age.seconds",
                "how long acknowledged positions have waited to be saved",
                marks,
                m -> m.age().toMillis() / 1000.0);
        Shipper ship = new Shipper(producers, marks, events, clock);
        shipper = ship;
        Sources from = new Sources(config, stamp, ship, marks, events);
        sources = from;
        for (Sources.Named named : from.all()) {
            sourceLoops.add(new Loop(named.name(), () -> read(named.source()), events));
        }
        otherLoops.add(new Loop("ship", () -> ship(ship), events));
        otherLoops.add(new Loop("checkpoint", () -> save(marks), events));
        otherLoops.add(new Loop("facts", factsStep(from, ship), events));
        sourceLoops.forEach(Loop::start);
        otherLoops.forEach(Loop::start);
        events.started(stamp.host(), from.all().size());
    }

    private static Duration read(Source source) {
        return source.poll() ? Duration.ZERO : LOOK_EVERY;
    }

    private static Duration ship(Shipper shipper) throws InterruptedException {
        if (!shipper.pump()) {
            shipper.awaitWork(LOOK_EVERY);
        }
        return Duration.ZERO;
    }

    private static Duration save(Checkpoints marks) {
        marks.saveIfDue();
        return SAVE_EVERY;
    }

    private Loop.Step factsStep(Sources from, Shipper ship) {
        List<ProxyWatch> proxies = config.proxies().stream()
                .map(proxy -> new ProxyWatch(proxy.kind(), proxy.configuration(), proxy.unitName()))
                .toList();
        HostFactsCollector collector = new HostFactsCollector(
                stamp, proxies, from::watermarks, config.facts().sockets(), events);
        Due due = new Due(clock, config.facts().interval());
        return () -> {
            if (due.isNow() || collector.proxiesChanged()) {
                due.done();
                addresses = addressesOf(config);
                HostFacts facts = collector.collect();
                ship.publishFacts(facts.host(), HostFactsCodec.encode(facts));
            }
            return LOOK_AT_PROXIES_EVERY;
        };
    }

    /// Whether the agent reads and Kafka takes what it reads.
    public Health health() {
        Shipper ship = shipper;
        if (ship == null) {
            return Health.failing("not started");
        }
        return ship.isHealthy()
                ? Health.ok("shipping, " + ship.unacknowledged() + " batches in flight")
                : Health.failing("Kafka does not take records, " + ship.unacknowledged() + " batches wait");
    }

    @Override
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /// Stops within some seconds: sources first, then what is in flight has a second to arrive. The rest is
    /// read again at the next start.
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Instant began = clock.instant();
        try {
            stopLoops();
            Shipper ship = shipper;
            if (ship != null) {
                ship.drain(LAST_ACKNOWLEDGEMENTS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            release(began);
        }
    }

    private void stopLoops() throws InterruptedException {
        sourceLoops.forEach(Loop::askToStop);
        otherLoops.forEach(Loop::askToStop);
        for (Loop loop : sourceLoops) {
            loop.awaitStop(Duration.ofMillis(500));
        }
        for (Loop loop : otherLoops) {
            loop.awaitStop(Duration.ofMillis(500));
        }
    }

    private void release(Instant began) {
        Shipper ship = shipper;
        if (ship != null) {
            ship.close();
        }
        Sources from = sources;
        if (from != null) {
            from.all().forEach(named -> named.source().close());
        }
        Checkpoints marks = checkpoints;
        if (marks != null) {
            try {
                marks.close();
            } catch (IOException e) {
                events.checkpointFailed(e, true);
            }
        }
        events.stopped(Duration.between(began, clock.instant()), ship == null ? 0 : ship.unacknowledged());
        stopped.countDown();
    }

    /// Tells when something is to be done again.
    private static final class Due {
        private final InstantSource clock;
        private final Duration interval;
        private Instant next = Instant.MIN;

        Due(InstantSource clock, Duration interval) {
            this.clock = clock;
            this.interval = interval;
        }

        boolean isNow() {
            return !clock.instant().isBefore(next);
        }

        void done() {
            next = clock.instant().plus(interval);
        }
    }
}
