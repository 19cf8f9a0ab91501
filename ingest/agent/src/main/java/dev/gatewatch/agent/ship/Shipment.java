package dev.gatewatch.agent.ship;

import dev.gatewatch.wire.LineBatch;

/// A batch on its way: kept until the broker has it, so that a new producer can send it again.
final class Shipment {
    private final Lane lane;
    private final LineBatch batch;
    private final long lines;
    private final String bookmark;
    private boolean done;

    Shipment(Lane lane, LineBatch batch, long lines, String bookmark) {
        this.lane = lane;
        this.batch = batch;
        this.lines = lines;
        this.bookmark = bookmark;
    }

    Lane lane() {
        return lane;
    }

    LineBatch batch() {
        return batch;
    }

    long lines() {
        return lines;
    }

    String bookmark() {
        return bookmark;
    }

    /// Bytes of memory that it holds, a little more than its lines.
    long weight() {
        return batch.lines().length + 512L;
    }

    boolean isDone() {
        return done;
    }

    void setDone() {
        done = true;
    }
}
