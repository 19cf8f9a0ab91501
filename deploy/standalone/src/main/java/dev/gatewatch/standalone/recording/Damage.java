package dev.gatewatch.standalone.recording;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatewatch.wire.SourceKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What is wrong with the files of a recorded host. They are read as far as they make sense all the same.
public final class Damage {
    private static final LineStamp ANY_TIME = new LineStamp(ZoneOffset.UTC, Instant.EPOCH, Instant.EPOCH);
    private static final int PEEK = 1 << 16;

    private Damage() {}

    /// What is wrong with JSON, and where.
    public static String of(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        String what = e.getOriginalMessage()
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst(" \\(start marker at \\[Source: .*]\\)", "");
        return at == null ? what : what + " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    /// A sentence for each file of the host's folder that is there and makes no sense.
    static List<String> in(Path host, List<LogFile> logs, JsonMapper json) throws IOException {
        List<String> damage = new ArrayList<>();
        Path meta = host.resolve("meta.json");
        if (Files.isRegularFile(meta)) {
            description(meta, json, damage);
        }
        Path inventory = host.resolve("inventory.jsonl");
        if (Files.isRegularFile(inventory)) {
            lines(
                    inventory,
                    text(Files.readAllBytes(inventory)).filter(line -> isJson(line, json)),
                    text(Files.readAllBytes(inventory)),
                    "snapshots of sockets",
                    damage);
        }
        logs.forEach(log -> log(log, damage));
        return damage;
    }

    private static void description(Path meta, JsonMapper json, List<String> damage) throws IOException {
        try {
            if (!json.readTree(Files.readAllBytes(meta)).isObject()) {
                damage.add(meta + " is no JSON object, the host is described by its logs alone");
            }
        } catch (JsonProcessingException e) {
            damage.add(meta + " is no JSON, the host is described by its logs alone: " + of(e));
        }
    }

    private static void log(LogFile log, List<String> damage) {
        if (log.source() == SourceKind.JOURNALD) {
            lines(
                    log.file(),
                    text(log.bytes()).filter(line -> ANY_TIME.read(log.source(), line) != null),
                    text(log.bytes()),
                    "journal entries",
                    damage);
        } else if (log.peek(PEEK).stream().anyMatch(line -> !line.isBlank())
                && log.peek(PEEK).stream().allMatch(line -> ANY_TIME.read(log.source(), line) == null)) {
            damage.add(log.file() + ": no line has a time as those of "
                    + log.source().id() + " have");
        }
    }

    private static void lines(
            Path file, Stream<String> good, Stream<String> all, String expected, List<String> damage) {
        long lines = all.count();
        long bad = lines - good.count();
        if (bad > 0) {
            damage.add(file + ": " + bad + " of " + lines + " lines are no " + expected);
        }
    }

    private static boolean isJson(String line, JsonMapper json) {
        try {
            return json.readTree(line).isObject();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static Stream<String> text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).lines().filter(line -> !line.isBlank());
    }
}
