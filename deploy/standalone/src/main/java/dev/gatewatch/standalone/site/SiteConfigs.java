package dev.gatewatch.standalone.site;

import dev.gatewatch.alerts.AlertsConfig;
import dev.gatewatch.alerts.alertmanager.AlertmanagerConfig;
import dev.gatewatch.analyzer.AnalyzerConfig;
import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.program.Address;
import dev.gatewatch.program.ConfigException;
import dev.gatewatch.program.ConfigFile;
import java.nio.file.Path;
import java.util.List;

/// Configurations of the programs when they run in one process beside their broker: their defaults, but for
/// what is given.
///
/// @param bootstrapServers where the broker is
public record SiteConfigs(String bootstrapServers) {

    /// The analyzer's.
    ///
    /// @param state where its stores are
    /// @param metrics where its metrics are served
    public AnalyzerConfig analyzer(Path state, BurstConfig bursts, Address metrics) throws ConfigException {
        AnalyzerConfig bare = ConfigFile.parse(kafka(), AnalyzerConfig.class);
        return new AnalyzerConfig(
                bare.kafka(),
                bare.applicationId(),
                bare.instanceId(),
                state,
                bare.threads(),
                0,
                1,
                bursts,
                new AnalyzerConfig.Admin(metrics));
    }

    /// The alert service's.
    ///
    /// @param page where the page is
    public AlertsConfig alerts(Address page, List<AlertmanagerConfig> alertmanagers) throws ConfigException {
        AlertsConfig bare = ConfigFile.parse(kafka(), AlertsConfig.class);
        return new AlertsConfig(
                bare.kafka(),
                bare.cluster(),
                page,
                bare.externalUrl(),
                bare.runbookUrl(),
                alertmanagers,
                bare.sending(),
                bare.dryRun(),
                bare.retention(),
                bare.admin());
    }

    private String kafka() {
        return "kafka: {bootstrap_servers: [" + YamlText.quote(bootstrapServers) + "]}\n";
    }
}
