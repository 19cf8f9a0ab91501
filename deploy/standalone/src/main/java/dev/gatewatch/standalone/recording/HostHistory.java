package dev.gatewatch.standalone.recording;

import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.HostFacts.Listener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The facts of one host over the time of a recording: at its begin, at each snapshot of its sockets, and at
/// its end.
///
/// The facts at the begin hold the first snapshot, which was taken moments later. Without snapshots there are
/// facts all the same, every ten seconds or, in a very long recording, less often: they also tell how far the
/// logs have been read.
record HostHistory(RecordedHost host, List<RecordedStream> streams) {
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    /// @param way how long all facts but the first are on their way
    List<Entry> entries(Instant begin, Instant end, Duration way) {
        List<Inventory.Snapshot> snapshots = snapshots(begin, end);
        List<Entry> entries = new ArrayList<>();
        entries.add(facts(begin, snapshots.getFirst(), Duration.ZERO));
        for (Inventory.Snapshot snapshot : snapshots) {
            if (snapshot.at().isAfter(begin)) {
                entries.add(facts(snapshot.at(), snapshot, way));
            }
        }
        if (snapshots.getLast().at().isBefore(end)) {
            entries.add(facts(end, snapshots.getLast(), way));
        }
        return entries;
    }

    private List<Inventory.Snapshot> snapshots(Instant begin, Instant end) {
        if (!host.inventory().snapshots().isEmpty()) {
            return host.inventory().snapshots();
        }
        List<Inventory.Snapshot> empty = new ArrayList<>();
        Duration thousandth = Duration.between(begin, end).dividedBy(1_000);
        Duration interval = thousandth.compareTo(INTERVAL) > 0 ? thousandth : INTERVAL;
        for (Instant at = begin; empty.isEmpty() || at.isBefore(end); at = at.plus(interval)) {
            empty.add(new Inventory.Snapshot(at, List.of(), List.of()));
        }
        return empty;
    }

    private Entry facts(Instant at, Inventory.Snapshot snapshot, Duration way) {
        List<Listener> listeners = snapshot.listeners();
        return new Entry.Facts(
                at.plus(way),
                new HostFacts(
                        host.name(),
                        snapshot.at(),
                        host.addresses(),
                        Objects.requireNonNullElse(host.bootedAt(), Instant.EPOCH),
                        host.offset(),
                        true,
                        listeners,
                        List.of(),
                        host.proxies(),
                        streams.stream().map(stream -> stream.watermark(at)).toList(),
                        snapshot.containers()));
    }
}
