package dev.gatewatch.agent.ship;

import dev.gatewatch.wire.Gap;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What every batch of a host says about the host, and the clock that sources go by.
///
/// @param host name of the host
/// @param zone the host's time zone, for stamps that carry none
/// @param addresses the host's addresses as of now
public record HostStamp(String host, ZoneId zone, InstantSource clock, Supplier<List<String>> addresses) {

    /// The present moment.
    public Instant now() {
        return clock.instant();
    }

    /// A batch of lines read now.
    public LineBatch batch(
            SourceKind source,
            String origin,
            String stream,
            long start,
            long end,
            long prev,
            @Nullable Instant bootedAt,
            Set<LineBatch.Flag> flags,
            @Nullable Gap gap,
            byte[] lines) {
        Instant now = clock.instant();
        return new LineBatch(
                host,
                addresses.get(),
                source,
                origin,
                stream,
                start,
                end,
                prev,
                zone.getRules().getOffset(now),
                now,
                bootedAt,
                flags,
                gap,
                lines);
    }
}
