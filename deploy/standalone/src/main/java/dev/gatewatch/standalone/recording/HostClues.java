package dev.gatewatch.standalone.recording;

import dev.gatewatch.wire.SourceKind;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a host's logs betray of the host, for recordings without `meta.json`.
record HostClues(List<LogFile> logs) {
    private static final int PEEK = 1 << 16;
    private static final Pattern HOST_NAME = Pattern.compile("\"_HOSTNAME\"\\s*:\\s*\"([A-Za-z0-9._-]{1,253})\"");
    private static final Pattern REALTIME = Pattern.compile("\"__REALTIME_TIMESTAMP\"\\s*:\\s*\"(\\d{1,18})\"");
    private static final Pattern MONOTONIC = Pattern.compile("\"__MONOTONIC_TIMESTAMP\"\\s*:\\s*\"(\\d{1,18})\"");
    private static final Pattern ZONED =
            Pattern.compile("\\[\\d\\d/[A-Z][a-z]{2}/\\d{4}:\\d\\d:\\d\\d:\\d\\d ([+-]\\d{4})\\]");

    /// The name under which the journal was written.
    Optional<String> host() {
        return find(SourceKind.JOURNALD, HOST_NAME).map(m -> m.group(1));
    }

    /// The kernel's zero, good to some milliseconds.
    Optional<Instant> bootedAt() {
        return lines(SourceKind.JOURNALD)
                .flatMap(line -> micros(REALTIME, line)
                        .flatMap(wall -> micros(MONOTONIC, line).map(up -> LineStamp.ofMicros(wall - up)))
                        .stream())
                .findFirst();
    }

    /// The offset that NGINX writes into its access log.
    Optional<ZoneOffset> offset() {
        try {
            return find(SourceKind.NGINX_ACCESS, ZONED).map(m -> ZoneOffset.of(m.group(1)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /// A moment that some line with a full date names.
    Optional<Instant> about() {
        LineStamp stamp = new LineStamp(ZoneOffset.UTC, null, Instant.EPOCH);
        return logs.stream()
                .flatMap(log -> log.peek(PEEK).stream()
                        // HAProxy's lines have a date with year only where they quote the request's begin
                        .map(line -> stamp.read(
                                log.source() == SourceKind.HAPROXY ? SourceKind.NGINX_ACCESS : log.source(), line))
                        .flatMap(Stream::ofNullable)
                        .limit(1))
                .findFirst();
    }

    private static Optional<Long> micros(Pattern pattern, String line) {
        return pattern.matcher(line).results().findFirst().map(m -> Long.valueOf(m.group(1)));
    }

    private Optional<MatchResult> find(SourceKind source, Pattern pattern) {
        return lines(source)
                .flatMap(line -> pattern.matcher(line).results().limit(1))
                .findFirst();
    }

    private Stream<String> lines(SourceKind source) {
        return logs.stream().filter(log -> log.source() == source).flatMap(log -> log.peek(PEEK).stream());
    }
}
