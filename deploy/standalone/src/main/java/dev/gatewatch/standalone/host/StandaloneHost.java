package dev.gatewatch.standalone.host;

import dev.gatewatch.agent.Agent;
import dev.gatewatch.agent.AgentConfig;
import dev.gatewatch.alerts.Alerts;
import dev.gatewatch.analyzer.Analyzer;
import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.incident.Incident;
import dev.gatewatch.program.ConfigException;
import dev.gatewatch.program.ConfigFile;
import dev.gatewatch.standalone.broker.EmbeddedBroker;
import dev.gatewatch.standalone.site.IncidentFeed;
import dev.gatewatch.standalone.site.IncidentLines;
import dev.gatewatch.standalone.site.Site;
import dev.gatewatch.standalone.site.SiteConfigs;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Broker, analyzer, alert service and agent of this host.
final class StandaloneHost implements AutoCloseable {
    private final StandaloneConfig config;
    private final Path data;
    private final InstantSource clock;
    private final PrintStream out;
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Site site = new Site();
    private final Map<String, Incident> incidents = new HashMap<>();

    StandaloneHost(StandaloneConfig config, Path data, InstantSource clock, PrintStream out) {
        this.config = config;
        this.data = data;
        this.clock = clock;
        this.out = out;
    }

    void start() throws Exception {
        out.println("data is kept in " + data);
        makePrivate(data);
        EmbeddedBroker broker =
                EmbeddedBroker.start(data.resolve("kafka"), config.kafka().port());
        site.onClose(broker::close);
        String kafka = broker.bootstrapServers();
        broker.createTopics(config.keepLines());
        out.println("Kafka runs in this process on " + kafka);
        SiteConfigs configs = new SiteConfigs(kafka);
        site.start(new Analyzer(
                configs.analyzer(data.resolve("analyzer"), BurstConfig.DEFAULT, config.metrics()), meters));
        Alerts alerts = new Alerts(configs.alerts(config.page(), config.alertmanagers()), clock, meters);
        site.start(alerts);
        IncidentFeed feed = IncidentFeed.start(kafka, this::tell);
        site.onClose(feed::close);
        AgentConfig agent = agent(kafka);
        site.start(new Agent(agent, clock, meters));
        agent.files().forEach(file -> out.println("follows " + file.path() + " (" + file.kind() + ")"));
        agent.proxies().forEach(proxy -> out.println("reads " + proxy.configuration()));
        out.println(agent.journal().enabled() ? "follows the journal" : "does not follow the journal");
        out.println("incidents are shown on http://" + config.page().host() + ":"
                + alerts.pageAddress().getPort() + "/");
        out.flush();
    }

    /// Blocks until it is closed, or throws what made a part of it fail.
    void awaitStop() throws Exception {
        site.awaitStop();
    }

    /// Lines of logs that not everybody may read are in it.
    static void makePrivate(Path folder) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private AgentConfig agent(String kafka) throws ConfigException {
        HostLogs there = new HostLogs(Path.of("/"));
        AgentConfig bare = ConfigFile.parse("{}", AgentConfig.class);
        List<AgentConfig.LogFile> files = config.files().isEmpty() ? there.files() : config.files();
        List<AgentConfig.Proxy> proxies = config.proxies().isEmpty() ? there.proxies() : config.proxies();
        return new AgentConfig(
                config.host(),
                bare.addresses(),
                data.resolve("agent"),
                new AgentConfig.Kafka(List.of(kafka), Map.of()),
                files,
                config.journal(),
                bare.kernel(),
                bare.kernelDevice(),
                proxies,
                bare.facts(),
                bare.admin());
    }

    private synchronized void tell(Incident incident) {
        IncidentLines.of(incident, incidents.put(incident.id(), incident)).forEach(out::println);
        if (incident.state() == Incident.State.RESOLVED) {
            incidents.remove(incident.id());
        }
        out.flush();
    }

    @Override
    public void close() {
        site.close();
    }
}
