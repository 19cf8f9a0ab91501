package dev.gatewatch.analyzer.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Looks for many literals at once in one pass over a text. Where two begin at the same place the one that
/// was named first wins, else the one further left.
public final class Needles<V> {

    /// A hit.
    ///
    /// @param at where the literal begins
    /// @param end where it ends
    public record Found<V>(V value, int at, int end) {}

    private record Needle<V>(String literal, V value) {}

    private final List<List<Needle<V>>> byFirstByte;

    /// Looks for these.
    ///
    /// @param literals ASCII literals of at least one byte, in order of precedence
    public Needles(Map<String, V> literals) {
        List<List<Needle<V>>> buckets = new ArrayList<>();
        for (int i = 0; i < 128; i++) {
            buckets.add(new ArrayList<>());
        }
        literals.forEach((literal, value) -> buckets.get(literal.charAt(0)).add(new Needle<>(literal, value)));
        byFirstByte = buckets.stream().map(List::copyOf).toList();
    }

    /// The first hit at or behind the index, null if there is none.
    public @Nullable Found<V> find(Slice text, int from) {
        for (int i = from; i < text.length(); i++) {
            byte first = text.byteAt(i);
            if (first <= 0) {
                continue;
            }
            for (Needle<V> needle : byFirstByte.get(first)) {
                if (text.hasAt(i, needle.literal)) {
                    return new Found<>(needle.value, i, i + needle.literal.length());
                }
            }
        }
        return null;
    }
}
