package dev.gatewatch.standalone.broker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Kafka's configuration for a single small node: loopback listeners, no replication, small files, few
/// threads.
record BrokerSettings(int node, Path data, int clientPort, int controllerPort) {
    static final String CONTROLLER_LISTENER = "CONTROLLER";
    private static final String CLIENT_LISTENER = "CLIENTS";

    Map<String, String> toMap() {
        Map<String, String> settings = new HashMap<>();
        settings.putAll(identity());
        settings.putAll(listeners());
        settings.putAll(singleReplica());
        settings.putAll(smallFootprint());
        return settings;
    }

    private Map<String, String> listeners() {
        String clients = CLIENT_LISTENER + "://127.0.0.1:" + clientPort;
        String controller = CONTROLLER_LISTENER + "://127.0.0.1:" + controllerPort;
        return Map.of(
                "listeners", clients + "," + controller,
                "advertised.listeners", clients,
                "inter.broker.listener.name", CLIENT_LISTENER,
                "controller.listener.names", CONTROLLER_LISTENER,
                "listener.security.protocol.map", CLIENT_LISTENER + ":PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
    }

    private Map<String, String> identity() {
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                Integer.toString(node),
                "controller.quorum.voters",
                node + "@127.0.0.1:" + controllerPort,
                "log.dirs",
                data.toString(),
                "auto.create.topics.enable",
                "false");
    }

    private static Map<String, String> singleReplica() {
        return Map.of(
                "default.replication.factor", "1",
                "min.insync.replicas", "1",
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "4",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "transaction.state.log.num.partitions", "4",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "group.initial.rebalance.delay.ms", "0");
    }

    private static Map<String, String> smallFootprint() {
        return Map.of(
                "log.segment.bytes", Integer.toString(32 * 1024 * 1024),
                "log.index.size.max.bytes", Integer.toString(1024 * 1024),
                "log.retention.hours", "24",
                "log.cleaner.dedupe.buffer.size", Integer.toString(8 * 1024 * 1024),
                "num.network.threads", "2",
                "num.io.threads", "4",
                "background.threads", "2",
                "num.recovery.threads.per.data.dir", "1");
    }
}
