package dev.gatewatch.standalone.recording;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatewatch.wire.HostFacts.ProxyFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A host of a recording, with what is known of it; what `meta.json` does not say is taken from the logs or
/// left out.
///
/// @param bootedAt the kernel's zero, null if nothing says it
/// @param damage what is wrong with its files, a sentence each
record RecordedHost(
        String name,
        List<String> addresses,
        ZoneOffset offset,
        @Nullable Instant bootedAt,
        HostDescription description,
        Inventory inventory,
        List<ProxyFacts> proxies,
        List<LogFile> logs,
        List<String> damage) {

    static RecordedHost read(Path folder, JsonMapper json) throws IOException {
        HostDescription description = HostDescription.read(folder.resolve("meta.json"), json);
        List<LogFile> logs = LogFile.in(folder);
        HostClues clues = new HostClues(logs);
        Instant bootedAt =
                Optional.ofNullable(description.bootedAt()).or(clues::bootedAt).orElse(null);
        RecordedConfiguration configuration = new RecordedConfiguration(
                folder.resolve("conf"),
                description.accessFormat(),
                Objects.requireNonNullElse(bootedAt, Instant.EPOCH));
        return new RecordedHost(
                Optional.ofNullable(description.host())
                        .or(clues::host)
                        .orElseGet(() -> folder.toAbsolutePath()
                                .normalize()
                                .getFileName()
                                .toString()),
                description.addresses(),
                Optional.ofNullable(description.offset()).or(clues::offset).orElse(ZoneOffset.UTC),
                bootedAt,
                description,
                Inventory.read(folder.resolve("inventory.jsonl"), json),
                configuration.proxies(logs),
                logs,
                Damage.in(folder, logs, json));
    }

    /// The host with some of its logs.
    RecordedHost with(Predicate<LogFile> which) {
        List<LogFile> some = logs.stream().filter(which).toList();
        return new RecordedHost(name, addresses, offset, bootedAt, description, inventory, proxies, some, damage);
    }

    /// Whether the folder holds anything of a host at all.
    boolean known() {
        return !logs.isEmpty() || !proxies.isEmpty() || !inventory.snapshots().isEmpty() || description.host() != null;
    }

    /// A moment near everything in this host's recording, as far as its files tell.
    Optional<Instant> about() {
        return Optional.ofNullable(description.begin())
                .or(() -> inventory.snapshots().stream()
                        .map(Inventory.Snapshot::at)
                        .findFirst())
                .or(() -> new HostClues(logs).about());
    }

    Stream<Instant> knownMoments() {
        return Stream.concat(
                Stream.of(Optional.ofNullable(description.begin()), Optional.ofNullable(description.end()))
                        .flatMap(Optional::stream),
                inventory.snapshots().stream().map(Inventory.Snapshot::at));
    }

    /// The streams of this host's log files.
    ///
    /// @param about moment near the recording; empty if no file tells any
    List<RecordedStream> streams(Optional<Instant> about) {
        LineStamp stamp = new LineStamp(offset, bootedAt, about.orElse(Instant.EPOCH));
        return logs.stream()
                .map(log -> new RecordedStream(this, log, new LineSplit(log, stamp, description::mayHold).lines()))
                .toList();
    }
}
