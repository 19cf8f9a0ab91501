package dev.gatewatch.standalone.broker;

import dev.gatewatch.analyzer.AnalyzerTopics;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/// A whole Kafka cluster in this process: one node that is broker and controller (KRaft), listening on
/// loopback only, its data in a folder that is formatted once and kept.
public final class EmbeddedBroker implements AutoCloseable {
    private static final int NODE = 1;
    private static final int LINE_PARTITIONS = 4;

    private final String bootstrapServers;
    private final KafkaRaftServer server;

    private EmbeddedBroker(String bootstrapServers, KafkaRaftServer server) {
        this.bootstrapServers = bootstrapServers;
        this.server = server;
    }

    /// Starts a broker and waits until it serves.
    ///
    /// @param data folder of its logs, made if it is missing
    /// @param port where clients connect, 0 for any free one
    /// @throws IOException if the folder cannot be used or the port is taken
    public static EmbeddedBroker start(Path data, int port) throws IOException {
        int clients = free(port);
        BrokerSettings settings = new BrokerSettings(NODE, data, clients, free(0));
        format(data);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings.toMap(), false), Time.SYSTEM);
        server.startup();
        return new EmbeddedBroker("127.0.0.1:" + clients, server);
    }

    /// `HOST:PORT` for clients of this broker.
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /// Makes those of Gatewatch's topics that are missing.
    ///
    /// @param linesKept how long lines are kept
    /// @throws IOException if the broker does not make them
    public void createTopics(Duration linesKept) throws IOException, InterruptedException {
        new AnalyzerTopics(LINE_PARTITIONS, linesKept, 1)
                .ensure(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /// Writes everything to disk and stops.
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path data) throws IOException {
        Files.createDirectories(data);
        if (Files.exists(data.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
            return;
        }
        try {
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .setNodeId(NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(data.toString())
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("folder " + data + " cannot be made ready for Kafka: " + e.getMessage(), e);
        }
    }

    /// The port itself if it is free, or any free one for 0.
    private static int free(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IOException(
                    "port " + port + " of the loopback address cannot be used for Kafka: " + e.getMessage(), e);
        }
    }
}
