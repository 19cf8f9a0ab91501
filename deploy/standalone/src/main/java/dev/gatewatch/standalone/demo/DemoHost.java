package dev.gatewatch.standalone.demo;

import dev.gatewatch.agent.AgentConfig;
import dev.gatewatch.program.ConfigException;
import dev.gatewatch.program.ConfigFile;
import dev.gatewatch.standalone.recording.Entry;
import dev.gatewatch.standalone.recording.Recording;
import dev.gatewatch.standalone.site.YamlText;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A host that happens again: where its logs are written, and the agent that follows them there.
///
/// @param facts what the recording knows of it
/// @param folder where its logs, its configuration and its agent's positions are
record DemoHost(HostFacts facts, Path folder) {

    /// The hosts of a recording, by name.
    static Map<String, DemoHost> of(Recording recording, Path folder) {
        Map<String, DemoHost> hosts = new LinkedHashMap<>();
        for (Entry entry : recording.entries()) {
            if (entry instanceof Entry.Facts(var at, HostFacts facts)) {
                hosts.putIfAbsent(facts.host(), new DemoHost(facts, folder.resolve(facts.host())));
            }
        }
        return hosts;
    }

    /// Where the lines of a stream are written.
    Path file(LineBatch batch) {
        return file(batch.source(), batch.origin());
    }

    private Path file(SourceKind source, String origin) {
        return switch (source) {
            case NGINX_ACCESS, NGINX_ERROR, HAPROXY, ALB, ENVOY, TRAEFIK, CADDY ->
                folder.resolve(Path.of(origin).getFileName());
            case JOURNALD -> folder.resolve("journal.json");
            case KERNEL -> folder.resolve("kmsg");
        };
    }

    /// Makes its files: the logs, empty; its sockets; and NGINX's configuration, its access log being the one
    /// that is written here.
    ///
    /// @param recorded the configuration in the recording
    void prepare(Path recorded) throws IOException {
        Files.createDirectories(folder);
        for (HostFacts.Watermark stream : facts.watermarks()) {
            Files.createFile(file(stream.source(), stream.origin()));
        }
        writeSockets(facts);
        if (Files.exists(recorded)) {
            String text = Files.readString(recorded);
            String here = "access_log \"" + folder.resolve("access.log") + "\"";
            Files.writeString(nginxConfiguration(), text.replace("access_log /var/log/nginx/access.log", here));
        }
    }

    /// Writes down which sockets accept connections, as `ss` would print it.
    void writeSockets(HostFacts now) throws IOException {
        StringBuilder text = new StringBuilder();
        for (HostFacts.Listener socket : now.listeners()) {
            boolean unix = socket.address().startsWith("unix:");
            text.append("%s %d %d %s %s cgroup:/system.slice/%s%n"
                    .formatted(
                            unix ? "u_str LISTEN" : "LISTEN",
                            socket.queued(),
                            socket.backlog(),
                            unix ? socket.address().substring("unix:".length()) : socket.address(),
                            unix ? "1 * 0" : "0.0.0.0:*",
                            socket.unit()));
        }
        Path fresh = folder.resolve("sockets.new");
        Files.writeString(fresh, text);
        Files.move(fresh, sockets(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path sockets() {
        return folder.resolve("sockets");
    }

    private Path nginxConfiguration() {
        return folder.resolve("nginx.conf");
    }

    /// The configuration of an agent that follows this host's files as it would the host's own.
    AgentConfig agent(String bootstrapServers) throws ConfigException {
        List<String> files = new ArrayList<>();
        boolean kernel = false;
        boolean journal = false;
        for (HostFacts.Watermark stream : facts.watermarks()) {
            Path file = file(stream.source(), stream.origin());
            switch (stream.source()) {
                case NGINX_ACCESS, NGINX_ERROR, HAPROXY, ALB, ENVOY, TRAEFIK, CADDY ->
                    files.add("{path: %s, kind: %s, from: beginning}"
                            .formatted(YamlText.quote(file), stream.source().id()));
                case JOURNALD -> journal = true;
                case KERNEL -> kernel = true;
            }
        }
        return ConfigFile.parse(
                """
                host: %s
                addresses: [%s]
                state_directory: %s
                kafka: {bootstrap_servers: ["%s"]}
                files: [%s]
                journal: {enabled: %s, command: [sh, -c, 'exec tail -n +1 -f "$0"', %s]}
                kernel: "%s"
                kernel_device: %s
                proxies: [%s]
                facts: {interval: 1s, sockets: [sh, -c, 'cat "$0"', %s]}
                """.formatted(
                        YamlText.quote(facts.host()),
                        String.join(
                                ", ",
                                facts.addresses().stream().map(YamlText::quote).toList()),
                        YamlText.quote(folder.resolve("agent")),
                        bootstrapServers,
                        String.join(", ", files),
                        journal,
                        YamlText.quote(file(SourceKind.JOURNALD, "")),
                        kernel ? "on" : "off",
                        YamlText.quote(file(SourceKind.KERNEL, "")),
                        Files.exists(nginxConfiguration())
                                ? "{kind: nginx, configuration: " + YamlText.quote(nginxConfiguration()) + "}"
                                : "",
                        YamlText.quote(sockets())),
                AgentConfig.class);
    }
}
