package dev.gatewatch.analyzer.signal;

import dev.gatewatch.wire.SourceKind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a line does not say itself but its reading needs.
///
/// @param source which grammar reads the line
/// @param utcOffset for stamps without zone
/// @param readAt when the line was read, for stamps without year and lines without stamp
/// @param bootedAt the kernel's zero, for [SourceKind#KERNEL]
/// @param accessFormat text of NGINX's `log_format`, or `combined`, or empty if it is not known
/// @param accessEscape `default`, `json` or `none`
/// @param haproxyFormats texts of the `log-format`s of the host's HAProxy, as far as they are known
public record LineContext(
        SourceKind source,
        ZoneOffset utcOffset,
        Instant readAt,
        @Nullable Instant bootedAt,
        String accessFormat,
        String accessEscape,
        List<String> haproxyFormats) {

    public LineContext {
        haproxyFormats = List.copyOf(haproxyFormats);
    }

    /// The context of a source that has no formats of its own.
    public LineContext(
            SourceKind source,
            ZoneOffset utcOffset,
            Instant readAt,
            @Nullable Instant bootedAt,
            String accessFormat,
            String accessEscape) {
        this(source, utcOffset, readAt, bootedAt, accessFormat, accessEscape, List.of());
    }

    /// The same for a line that has a time of its own, which stands in where a message in it has none.
    LineContext at(long millis) {
        return new LineContext(
                source, utcOffset, Instant.ofEpochMilli(millis), bootedAt, accessFormat, accessEscape, haproxyFormats);
    }
}
