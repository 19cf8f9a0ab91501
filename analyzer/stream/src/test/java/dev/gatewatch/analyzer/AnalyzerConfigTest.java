package dev.gatewatch.analyzer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.program.ConfigException;
import dev.gatewatch.program.ConfigFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnalyzerConfigTest {
    @Test
    void whatTheClientsOfKafkaKnowIsPassedOn() throws ConfigException {
        AnalyzerConfig config = ConfigFile.parse("""
                kafka:
                  properties:
                    security.protocol: SASL_SSL
                    ssl.truststore.location: /etc/gatewatch/trust.p12
                    main.consumer.fetch.min.bytes: 10
                    my.interceptor.target: a
                """, AnalyzerConfig.class);

        assertThat(config.kafka().properties()).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kafka: {properties: {security.protcol: SSL}} | kafka.properties.security.protcol: unknown key (expected: security.protocol)",
                "kafka: {properties: {security.protocol: NONSENSE}} | kafka.properties.security.protocol: NONSENSE (expected: ",
                "kafka: {properties: {fetch.min.bytes: many}} | kafka.properties.fetch.min.bytes: many (expected: ",
                "kafka: {properties: {application.id: a}} | kafka.properties.application.id: a (expected: no such key",
                "kafka: {bootstrap_servers: []} | kafka.bootstrap_servers: [] (expected: at least one element)",
                "application_id: a b/c | application_id: 'a b/c' (expected: at most 100 letters",
                "instance_id: '' | instance_id: '' (expected: at most 100 letters",
                "threads: 0 | threads: 0 (expected: from 1 to 64)",
                "replication_factor: 0 | replication_factor: 0 (expected: at least 1",
            })
    void whatCannotWorkIsRefused(String yaml, String problem) {
        assertThatThrownBy(() -> ConfigFile.parse(yaml, AnalyzerConfig.class))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(problem);
    }
}
