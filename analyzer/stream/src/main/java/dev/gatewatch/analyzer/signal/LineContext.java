package dev.gatewatch.analyzer.signal;

import dev.gatewatch.wire.SourceKind;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// What a line does not say itself but its reading needs.
///
/// @param source which grammar reads the line
/// @param utcOffset for stamps without zone
/// @param readAt when the line was read, for stamps without year and lines without stamp
/// @param bootedAt the kernel's zero, for [SourceKind#KERNEL]
/// @param accessFormat text of NGINX's `log_format`, or `combined`, or empty if it is not known
/// @param accessEscape `default`, `json` or `none`
public record LineContext(
        SourceKind source,
        ZoneOffset utcOffset,
        Instant readAt,
        @Nullable Instant bootedAt,
        String accessFormat,
        String accessEscape) {}
