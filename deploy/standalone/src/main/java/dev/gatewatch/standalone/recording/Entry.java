package dev.gatewatch.standalone.recording;

import dev.gatewatch.wire.HostFacts;
import dev.gatewatch.wire.LineBatch;
import java.time.Instant;

/// One thing that an agent ships.
public sealed interface Entry {

    /// When the agent ships it.
    Instant at();

    /// Lines of one stream that were written at the same moment.
    record Lines(Instant at, LineBatch batch) implements Entry {}

    /// What is known of a host.
    record Facts(Instant at, HostFacts facts) implements Entry {}
}
