package dev.gatewatch.agent;

import dev.gatewatch.program.Address;
import dev.gatewatch.program.Default;
import dev.gatewatch.program.Require;
import dev.gatewatch.wire.SourceKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/// The configuration of an agent.
///
/// @param host name of this host in everything that is shipped; the kernel's host name if it is left out
/// @param addresses by which others reach this host, where its own network cards do not tell (behind a
///     translating router, in a container); those of the cards if it is left out
/// @param stateDirectory where positions are kept; belongs to one agent
/// @param kafka where lines go
/// @param files the log files to follow
/// @param journal the systemd journal
/// @param kernel whether to read the kernel's ring
/// @param kernelDevice where the kernel's ring is
/// @param proxies the proxies on this host whose configurations are read
/// @param facts what is told of the host
/// @param admin the port for those who run the agent
public record AgentConfig(
        @Nullable String host,
        List<String> addresses,
        @Default("/var/lib/gatewatch-agent") Path stateDirectory,
        Kafka kafka,
        List<LogFile> files,
        Journal journal,
        @Default("auto") KernelMode kernel,
        @Default("/dev/kmsg") Path kernelDevice,
        List<Proxy> proxies,
        Facts facts,
        Admin admin) {

    public AgentConfig {
        addresses = List.copyOf(addresses);
        files = List.copyOf(files);
        proxies = List.copyOf(proxies);
        if (host != null) {
            Require.filled("host", host);
            Require.check(
                    host.chars().noneMatch(c -> c <= ' ' || c == 127),
                    "host",
                    "'" + host + "'",
                    "a name without blanks, such as edge1.example.org");
        }
        Require.check(
                !files.isEmpty() || journal.enabled() || kernel == KernelMode.ON,
                "files",
                "[]",
                "something to read: files, the journal or the kernel's ring");
        long distinct = files.stream().map(LogFile::path).distinct().count();
        Require.check(distinct == files.size(), "files", "a path stands there twice", "each path once");
    }

    /// Whether to read the kernel's ring.
    public enum KernelMode {
        /// If the journal, which has a copy of it, is not followed or does not outlive a boot.
        AUTO,
        ON,
        OFF
    }

    /// Where a file without a checkpoint is read from at the first start ever.
    public enum From {
        BEGINNING,
        END
    }

    /// Where lines go.
    ///
    /// @param bootstrapServers brokers to begin with, `HOST:PORT`
    /// @param properties settings of the Kafka producer, passed through untouched; `acks` and idempotence are
    ///     not to be weakened
    public record Kafka(@Default("[127.0.0.1:9092]") List<String> bootstrapServers, Map<String, String> properties) {
        private static final Set<String> FIXED = Set.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                ProducerConfig.ACKS_CONFIG,
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG);

        public Kafka {
            bootstrapServers = List.copyOf(bootstrapServers);
            properties = Map.copyOf(properties);
            Require.filled("bootstrap_servers", bootstrapServers);
            properties.forEach((key, value) ->
                    Require.check(!FIXED.contains(key), "properties." + key, value, "no such key, the agent sets it"));
            Require.spelled("properties", properties.keySet(), ProducerConfig.configNames());
            for (ConfigValue value : ProducerConfig.configDef().validate(properties)) {
                Require.accepted("properties", properties, value.name(), value.errorMessages());
            }
        }
    }

    /// Log files to follow.
    ///
    /// @param path the file; its last segment may be a glob
    /// @param kind `nginx-access`, `nginx-error`, `haproxy`, `alb`, `envoy`, `traefik` or `caddy`
    /// @param from where to begin at the first start ever
    public record LogFile(
            String path, String kind, @Default("end") From from) {
        private static final List<SourceKind> KINDS = Arrays.stream(SourceKind.values())
                .filter(SourceKind::positionsAreBytes)
                .toList();

        public LogFile {
            Require.check(path.startsWith("/"), "path", path, "an absolute path such as /var/log/nginx/access.log");
            Require.check(
                    !path.substring(0, path.lastIndexOf('/') + 1).matches(".*[*?\\[{].*"),
                    "path",
                    path,
                    "a glob in the last segment only, such as /var/log/nginx/*.log; list each folder by itself");
            Require.check(
                    SourceKind.ofId(kind).filter(KINDS::contains).isPresent(),
                    "kind",
                    kind,
                    "one of "
                            + String.join(
                                    ", ", KINDS.stream().map(SourceKind::id).toList()));
        }

        SourceKind source() {
            return SourceKind.ofId(kind).orElseThrow(() -> new IllegalStateException(kind));
        }
    }

    /// The systemd journal.
    ///
    /// @param enabled whether to follow it
    /// @param command the program and arguments that go before all others, such as `[journalctl,
    ///     --unit=nginx]`
    public record Journal(
            @Default("true") boolean enabled,
            @Default("[journalctl]") List<String> command) {
        public Journal {
            command = List.copyOf(command);
            Require.filled("command", command);
        }
    }

    /// A proxy on this host.
    ///
    /// @param kind `nginx` or `haproxy`
    /// @param configuration its main configuration file; for HAProxy also a directory of `.cfg` files
    /// @param unit its systemd unit; `nginx.service` or `haproxy.service` if it is left out
    public record Proxy(
            String kind, Path configuration, @Nullable String unit) {
        public Proxy {
            Require.check(kind.equals("nginx") || kind.equals("haproxy"), "kind", kind, "nginx or haproxy");
        }

        String unitName() {
            return unit == null ? kind + ".service" : unit;
        }
    }

    /// What is told of the host.
    ///
    /// @param interval how often, besides when a proxy's configuration changes
    /// @param sockets the program and arguments that go before all others, which lists listening sockets as
    ///     `ss` does
    public record Facts(
            @Default("10s") Duration interval,
            @Default("[ss]") List<String> sockets) {
        public Facts {
            sockets = List.copyOf(sockets);
            Require.filled("sockets", sockets);
            Require.between("interval", interval, Duration.ofSeconds(1), Duration.ofHours(1));
        }
    }

    /// The port for those who run the agent.
    ///
    /// @param listen where `/metrics` and `/health` answer
    public record Admin(@Default("127.0.0.1:9094") Address listen) {}
}
