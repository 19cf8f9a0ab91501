package dev.gatewatch.standalone.site;

import dev.gatewatch.alerts.AlertsConfig;
import dev.gatewatch.analyzer.AnalyzerConfig;
import dev.gatewatch.program.ConfigException;
import dev.gatewatch.program.ConfigFile;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Configurations of the programs when they run in one process beside their broker.
public final class SiteConfigs {
    private SiteConfigs() {}

    /// The analyzer's.
    ///
    /// @param state where its stores are
    /// @param quiet how long no request may fail before an incident is over
    public static AnalyzerConfig analyzer(String bootstrapServers, Path state, Duration quiet) throws ConfigException {
        return ConfigFile.parse(
                """
                kafka: {bootstrap_servers: ["%s"]}
                state_directory: %s
                replication_factor: 1
                bursts: {quiet: %dms}
                admin: {listen: "127.0.0.1:0"}
                """
                        .formatted(bootstrapServers, YamlText.quote(state), quiet.toMillis()),
                AnalyzerConfig.class);
    }

    /// The alert service's.
    ///
    /// @param listen where the page is
    public static AlertsConfig alerts(String bootstrapServers, String listen, List<URI> alertmanagers)
            throws ConfigException {
        List<String> targets =
                alertmanagers.stream().map(url -> "{url: " + YamlText.quote(url) + "}").toList();
        return ConfigFile.parse(
                """
                kafka: {bootstrap_servers: ["%s"]}
                listen: "%s"
                alertmanagers: [%s]
                """
                        .formatted(bootstrapServers, listen, String.join(", ", targets)),
                AlertsConfig.class);
    }
}
