package dev.gatewatch.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gatewatch.program.ConfigException;
import dev.gatewatch.program.ConfigFile;
import org.junit.jupiter.api.Test;

class AlertsConfigTest {
    private static final String KAFKA = "kafka: {bootstrap_servers: [127.0.0.1:9092]}\n";

    @Test
    void theDefaultsAreThese() throws Exception {
        assertThat(ConfigFile.print(ConfigFile.parse(KAFKA, AlertsConfig.class)))
                .isEqualTo("""
                kafka:
                  bootstrap_servers:
                    - 127.0.0.1:9092
                  properties: {}
                cluster: default
                listen: 127.0.0.1:9095
                external_url: null
                runbook_url: null
                alertmanagers: []
                sending:
                  interval: 1m
                  resolved_for: 15m
                  severity: critical
                dry_run: false
                retention:
                  age: 7d
                  incidents: 10000
                admin:
                  listen: 127.0.0.1:9096
                """);
    }

    @Test
    void whatCannotWorkIsRefused() {
        assertRefused("cluster: ' '\n", "configuration:2:10: cluster: '' (expected: a text)");
        assertRefused(
                "external_url: ftp://a\n",
                "configuration:2:15: external_url: ftp://a (expected: an http or https URL)");
        assertRefused(
                "alertmanagers: [{url: 'http://u:p@a'}]\n",
                "configuration:2:23: alertmanagers[0].url: user information (expected: username and password_file instead)");
        assertRefused(
                "alertmanagers: [{url: 'http://a'}, {url: 'http://a'}]\n",
                "configuration:2:16: alertmanagers: a URL twice (expected: each Alertmanager once)");
        assertRefused(
                "alertmanagers: [{url: 'http://a', username: u}]\n",
                "configuration:2:45: alertmanagers[0].username: alone (expected: username and password_file together)");
        assertRefused(
                "sending: {interval: 1h}\n",
                "configuration:2:21: sending.interval: 1h (expected: a duration from 10ms to 30m)");
        assertRefused(
                "listen: 127.0.0.1:9096\n",
                "configuration:1:1: admin.listen: 127.0.0.1:9096 (expected: another address than that of listen, where the page is)");
    }

    @Test
    void whatKafkaDoesNotTakeIsRefused() {
        assertKafkaRefused(
                "group.id: alerts",
                "kafka.properties.group.id: alerts (expected: no such key, the alert service sets it)");
        assertKafkaRefused(
                "security.protcol: SSL",
                "kafka.properties.security.protcol: unknown key (expected: security.protocol)");
        assertKafkaRefused("security.protocol: NONSENSE", "kafka.properties.security.protocol: NONSENSE (expected: ");
        assertKafkaRefused("fetch.min.bytes: many", "kafka.properties.fetch.min.bytes: many (expected: ");
    }

    private static void assertKafkaRefused(String property, String problem) {
        String yaml = "kafka: {bootstrap_servers: [127.0.0.1:9092], properties: {" + property + "}}";
        ConfigException e =
                catchThrowableOfType(ConfigException.class, () -> ConfigFile.parse(yaml, AlertsConfig.class));
        assertThat(e.problems()).singleElement().asString().contains(problem);
    }

    private static void assertRefused(String yaml, String problem) {
        ConfigException e =
                catchThrowableOfType(ConfigException.class, () -> ConfigFile.parse(KAFKA + yaml, AlertsConfig.class));
        assertThat(e.problems()).containsExactly(problem);
    }
}
