package dev.gatewatch.alerts;

import dev.gatewatch.alerts.alertmanager.AlertmanagerConfig;
import dev.gatewatch.alerts.alertmanager.SendingConfig;
import dev.gatewatch.alerts.board.Retention;
import dev.gatewatch.alerts.intake.KafkaConfig;
import dev.gatewatch.program.Address;
import dev.gatewatch.program.Default;
import dev.gatewatch.program.Require;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The configuration of the alert service.
///
/// @param kafka where the incidents topic is
/// @param cluster label of all alerts, and title of the page
/// @param listen where the page and the API are served
/// @param externalUrl where people reach the page, for links in alerts; `http://` and `listen` if it is left
///     out
/// @param runbookUrl where the handbook of causes is published; alerts link to the incident's page if it is
///     left out
/// @param alertmanagers all members of each Alertmanager cluster; may be empty
/// @param sending how alerts are sent
/// @param dryRun prints alerts on standard output instead of sending them
/// @param retention how much is kept
/// @param admin metrics and health
public record AlertsConfig(
        KafkaConfig kafka,
        @Default("default") String cluster,
        @Default("127.0.0.1:9095") Address listen,
        @Nullable URI externalUrl,
        @Nullable URI runbookUrl,
        List<AlertmanagerConfig> alertmanagers,
        SendingConfig sending,
        @Default("false") boolean dryRun,
        Retention retention,
        Admin admin) {
    public AlertsConfig {
        Require.filled("cluster", cluster);
        requireWeb("external_url", externalUrl);
        requireWeb("runbook_url", runbookUrl);
        Stream<URI> urls = alertmanagers.stream().map(AlertmanagerConfig::url);
        Require.check(
                urls.distinct().count() == alertmanagers.size(),
                "alertmanagers",
                "a URL twice",
                "each Alertmanager once");
        Require.check(
                listen.port() == 0 || !listen.equals(admin.listen()),
                "admin.listen",
                admin.listen(),
                "another address than that of listen, where the page is");
    }

    /// The port for those who run the service.
    ///
    /// @param listen where metrics and health are served
    public record Admin(@Default("127.0.0.1:9096") Address listen) {}

    private static void requireWeb(String key, @Nullable URI url) {
        boolean web = url == null || "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        Require.check(web, key, String.valueOf(url), "an http or https URL");
    }
}
