package dev.gatewatch.standalone.demo;

import dev.gatewatch.agent.Agent;
import dev.gatewatch.alerts.Alerts;
import dev.gatewatch.alerts.alertmanager.AlertmanagerConfig;
import dev.gatewatch.analyzer.Analyzer;
import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.program.Address;
import dev.gatewatch.standalone.broker.EmbeddedBroker;
import dev.gatewatch.standalone.recording.Recording;
import dev.gatewatch.standalone.site.IncidentFeed;
import dev.gatewatch.standalone.site.Site;
import dev.gatewatch.standalone.site.SiteConfigs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// A recording that happens again in front of a whole Gatewatch: broker, analyzer, alert service, and an
/// agent for each of the recording's hosts.
public final class Playback implements AutoCloseable {
    private static final Address ANY_PORT = new Address("127.0.0.1", 0);
    private static final Duration UNTIL_ALL_RUNS = Duration.ofSeconds(60);

    private final Path folder;
    private final Recording recording;
    private final Map<String, DemoHost> hosts;
    private final InstantSource clock;
    private final Site site = new Site();

    /// @param folder for everything that is written
    /// @throws IOException if it cannot be written
    public Playback(Path folder, InstantSource clock) throws IOException {
        this.folder = folder;
        this.clock = clock;
        Path recorded = DemoRecording.unpack(folder.resolve("recording"));
        this.recording = Recording.read(recorded);
        this.hosts = DemoHost.of(recording, folder.resolve("hosts"));
        for (DemoHost host : hosts.values()) {
            String label = host.facts().host().split("\\.", 2)[0];
            host.prepare(recorded.resolve(label).resolve("conf/nginx.conf"));
        }
    }

    /// How long the recording is.
    public Duration length() {
        return recording.length();
    }

    /// Names of the hosts that ship.
    public Collection<String> hosts() {
        return hosts.keySet();
    }

    /// Starts Kafka; its address.
    public String startBroker() throws IOException, InterruptedException {
        EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0);
        site.onClose(broker::close);
        broker.createTopics(Duration.ofHours(1));
        return broker.bootstrapServers();
    }

    /// Starts the analyzer and waits until it runs.
    ///
    /// @param quiet how long no request may fail before an incident is over
    public void startAnalyzer(String bootstrapServers, Duration quiet) throws Exception {
        BurstConfig usual = BurstConfig.DEFAULT;
        BurstConfig bursts = new BurstConfig(usual.threshold(), usual.mechanismThreshold(), quiet, usual.silent());
        Analyzer analyzer =
                new Analyzer(new SiteConfigs(bootstrapServers).analyzer(folder.resolve("analyzer"), bursts, ANY_PORT));
        site.start(analyzer);
        Instant end = clock.instant().plus(UNTIL_ALL_RUNS);
        while (!analyzer.isRunning()) {
            if (clock.instant().isAfter(end)) {
                throw new IOException("the analyzer does not run after " + UNTIL_ALL_RUNS.toSeconds() + " s");
            }
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    /// Starts the alert service; where its page is.
    public InetSocketAddress startAlerts(String bootstrapServers, List<AlertmanagerConfig> alertmanagers)
            throws Exception {
        Alerts alerts = new Alerts(
                new SiteConfigs(bootstrapServers).alerts(ANY_PORT, alertmanagers), clock, new SimpleMeterRegistry());
        site.start(alerts);
        return alerts.pageAddress();
    }

    /// Hands each revision of an incident to someone as it is written.
    public void follow(String bootstrapServers, Consumer<Incident> reader) {
        IncidentFeed feed = IncidentFeed.start(bootstrapServers, reader);
        site.onClose(feed::close);
    }

    /// Starts the agents.
    public void startAgents(String bootstrapServers) throws Exception {
        for (DemoHost host : hosts.values()) {
            site.start(new Agent(host.agent(bootstrapServers), clock, new SimpleMeterRegistry()));
        }
    }

    /// Lets it happen, from now on, and returns when the recording is over.
    public void play(int speed) throws IOException, InterruptedException {
        new Player(recording, DemoStage.now(hosts, recording, speed, clock.instant()), clock).play();
    }

    @Override
    public void close() {
        site.close();
    }
}
