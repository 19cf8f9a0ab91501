package dev.gatewatch.agent;

import dev.gatewatch.agent.checkpoint.Checkpoints;
import dev.gatewatch.agent.events.AgentEvents;
import dev.gatewatch.agent.facts.HostFactsCollector;
import dev.gatewatch.agent.journal.JournalFollower;
import dev.gatewatch.agent.kernel.KernelReader;
import dev.gatewatch.agent.ship.HostStamp;
import dev.gatewatch.agent.ship.LaneShare;
import dev.gatewatch.agent.ship.Outlet;
import dev.gatewatch.agent.ship.Shipper;
import dev.gatewatch.agent.ship.Source;
import dev.gatewatch.agent.tail.FileTailer;
import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.SourceKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The sources that a configuration asks for, each with its lane to the shipper.
final class Sources {
    private static final Path PERSISTENT_JOURNAL = Path.of("/var/log/journal");

    private final AgentConfig config;
    private final HostStamp stamp;
    private final Shipper shipper;
    private final Checkpoints checkpoints;
    private final AgentEvents events;
    private final List<Named> all = new ArrayList<>();

    /// A source and what its thread is called.
    record Named(String name, Source source) {}

    Sources(AgentConfig config, HostStamp stamp, Shipper shipper, Checkpoints checkpoints, AgentEvents events) {
        this.config = config;
        this.stamp = stamp;
        this.shipper = shipper;
        this.checkpoints = checkpoints;
        this.events = events;
        config.files().forEach(this::addFile);
        if (config.journal().enabled()) {
            Outlet lane = shipper.lane(LaneShare.of(SourceKind.JOURNALD, 1));
            add(
                    SourceKind.JOURNALD,
                    "journal",
                    new JournalFollower(config.journal().command(), stamp, lane, checkpoints, events));
        }
        if (readsKernel()) {
            addKernel();
        }
    }

    List<Named> all() {
        return all;
    }

    private void addFile(AgentConfig.LogFile file) {
        SourceKind kind = file.source();
        int rivals = (int) config.files().stream()
                .filter(other -> other.source() == kind
                        || (LaneShare.isPerRequest(other.source()) && LaneShare.isPerRequest(kind)))
                .count();
        FileTailer tailer = new FileTailer(
                file.path(),
                kind,
                file.from() == AgentConfig.From.BEGINNING,
                stamp,
                shipper.lane(LaneShare.of(kind, rivals)),
                checkpoints,
                events,
                FileTailer.BLOCK_SIZE);
        add(kind, file.path(), tailer);
    }

    private boolean readsKernel() {
        return switch (config.kernel()) {
            case ON -> true;
            case OFF -> false;
            case AUTO -> {
                boolean copied = config.journal().enabled() && Files.isReadable(PERSISTENT_JOURNAL);
                if (copied) {
                    events.sourceUp(
                            SourceKind.KERNEL,
                            config.kernelDevice().toString(),
                            "not read, the journal has a copy (kernel: on reads it nevertheless)");
                }
                yield !copied;
            }
        };
    }

    private void addKernel() {
        KernelReader reader = new KernelReader(
                config.kernelDevice(),
                HostFactsCollector.bootId().orElse("unknown"),
                () -> HostFactsCollector.bootedAt(stamp.now()),
                stamp,
                shipper.lane(LaneShare.of(SourceKind.KERNEL, 1)),
                checkpoints,
                events);
        add(SourceKind.KERNEL, config.kernelDevice().toString(), reader);
    }

    private void add(SourceKind kind, String origin, Source source) {
        all.add(new Named(kind.id() + " " + origin, source));
        events.lag(
                kind,
                origin,
                source,
                s -> s.watermarks().stream()
                        .mapToDouble(HostFacts.Watermark::lag)
                        .sum());
    }

    List<HostFacts.Watermark> watermarks() {
        return all.stream()
                .flatMap(named -> named.source().watermarks().stream())
                .toList();
    }
}
