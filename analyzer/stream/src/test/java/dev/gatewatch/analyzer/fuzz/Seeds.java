package dev.gatewatch.analyzer.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatewatch.analyzer.read.Traffic;
import dev.gatewatch.analyzer.signal.LineContext;
import dev.gatewatch.analyzer.signal.Lines;
import dev.gatewatch.wire.SourceKind;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Real lines to begin with, and the contexts that lines are read in.
final class Seeds {
    static final List<String> ESCAPES = List.of("default", "json", "none");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Seeds() {}

    /// Each way in which lines of the source are read.
    static List<LineContext> contexts(SourceKind source) {
        List<LineContext> contexts = new ArrayList<>(List.of(Lines.context(source)));
        if (source == SourceKind.NGINX_ACCESS) {
            for (String format : formats()) {
                ESCAPES.forEach(escape -> contexts.add(Lines.context(source, format, escape)));
            }
        }
        return contexts;
    }

    /// Formats of access logs.
    static List<String> formats() {
        Set<String> formats = new LinkedHashSet<>();
        Arrays.stream(Traffic.values()).map(Traffic::format).forEach(formats::add);
        formats.remove("");
        formats.add("$upstream_addr $status [$time_local] \"$request\" $msec$host");
        return List.copyOf(formats);
    }

    /// Recorded lines of the source, and those of the corpus.
    static List<String> lines(SourceKind source) {
        List<String> lines = new ArrayList<>(Lines.recorded(source));
        lines.addAll(corpus(source.id()));
        return lines;
    }

    /// The corpus's lines of the source.
    static List<String> corpus(String source) {
        return Lines.resource("corpus.jsonl").stream()
                .map(Seeds::sample)
                .filter(sample -> sample.path("source").asText().equals(source))
                .map(sample -> sample.path("line").asText())
                .toList();
    }

    private static JsonNode sample(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Bytes that choose something, and a text.
    static byte[] seed(String text, int... choices) {
        ByteArrayOutputStream seed = new ByteArrayOutputStream();
        for (int choice : choices) {
            seed.write(choice);
        }
        seed.writeBytes(text.getBytes(UTF_8));
        return seed.toByteArray();
    }

    /// The item that a byte chooses.
    static <T> T choice(List<T> items, byte choice) {
        return items.get((choice & 0xFF) % items.size());
    }
}
