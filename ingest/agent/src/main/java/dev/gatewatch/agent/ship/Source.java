package dev.gatewatch.agent.ship;

import dev.gatewatch.wire.HostFacts;
import java.util.List;

/// Something that log lines come from, driven in steps by whoever owns the thread.
public interface Source extends AutoCloseable {
    /// Does a bounded piece of work.
    ///
    /// @return whether there may be more to do at once
    boolean poll();

    /// How far each of the source's streams has been read and acknowledged. May be called from another
    /// thread.
    List<HostFacts.Watermark> watermarks();

    /// Lets go of files and processes. What is not acknowledged is read again at the next start.
    @Override
    void close();
}
