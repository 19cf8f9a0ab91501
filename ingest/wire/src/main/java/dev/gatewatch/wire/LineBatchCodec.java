package dev.gatewatch.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// A [LineBatch] as a Kafka record: the value is the lines, everything else stands in headers of printable
/// text, so that `kcat -f '%h\n%s'` shows all of it.
///
/// | header | value |
/// | --- | --- |
/// | `v` | version of this layout, `1` |
/// | `host`, `source`, `origin`, `stream` | as in [LineBatch] |
/// | `addr` | addresses, separated by commas |
/// | `start`, `end`, `prev` | positions, decimal |
/// | `offset` | UTC offset in seconds |
/// | `read` | milliseconds since 1970, UTC |
/// | `boot` | microseconds since 1970, UTC; only for kernel records |
/// | `flags` | `replay`, `partial`, `cut`, separated by commas; absent if there is none |
/// | `gap` | `KIND:SIZE`; absent if there is none |
public final class LineBatchCodec {
    private static final String VERSION = "1";

    private LineBatchCodec() {}

    /// Writes everything but the lines into `headers`; the lines are the record's value as they are.
    public static void writeHeaders(LineBatch batch, Headers headers) {
        put(headers, "v", VERSION);
        put(headers, "host", batch.host());
        put(headers, "addr", String.join(",", batch.addresses()));
        put(headers, "source", batch.source().id());
        put(headers, "origin", batch.origin());
        put(headers, "stream", batch.stream());
        put(headers, "start", Long.toString(batch.start()));
        put(headers, "end", Long.toString(batch.end()));
        put(headers, "prev", Long.toString(batch.prev()));
        put(headers, "offset", Integer.toString(batch.utcOffset().getTotalSeconds()));
        put(headers, "read", Long.toString(batch.readAt().toEpochMilli()));
        Instant bootedAt = batch.bootedAt();
        if (bootedAt != null) {
            put(headers, "boot", Long.toString(bootedAt.getEpochSecond() * 1_000_000 + bootedAt.getNano() / 1_000));
        }
        if (!batch.flags().isEmpty()) {
            StringJoiner flags = new StringJoiner(",");
            batch.flags().stream().sorted().forEach(flag -> flags.add(flag.id()));
            put(headers, "flags", flags.toString());
        }
        Gap gap = batch.gap();
        if (gap != null) {
            put(headers, "gap", gap.kind().id() + ":" + gap.size());
        }
    }

    /// The batch that a record's headers and value make.
    ///
    /// @throws MalformedBatchException if a header is missing or does not hold what it must
    public static LineBatch read(Headers headers, byte[] lines) {
        String version = text(headers, "v");
        if (!version.equals(VERSION)) {
            throw new MalformedBatchException("header v: '" + version + "' (expected: " + VERSION + ")");
        }
        String source = text(headers, "source");
        SourceKind kind = SourceKind.ofId(source)
                .orElseThrow(() -> new MalformedBatchException(
                        "header source: '" + source + "' (expected: one of " + SourceKind.ids() + ")"));
        String addresses = text(headers, "addr");
        ZoneOffset offset = offset(headers);
        Instant bootedAt = boot(headers);
        Set<LineBatch.Flag> flags = flags(headers);
        Gap gap = gap(headers);
        try {
            return new LineBatch(
                    text(headers, "host"),
                    addresses.isEmpty() ? List.of() : List.of(addresses.split(",", -1)),
                    kind,
                    text(headers, "origin"),
                    text(headers, "stream"),
                    number(headers, "start"),
                    number(headers, "end"),
                    number(headers, "prev"),
                    offset,
                    Instant.ofEpochMilli(number(headers, "read")),
                    bootedAt,
                    flags,
                    gap,
                    lines);
        } catch (IllegalArgumentException e) {
            throw new MalformedBatchException(String.valueOf(e.getMessage()));
        }
    }

    private static ZoneOffset offset(Headers headers) {
        long seconds = number(headers, "offset");
        if (seconds < ZoneOffset.MIN.getTotalSeconds() || seconds > ZoneOffset.MAX.getTotalSeconds()) {
            throw new MalformedBatchException(
                    "header offset: '" + seconds + "' (expected: seconds within 18 hours of UTC)");
        }
        return ZoneOffset.ofTotalSeconds((int) seconds);
    }

    private static @Nullable Instant boot(Headers headers) {
        if (headers.lastHeader("boot") == null) {
            return null;
        }
        long micros = number(headers, "boot");
        return Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000), Math.floorMod(micros, 1_000_000) * 1_000L);
    }

    private static Set<LineBatch.Flag> flags(Headers headers) {
        Set<LineBatch.Flag> flags = EnumSet.noneOf(LineBatch.Flag.class);
        if (headers.lastHeader("flags") != null) {
            for (String flag : text(headers, "flags").split(",", -1)) {
                flags.add(constant("flags", flag, LineBatch.Flag.values(), LineBatch.Flag::id));
            }
        }
        return flags;
    }

    private static @Nullable Gap gap(Headers headers) {
        if (headers.lastHeader("gap") == null) {
            return null;
        }
        String text = text(headers, "gap");
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new MalformedBatchException("header gap: '" + text + "' (expected: KIND:SIZE)");
        }
        long size = parse("gap", text.substring(colon + 1));
        if (size < 0) {
            throw new MalformedBatchException("header gap: '" + text + "' (expected: a size of 0 or more)");
        }
        return new Gap(constant("gap", text.substring(0, colon), Gap.Kind.values(), Gap.Kind::id), size);
    }

    private static <E> E constant(String header, String text, E[] all, Function<E, String> id) {
        return Arrays.stream(all)
                .filter(one -> id.apply(one).equals(text))
                .findFirst()
                .orElseThrow(() -> new MalformedBatchException("header " + header + ": '" + text
                        + "' (expected: one of " + Arrays.stream(all).map(id).collect(Collectors.joining(", ")) + ")"));
    }

    private static long number(Headers headers, String name) {
        return parse(name, text(headers, name));
    }

    private static long parse(String name, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedBatchException("header " + name + ": '" + text + "' (expected: a whole number)");
        }
    }

    private static String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        if (header == null || header.value() == null) {
            throw new MalformedBatchException("header " + name + " is missing (expected: a value)");
        }
        return new String(header.value(), UTF_8);
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(UTF_8));
    }
}
