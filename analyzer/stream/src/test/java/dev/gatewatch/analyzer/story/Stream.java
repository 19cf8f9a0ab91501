package dev.gatewatch.analyzer.story;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;

/// A stream of lines of one host, as its agent cuts it into batches.
final class Stream {
    private final String host;
    private final SourceKind source;
    private final String origin;
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private long sequence = 100;
    private long end;
    private long sent;

    Stream(String host, SourceKind source, String origin) {
        this.host = host;
        this.source = source;
        this.origin = origin;
        this.end = source.positionsAreBytes() ? 0 : sequence;
        this.sent = end;
    }

    SourceKind source() {
        return source;
    }

    String origin() {
        return origin;
    }

    String host() {
        return host;
    }

    String id() {
        return host + "/" + source.id();
    }

    /// Sequence number of the next line.
    long next() {
        return sequence;
    }

    void add(String line) {
        byte[] bytes = (line + "\n").getBytes(UTF_8);
        waiting.writeBytes(bytes);
        sequence++;
        end = source.positionsAreBytes() ? end + bytes.length : sequence;
    }

    boolean isEmpty() {
        return waiting.size() == 0;
    }

    /// What has been written since the last batch.
    LineBatch batch(Instant readAt, Instant bootedAt) {
        LineBatch batch = new LineBatch(
                host,
                List.of(),
                source,
                origin,
                id(),
                sent,
                end,
                sent,
                ZoneOffset.UTC,
                readAt,
                source == SourceKind.KERNEL ? bootedAt : null,
                Set.of(),
                null,
                waiting.toByteArray());
        waiting.reset();
        sent = end;
        return batch;
    }
}
