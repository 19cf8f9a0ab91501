package dev.gatewatch.wire;

/// A hole in a stream just before a batch: lines that existed and can no longer be had.
///
/// @param kind why they are missing
/// @param size how much is missing, in the units of the source's positions; 0 if that is not known
public record Gap(Kind kind, long size) {

    /// Why lines are missing.
    public enum Kind {
        /// The file was rotated away or removed before its end was read.
        ROTATED,
        /// The file became shorter than what had been read of it.
        TRUNCATED,
        /// The journal dropped entries before they were read.
        VACUUMED,
        /// The kernel's ring buffer was overwritten before it was read.
        OVERRUN,
        /// The source itself says that it suppressed or missed messages.
        SUPPRESSED;

        String id() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public Gap {
        if (size < 0) {
            throw new IllegalArgumentException("gap size " + size + " (expected: 0 or more)");
        }
    }
}
