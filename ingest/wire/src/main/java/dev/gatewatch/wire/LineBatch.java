package dev.gatewatch.wire;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One record of the lines topic: one or more whole lines of one stream, verbatim, each ended by a newline.
///
/// Positions make every line unique for ever: what lies between `start` and `end` of a stream is always the
/// same bytes, whoever sends it and how often. `prev` is where the batch before ended, so that a reader can
/// prove that nothing is missing.
///
/// @param host name of the host that the lines come from
/// @param addresses the host's addresses, so that an upstream's address leads to its host
/// @param source which grammar reads the lines, and what positions count
/// @param origin path of the file, or name of the journal or device
/// @param stream id of the stream: one file generation, one journal, one kernel boot; key of the record
/// @param start position of the first line
/// @param end position just after the last line
/// @param prev `end` of the stream's batch before, `start` for the first one
/// @param utcOffset the host's offset from UTC when the lines were read, for stamps that carry no zone
/// @param readAt when the agent read the lines
/// @param bootedAt wall-clock time of the kernel's zero, for [SourceKind#KERNEL] only
/// @param flags what is unusual about the batch
/// @param gap what is missing between `prev` and `start`, if anything
/// @param lines the bytes; callers neither change the array that they pass nor the one that they get
@SuppressWarnings("ArrayRecordComponent") // bytes pass through untouched, from the file to the grammar, without a copy
public record LineBatch(
        String host,
        List<String> addresses,
        SourceKind source,
        String origin,
        String stream,
        long start,
        long end,
        long prev,
        ZoneOffset utcOffset,
        Instant readAt,
        @Nullable Instant bootedAt,
        Set<Flag> flags,
        @Nullable Gap gap,
        byte[] lines) {

    /// What is unusual about a batch.
    public enum Flag {
        /// The lines are older than they should be: the agent was catching up.
        REPLAY,
        /// The last line has no newline, and never will: its file is dead.
        PARTIAL,
        /// The only line was longer than the limit and was cut; `end - start` tells its true length.
        CUT;

        String id() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public LineBatch {
        addresses = List.copyOf(addresses);
        flags = Set.copyOf(flags);
        if (start < 0 || end < start || prev < 0) {
            throw new IllegalArgumentException("positions prev=" + prev + " start=" + start + " end=" + end
                    + " of stream " + stream + " (expected: 0 <= start <= end, 0 <= prev)");
        }
    }
}
