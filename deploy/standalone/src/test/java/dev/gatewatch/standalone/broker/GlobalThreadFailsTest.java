package dev.gatewatch.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewatch.analyzer.Analyzer;
import dev.gatewatch.analyzer.burst.BurstConfig;
import dev.gatewatch.program.Address;
import dev.gatewatch.standalone.site.Site;
import dev.gatewatch.standalone.site.SiteConfigs;
import dev.gatewatch.wire.Topics;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The thread that keeps the tables of hosts is one of those that Kafka Streams does not replace:
/// when it fails, the whole of Kafka Streams ends.
@Timeout(120)
class GlobalThreadFailsTest {

    @TempDir
    Path folder;

    @Test
    void the_program_ends_and_says_why() throws Exception {
        Address admin = new Address("127.0.0.1", freePort());
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), 0)) {
            broker.createTopics(Duration.ofHours(1));
            tellOfHosts(broker);
            try (Site site = new Site()) {
                Analyzer analyzer = new Analyzer(new SiteConfigs(broker.bootstrapServers())
                        .analyzer(folder.resolve("analyzer"), BurstConfig.DEFAULT, admin));
                site.start(analyzer);
                while (!analyzer.isRunning()) {
                    Thread.sleep(100);
                }
                assertThat(live(admin).statusCode()).isEqualTo(200);

                makeAnew(broker, Topics.HOSTS); // what was read up to is not there any more

                assertThatThrownBy(site::awaitStop)
                        .hasMessageContaining("GlobalStreamThread")
                        .hasMessageContaining("Updating global state failed")
                        .hasStackTraceContaining("gatewatch.hosts-0");
                assertThat(live(admin).statusCode()).isEqualTo(503);
                assertThat(live(admin).body()).contains("GlobalStreamThread").contains("Updating global state failed");
            }
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static HttpResponse<String> live(Address admin) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin.port() + "/health/live"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static void tellOfHosts(EmbeddedBroker broker) throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all");
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topics.HOSTS, "app1", null)).get();
        }
    }

    private static void makeAnew(EmbeddedBroker broker, String topic) throws Exception {
        try (Admin cluster = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            cluster.deleteTopics(List.of(topic)).all().get();
            while (cluster.listTopics().names().get().contains(topic)) {
                Thread.sleep(100);
            }
        }
        broker.createTopics(Duration.ofHours(1));
    }
}
