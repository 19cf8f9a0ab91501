package dev.gatewatch.agent.ship;

import dev.gatewatch.wire.LineBatch;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A source's way to the shipper, with a share of what may be in flight that is its own: a backlog in one
/// lane leaves the room of the others alone.
final class Lane implements Outlet {
    private final Shipper shipper;
    private final long maxBytes;
    private final int maxBatches;
    private final Queue<Shipment> waiting = new ArrayDeque<>();
    private long bytes;
    private int batches;

    /// @param maxBytes bytes that may be in flight before the source has to wait
    /// @param maxBatches batches that may be in flight before the source has to wait
    Lane(Shipper shipper, long maxBytes, int maxBatches) {
        this.shipper = shipper;
        this.maxBytes = maxBytes;
        this.maxBatches = maxBatches;
    }

    @Override
    public synchronized boolean hasRoom() {
        return bytes < maxBytes && batches < maxBatches;
    }

    @Override
    public void put(LineBatch batch, long lines, String bookmark) {
        Shipment shipment = new Shipment(this, batch, lines, bookmark);
        synchronized (this) {
            waiting.add(shipment);
            bytes += shipment.weight();
            batches++;
        }
        shipper.took(shipment);
    }

    /// The next batch to send, null if there is none.
    synchronized @Nullable Shipment next() {
        return waiting.poll();
    }

    /// A batch needs no memory any more.
    synchronized void release(Shipment shipment) {
        bytes -= shipment.weight();
        batches--;
    }

    /// Bytes in flight.
    synchronized long bytes() {
        return bytes;
    }

    /// Batches in flight.
    synchronized int batches() {
        return batches;
    }
}
