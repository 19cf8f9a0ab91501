package dev.gatewatch.standalone.recording;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `meta.json` says of a host. Every member may be missing, for the file may be, or be damaged.
///
/// @param host the host's full name
/// @param addresses its addresses without loopback and link-local ones, the main one first
/// @param offset its offset from UTC
/// @param bootedAt the kernel's zero
/// @param begin when recording began
/// @param end when recording ended
/// @param accessFormat text of the `log_format` in use, or `combined`
record HostDescription(
        @Nullable String host,
        List<String> addresses,
        @Nullable ZoneOffset offset,
        @Nullable Instant bootedAt,
        @Nullable Instant begin,
        @Nullable Instant end,
        @Nullable String accessFormat) {
    /// How far stamps may be off, be it by a wrong UTC offset, before they count as damaged.
    private static final Duration TOLERANCE = Duration.ofDays(1);

    static HostDescription read(Path file, JsonMapper json) throws IOException {
        return Files.isRegularFile(file) ? of(tree(file, json)) : of(json.missingNode());
    }

    private static JsonNode tree(Path file, JsonMapper json) throws IOException {
        try {
            return json.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            return json.missingNode();
        }
    }

    private static HostDescription of(JsonNode meta) {
        return new HostDescription(
                text(meta.path("host")),
                addresses(meta),
                offset(meta.path("utc_offset").asText()),
                bootedAt(meta),
                instant(meta.path("window").path(0).asText()),
                instant(meta.path("window").path(1).asText()),
                accessFormat(meta.path("nginx")));
    }

    /// Whether a line of the recording can bear this moment; any, if it is not known when the recording was
    /// made.
    boolean mayHold(Instant moment) {
        return (begin == null || moment.isAfter(begin.minus(TOLERANCE)))
                && (end == null || moment.isBefore(end.plus(TOLERANCE)));
    }

    private static List<String> addresses(JsonNode meta) {
        List<String> addresses = new ArrayList<>();
        String main = text(meta.path("address"));
        if (main != null) {
            addresses.add(main);
        }
        for (JsonNode link : meta.path("ip_addr")) {
            for (JsonNode info : link.path("addr_info")) {
                String local = info.path("local").asText();
                boolean routable = info.path("scope").asText().equals("global");
                if (routable && !local.isEmpty() && !addresses.contains(local)) {
                    addresses.add(local);
                }
            }
        }
        return addresses;
    }

    private static @Nullable Instant bootedAt(JsonNode meta) {
        JsonNode micros = meta.path("boot_time_epoch_us");
        return micros.isIntegralNumber() && micros.canConvertToLong()
                ? LineStamp.ofMicros(micros.asLong())
                : instant(meta.path("boot_time").asText());
    }

    private static @Nullable String accessFormat(JsonNode nginx) {
        String name = text(nginx.path("access_log_format"));
        if (name == null || name.equals("combined")) {
            return name;
        }
        return text(nginx.path("log_format_" + name));
    }

    private static @Nullable ZoneOffset offset(String text) {
        try {
            return text.isEmpty() ? null : ZoneOffset.of(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    static @Nullable Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static @Nullable String text(JsonNode node) {
        return node.isTextual() && !node.asText().isBlank() ? node.asText() : null;
    }
}
