package dev.gatewatch.analyzer.signal;

import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;

/// Lines to read, and how the tests read them: at a fixed time on a host at UTC.
public final class Lines {
    public static final Instant READ_AT = Instant.parse("2026-11-22T14:10:00Z");
    public static final Instant BOOTED_AT = Instant.parse("2026-11-22T13:27:25.093Z");

    private Lines() {}

    public static LineContext context(SourceKind source) {
        return context(source, "", "");
    }

    public static LineContext context(SourceKind source, String accessFormat, String accessEscape) {
        return new LineContext(source, ZoneOffset.UTC, READ_AT, BOOTED_AT, accessFormat, accessEscape);
    }

    public static LineContext haproxy(String... formats) {
        return new LineContext(SourceKind.HAPROXY, ZoneOffset.UTC, READ_AT, BOOTED_AT, "", "default", List.of(formats));
    }

    static Reading read(LineContext context, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return new SignalReader().read(context, bytes, 0, bytes.length);
    }

    static Reading read(SourceKind source, String line) {
        return read(context(source), line);
    }

    /// The id of what the line says or is, `-` if it has none.
    static String idOf(Reading reading) {
        return switch (reading) {
            case Reading.Says says -> says.signal().id();
            case Reading.Ordinary(String id) -> id.isEmpty() ? "-" : id;
            case Reading.NotUnderstood no -> "not understood at " + no.column() + ": " + no.expected();
        };
    }

    static long at(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }

    /// Real lines, as recorded.
    public static List<String> recorded(SourceKind source) {
        String file = switch (source) {
            case NGINX_ACCESS -> "lines/nginx-access.log";
            case NGINX_ERROR -> "lines/nginx-error.log";
            case HAPROXY -> "lines/haproxy.log";
            case ALB -> "lines/alb.log";
            case ENVOY -> "lines/envoy.log";
            case TRAEFIK -> "lines/traefik.log";
            case CADDY -> "lines/caddy.log";
            case JOURNALD -> "lines/journal.json";
            case KERNEL -> "lines/kmsg.log";
        };
        return resource(file);
    }

    public static List<String> resource(String name) {
        try (InputStream file = Lines.class.getResourceAsStream("/dev/gatewatch/analyzer/" + name)) {
            if (file == null) {
                throw new IllegalArgumentException("no resource " + name);
            }
            return Arrays.asList(new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
