package dev.gatewatch.analyzer.proxies;

import dev.gatewatch.analyzer.signal.Reading;
import java.time.Instant;
import java.util.List;

/// A line as a proxy wrote it, and what came of reading it.
///
/// @param output where the proxy wrote it
record Emitted(String output, String line, Reading reading) {

    boolean isUnderstood() {
        return !(reading instanceof Reading.NotUnderstood);
    }

    boolean says() {
        return reading instanceof Reading.Says;
    }

    /// When it happened, by what the line says.
    Instant at() {
        return Instant.ofEpochMilli(((Reading.Says) reading).signal().at());
    }

    List<String> words() {
        return Words.of(reading);
    }

    /// Its words but for those about the given keys.
    List<String> wordsWithout(String... keys) {
        return words().stream()
                .filter(word -> List.of(keys).stream().noneMatch(key -> word.startsWith(key + "=")))
                .toList();
    }

    @Override
    public String toString() {
        return output + "\t" + String.join(" ", words()) + "\n\t\t" + line;
    }
}
