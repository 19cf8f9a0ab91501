package dev.gatewatch.standalone.recording;

import dev.gatewatch.agent.facts.HaproxyConfiguration;
import dev.gatewatch.agent.facts.NginxConfiguration;
import dev.gatewatch.wire.HostFacts.AccessLog;
import dev.gatewatch.wire.HostFacts.ProxyFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// The proxies' configuration of a recorded host.
///
/// @param folder where `nginx.conf` and `haproxy.cfg` are, if they are
/// @param accessFormat the `log_format` that was in use, null if only the configuration can tell
/// @param changedAt when the files were last changed; those of a recording bear the time of their copying
record RecordedConfiguration(Path folder, @Nullable String accessFormat, Instant changedAt) {

    List<ProxyFacts> proxies(List<LogFile> logs) throws IOException {
        List<ProxyFacts> proxies = new ArrayList<>();
        String nginx = text("nginx.conf");
        if (nginx != null || accessFormat != null) {
            proxies.add(nginx(nginx == null ? "" : nginx, logs));
        }
        String haproxy = text("haproxy.cfg");
        if (haproxy != null) {
            proxies.add(HaproxyConfiguration.parse(haproxy).facts("haproxy.service", hash(haproxy), changedAt, null));
        }
        return proxies;
    }

    private ProxyFacts nginx(String text, List<LogFile> logs) {
        ProxyFacts said = NginxConfiguration.parse(text, pattern -> List.of())
                .facts("nginx.service", hash(text), changedAt, null);
        return new ProxyFacts(
                said.kind(),
                said.unit(),
                said.configHash(),
                said.changedAt(),
                said.loadedAt(),
                said.upstreams(),
                said.routes(),
                accessLogs(said, logs));
    }

    /// The recorded access logs in the format that was in use, else what the configuration says.
    private List<AccessLog> accessLogs(ProxyFacts said, List<LogFile> logs) {
        String format = accessFormat;
        if (format == null) {
            return said.accessLogs();
        }
        return logs.stream()
                .filter(LogFile::isAccessLog)
                .map(log -> new AccessLog(log.origin(), format, "default"))
                .toList();
    }

    private @Nullable String text(String name) throws IOException {
        Path file = folder.resolve(name);
        return Files.isRegularFile(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : null;
    }

    private static String hash(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
