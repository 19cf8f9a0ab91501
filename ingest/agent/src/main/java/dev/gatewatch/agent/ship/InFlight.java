package dev.gatewatch.agent.ship;

import dev.gatewatch.agent.checkpoint.Checkpoints;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The batches that have been sent and not acknowledged, per stream in the order of their positions. A
/// checkpoint moves only over an unbroken row of acknowledged batches.
final class InFlight {
    private final Checkpoints checkpoints;
    private final Map<String, Deque<Shipment>> streams = new LinkedHashMap<>();

    InFlight(Checkpoints checkpoints) {
        this.checkpoints = checkpoints;
    }

    synchronized void add(Shipment shipment) {
        streams.computeIfAbsent(shipment.batch().stream(), stream -> new ArrayDeque<>())
                .add(shipment);
    }

    /// The broker has a batch, or will never take it.
    ///
    /// @return false if that was known already
    synchronized boolean done(Shipment shipment) {
        if (shipment.isDone()) {
            return false;
        }
        shipment.setDone();
        String stream = shipment.batch().stream();
        Deque<Shipment> row = streams.getOrDefault(stream, new ArrayDeque<>());
        long bytes = 0;
        Shipment last = null;
        while (!row.isEmpty() && row.element().isDone()) {
            last = row.remove();
            bytes += last.batch().lines().length;
        }
        if (last != null) {
            checkpoints.advance(stream, last.batch().end(), last.bookmark(), bytes);
        }
        if (row.isEmpty()) {
            streams.remove(stream);
        }
        return true;
    }

    /// What has to be sent again after a failure, each stream in its order.
    synchronized List<Shipment> unacknowledged() {
        List<Shipment> all = new ArrayList<>();
        streams.values().forEach(row -> row.stream().filter(s -> !s.isDone()).forEach(all::add));
        return all;
    }
}
