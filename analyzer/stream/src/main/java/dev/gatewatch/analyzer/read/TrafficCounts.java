package dev.gatewatch.analyzer.read;

import dev.gatewatch.analyzer.grammar.TrafficScan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// Counts lines of ordinary traffic that say the same, in one batch after another. Allocates only when a batch says
/// more different things than any before.
final class TrafficCounts {
    private static final int EMPTY = -1;

    private final List<Count> counts = new ArrayList<>();
    private int used;
    private int[] slots = new int[64]; // open addressing, a power of two, at most half full

    /// Lines that say the same, by the first of them.
    static final class Count {
        private int from;
        private int to;
        private int nameFrom;
        private int nameLength;
        private int status;
        private int way;
        private int hash;
        private long second;
        private long firstAt;
        private long lastAt;
        private long lines;

        int from() {
            return from;
        }

        int to() {
            return to;
        }

        long firstAt() {
            return firstAt;
        }

        long lastAt() {
            return lastAt;
        }

        long lines() {
            return lines;
        }

        private boolean is(byte[] bytes, TrafficScan line, int itsWay, long itsSecond, int itsHash) {
            return hash == itsHash
                    && second == itsSecond
                    && status == line.status()
                    && way == itsWay
                    && Arrays.equals(
                            bytes, nameFrom, nameFrom + nameLength, bytes, line.nameFrom(), line.nameTo());
        }
    }

    TrafficCounts() {
        Arrays.fill(slots, EMPTY);
    }

    /// Counts a line that the scan took.
    ///
    /// @param way which way the path goes
    void add(byte[] bytes, int from, int to, TrafficScan line, int way) {
        long second = Math.floorDiv(line.at(), 1_000L);
        int hash = hash(bytes, line, way, second);
        int slot = hash & (slots.length - 1);
        while (slots[slot] != EMPTY) {
            Count known = counts.get(slots[slot]);
            if (known.is(bytes, line, way, second, hash)) {
                known.firstAt = Math.min(known.firstAt, line.at());
                known.lastAt = Math.max(known.lastAt, line.at());
                known.lines++;
                return;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = used;
        Count count = fresh();
        count.from = from;
        count.to = to;
        count.nameFrom = line.nameFrom();
        count.nameLength = line.nameTo() - line.nameFrom();
        count.status = line.status();
        count.way = way;
        count.hash = hash;
        count.second = second;
        count.firstAt = line.at();
        count.lastAt = line.at();
        count.lines = 1;
        if (used * 2 > slots.length) {
            grow();
        }
    }

    private static int hash(byte[] bytes, TrafficScan line, int way, long second) {
        int hash = (int) second * 31 + line.status() * 131 + way;
        for (int i = line.nameFrom(); i < line.nameTo(); i++) {
            hash = hash * 31 + bytes[i];
        }
        return hash ^ (hash >>> 15);
    }

    private Count fresh() {
        if (used == counts.size()) {
            counts.add(new Count());
        }
        return counts.get(used++);
    }

    private void grow() {
        slots = new int[slots.length * 2];
        Arrays.fill(slots, EMPTY);
        for (int i = 0; i < used; i++) {
            int slot = counts.get(i).hash & (slots.length - 1);
            while (slots[slot] != EMPTY) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = i;
        }
    }

    /// Hands over what was counted, in the order of the first lines, and forgets it.
    void drain(Consumer<Count> each) {
        for (int i = 0; i < used; i++) {
            each.accept(counts.get(i));
        }
        if (used > 0) {
            used = 0;
            Arrays.fill(slots, EMPTY);
        }
    }
}
