package dev.gatewatch.analyzer.read;

import dev.gatewatch.wire.LineBatch;
import org.jspecify.annotations.Nullable;

/// Up to where a stream has been read, and what of it never came.
///
/// @param end position after the last line that was read
/// @param holes how many times a batch did not follow the one before it
/// @param missing how much was missing then, in the units of the stream's positions
/// @param readAt when the last batch was read, milliseconds since 1970
public record StreamPosition(long end, long holes, long missing, long readAt) {

    /// The position after a batch, the batch's own hole counted.
    ///
    /// @param before the position before it, null if the stream is new
    static StreamPosition after(@Nullable StreamPosition before, LineBatch batch) {
        long readAt = batch.readAt().toEpochMilli();
        if (before == null) {
            return new StreamPosition(batch.end(), 0, 0, readAt);
        }
        boolean hole = batch.prev() > before.end;
        return new StreamPosition(
                Math.max(before.end, batch.end()),
                before.holes + (hole ? 1 : 0),
                before.missing + (hole ? batch.prev() - before.end : 0),
                readAt);
    }
}
