package dev.gatewatch.agent.kernel;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Gives the records of a kernel ring one by one.
interface KmsgFeed extends AutoCloseable {
    /// The next record, verbatim with its newlines, null if there is none now.
    ///
    /// @throws IOException if the ring cannot be read (any more); the feed is useless then
    byte @Nullable [] next() throws IOException;

    @Override
    void close();

    /// Opens a feed.
    @FunctionalInterface
    interface Opener {
        /// A feed that begins at the oldest record there is.
        ///
        /// @throws IOException if the ring cannot be opened
        KmsgFeed open() throws IOException;
    }
}
