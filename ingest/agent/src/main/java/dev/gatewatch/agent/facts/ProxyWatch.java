package dev.gatewatch.agent.facts;

import dev.gatewatch.wire.HostFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The configuration of one proxy on this host, read again when its files change.
public final class ProxyWatch {
    private final String kind;
    private final Path path;
    private final String unit;
    private @Nullable ConfigurationFiles files;
    private HostFacts.@Nullable ProxyFacts facts;
    private String problem = "";

    /// @param kind `nginx` or `haproxy`
    /// @param path the main file; for HAProxy also a directory of `.cfg` files
    /// @param unit systemd unit of the proxy
    public ProxyWatch(String kind, Path path, String unit) {
        this.kind = kind;
        this.path = path;
        this.unit = unit;
    }

    String kind() {
        return kind;
    }

    /// Why the configuration cannot be read, empty if it can.
    String problem() {
        return problem;
    }

    /// Whether the files have changed since they were read; not if they never could be.
    boolean changed() {
        ConfigurationFiles known = files;
        return known != null && known.changed();
    }

    /// What the configuration says now; empty if it cannot be read and never could.
    Optional<HostFacts.ProxyFacts> facts(Supplier<Optional<Instant>> loadedAt) {
        ConfigurationFiles known = files;
        if (known == null || known.changed()) {
            read();
        }
        HostFacts.ProxyFacts current = facts;
        return Optional.ofNullable(current)
                .map(f -> new HostFacts.ProxyFacts(
                        f.kind(),
                        f.unit(),
                        f.configHash(),
                        f.changedAt(),
                        loadedAt.get().orElse(null),
                        f.upstreams(),
                        f.routes(),
                        f.accessLogs()));
    }

    private void read() {
        ConfigurationFiles fresh = new ConfigurationFiles(path);
        try {
            HostFacts.ProxyFacts read = kind.equals("nginx") ? nginx(fresh) : haproxy(fresh);
            files = fresh;
            facts = read;
            problem = "";
        } catch (IOException | UncheckedIOException e) {
            problem = path + " cannot be read: " + e.getMessage();
        }
    }

    private HostFacts.ProxyFacts nginx(ConfigurationFiles fresh) throws IOException {
        NginxConfiguration configuration = NginxConfiguration.parse(fresh.read(path), fresh);
        return configuration.facts(unit, fresh.hash(), fresh.changedAt(), null);
    }

    private HostFacts.ProxyFacts haproxy(ConfigurationFiles fresh) throws IOException {
        List<Path> parts = new ArrayList<>();
        if (Files.isDirectory(path)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(path, "*.cfg")) {
                stream.forEach(parts::add);
            }
            parts.sort(null);
        } else {
            parts.add(path);
        }
        StringBuilder text = new StringBuilder();
        for (Path part : parts) {
            text.append(fresh.read(part)).append('\n');
        }
        HaproxyConfiguration configuration = HaproxyConfiguration.parse(text.toString());
        return configuration.facts(unit, fresh.hash(), fresh.changedAt(), null);
    }
}
