package dev.gatewatch.agent.ship;

import dev.gatewatch.wire.LineBatch;

/// Where a source puts what it has read.
public interface Outlet {
    /// Whether the source may read on. A source that sees `false` leaves everything where it is and comes
    /// back later.
    boolean hasRoom();

    /// Takes a batch. Batches of one stream come in the order of their positions.
    ///
    /// @param lines how many lines it holds
    /// @param bookmark what the source needs to go on after this batch, see
    ///     [dev.gatewatch.agent.checkpoint.Mark#bookmark]
    void put(LineBatch batch, long lines, String bookmark);
}
