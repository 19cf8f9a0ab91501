package dev.gatewatch.standalone.recording;

import dev.gatewatch.wire.HostFacts.ProxyFacts;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The proxies' configuration files of a recorded host.
final class RecordedConfiguration {
    private RecordedConfiguration() {}

    static List<ProxyFacts> read(Path folder, @Nullable String accessFormat) {
        return List.of();
    }
}
