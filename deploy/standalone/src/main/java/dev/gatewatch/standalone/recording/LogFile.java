package dev.gatewatch.standalone.recording;

import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A log file of a recorded host.
///
/// @param file where it is in the recording
/// @param source which grammar reads it
/// @param origin where it was on the host
/// @param bytes all of it
@SuppressWarnings("ArrayRecordComponent") // read once, never changed, cut into batches without a copy of the whole
record LogFile(Path file, SourceKind source, String origin, byte[] bytes) {
    private static final List<String> FOLDERS = List.of("", "nginx", "haproxy");

    /// The log files of a host's folder, by path; other files are passed over.
    static List<LogFile> in(Path host) throws IOException {
        List<LogFile> logs = new ArrayList<>();
        for (String folder : FOLDERS) {
            for (Path file : files(host.resolve(folder))) {
                String name = file.getFileName().toString();
                SourceKind source = source(name);
                if (source != null) {
                    logs.add(new LogFile(file, source, origin(source, name), Files.readAllBytes(file)));
                }
            }
        }
        return logs;
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(file -> file.getFileName().toString()))
                    .toList();
        }
    }

    private static @Nullable SourceKind source(String name) {
        if (name.equals("journal.json")) {
            return SourceKind.JOURNALD;
        }
        if (name.equals("kmsg.log")) {
            return SourceKind.KERNEL;
        }
        if (!name.endsWith(".log") && !name.endsWith(".log.1")) {
            return null;
        }
        for (SourceKind proxy :
                List.of(SourceKind.HAPROXY, SourceKind.ALB, SourceKind.ENVOY, SourceKind.TRAEFIK, SourceKind.CADDY)) {
            if (name.startsWith(proxy.id())) {
                return proxy;
            }
        }
        return name.contains("error")
                ? SourceKind.NGINX_ERROR
                : name.contains("access") ? SourceKind.NGINX_ACCESS : null;
    }

    private static String origin(SourceKind source, String name) {
        return switch (source) {
            case NGINX_ACCESS, NGINX_ERROR -> "/var/log/nginx/" + name;
            case HAPROXY, ALB, ENVOY, TRAEFIK, CADDY -> "/var/log/" + name;
            case JOURNALD -> "journal";
            case KERNEL -> "/dev/kmsg";
        };
    }

    boolean isAccessLog() {
        return source == SourceKind.NGINX_ACCESS;
    }

    /// The lines as text in which every byte is a character, good for finding stamps.
    List<String> peek(int atMost) {
        return new String(bytes, 0, Math.min(bytes.length, atMost), StandardCharsets.ISO_8859_1)
                .lines()
                .toList();
    }
}
