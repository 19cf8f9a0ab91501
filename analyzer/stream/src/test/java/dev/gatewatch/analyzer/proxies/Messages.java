package dev.gatewatch.analyzer.proxies;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The different messages that were met, by kind of scenario: texts without what differs from one time to
/// the next.
final class Messages {
    private final Map<String, Set<String>> byKind = new TreeMap<>();

    void add(String kind, String text) {
        byKind.computeIfAbsent(kind, k -> new TreeSet<>()).add(text);
    }

    long count() {
        return byKind.values().stream().flatMap(Set::stream).distinct().count();
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder();
        byKind.forEach((kind, texts) -> {
            table.append("%4d %s%n".formatted(texts.size(), kind));
            texts.forEach(text -> table.append("       ").append(text).append('\n'));
        });
        return table.append(count()).append(" different messages").toString();
    }
}
