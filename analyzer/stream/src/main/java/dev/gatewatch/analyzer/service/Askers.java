package dev.gatewatch.analyzer.service;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// Whose requests failed, as pairs of client and path: one who asks for the same thing again after a failure
/// is the same asker.
///
/// @param hashes one for each asker; of more than [#MOST] askers only that they are many is known, and one hash
///     more than that is kept
public record Askers(@JsonValue SortedSet<Integer> hashes) {
    /// Nobody.
    public static final Askers NONE = new Askers(new TreeSet<>());

    /// So many askers are told apart, within a second and a proxy's lines.
    public static final int MOST = 8;

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Askers {}

    /// One asker.
    public static Askers of(int hash) {
        return new Askers(new TreeSet<>(Set.of(hash)));
    }

    /// Whether there are more than are told apart.
    public boolean areMany() {
        return hashes.size() > MOST;
    }

    /// These and others. It does not matter in which order askers come: the lowest hashes are kept.
    public Askers and(Askers more) {
        if (more.hashes.isEmpty() || hashes.isEmpty()) {
            return hashes.isEmpty() ? more : this;
        }
        return sum(List.of(this, more));
    }

    /// All of them.
    public static Askers sum(List<Askers> some) {
        TreeSet<Integer> all = new TreeSet<>();
        some.forEach(askers -> all.addAll(askers.hashes));
        while (all.size() > MOST + 1) {
            all.pollLast();
        }
        return new Askers(all);
    }
}
