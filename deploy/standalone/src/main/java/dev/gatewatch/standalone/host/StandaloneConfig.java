package dev.gatewatch.standalone.host;

import dev.gatewatch.agent.AgentConfig;
import dev.gatewatch.alerts.alertmanager.AlertmanagerConfig;
import dev.gatewatch.program.Address;
import dev.gatewatch.program.Default;
import dev.gatewatch.program.Require;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The configuration of a single host's Gatewatch. What is left out is taken from where Debian's packages put
/// it.
///
/// @param host name of this host; the kernel's host name if it is left out
/// @param data where everything is kept
/// @param kafka where the embedded broker listens, on loopback
/// @param page where the page of incidents is
/// @param metrics where the metrics of all parts and the analyzer's health are served
/// @param alertmanagers whom to tell; may be empty
/// @param files log files to follow; those of NGINX and HAProxy that are there, if it is left out
/// @param proxies configurations to read; those of NGINX and HAProxy that are there, if it is left out
/// @param journal the systemd journal
/// @param keepLines how long log lines are kept
public record StandaloneConfig(
        @Nullable String host,
        @Nullable Path data,
        @Default("127.0.0.1:9092") Address kafka,
        @Default("127.0.0.1:9095") Address page,
        @Default("127.0.0.1:9464") Address metrics,
        List<AlertmanagerConfig> alertmanagers,
        List<AgentConfig.LogFile> files,
        List<AgentConfig.Proxy> proxies,
        AgentConfig.Journal journal,
        @Default("24h") Duration keepLines) {

    public StandaloneConfig {
        Require.check(
                List.of("127.0.0.1", "localhost", "::1").contains(kafka.host()),
                "kafka",
                kafka,
                "an address of loopback such as 127.0.0.1:9092, for the broker knows no passwords");
        Require.positive("keep_lines", keepLines);
    }
}
