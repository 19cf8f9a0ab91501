package dev.gatewatch.analyzer.read;

import dev.gatewatch.analyzer.grammar.ByteSearch;
import dev.gatewatch.analyzer.grammar.TrafficScan;
import dev.gatewatch.analyzer.service.ServiceMap;
import dev.gatewatch.analyzer.service.Target;
import dev.gatewatch.analyzer.signal.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Counts lines of ordinary traffic of one proxy, batch after batch. Kinds of requests stay known from
/// batch to batch, so a line of a known kind allocates nothing.
final class TrafficCounts {
    /// More kinds than this are forgotten after the batch: servers' names come from lines.
    private static final int MOST_KINDS = 1_024;

    private static final long PRIME = 0x9E3779B97F4A7C15L; // 2^64 over the golden ratio: Knuth's multiplicative hashing
    private static final long PRIME_2 = 0xBF58476D1CE4E5B9L; // these two as in SplitMix64
    private static final long PRIME_3 = 0x94D049BB133111EBL;

    private final List<Kind> kinds = new ArrayList<>();
    private final List<Requests> counted = new ArrayList<>();
    private @Nullable Kind[] slots = new Kind[64]; // open addressing, a power of two, at most a quarter full

    /// Lines that look the same where it matters.
    private static final class Kind {
        private final byte[] name;
        private final long head; // the first eight bytes of the name,
        private final long tail; // and the last eight, where it has so many
        private final int status;
        private final int way;
        private final int hash;
        private final Requests requests;

        Kind(byte[] name, int status, int way, int hash, Requests requests) {
            this.name = name;
            this.head = name.length < Long.BYTES ? 0 : ByteSearch.eight(name, 0);
            this.tail = name.length < Long.BYTES ? 0 : ByteSearch.eight(name, name.length - Long.BYTES);
            this.status = status;
            this.way = way;
            this.hash = hash;
            this.requests = requests;
        }

        private boolean is(byte[] bytes, TrafficScan line, int itsWay, int itsHash) {
            return hash == itsHash
                    && status == line.status()
                    && way == itsWay
                    && isNamed(bytes, line.nameFrom(), line.nameTo());
        }

        private boolean isNamed(byte[] bytes, int from, int to) {
            int length = to - from;
            boolean seenByItsEnds = length >= Long.BYTES && length <= 2 * Long.BYTES; // nothing is between
            return seenByItsEnds
                    ? length == name.length
                            && ByteSearch.eight(bytes, from) == head
                            && ByteSearch.eight(bytes, to - Long.BYTES) == tail
                    : Arrays.equals(bytes, from, to, name, 0, name.length);
        }
    }

    /// Requests that say the same but for their second.
    private static final class Requests {
        private final Signal.@Nullable Request like;
        private final List<Second> seconds = new ArrayList<>();
        private int used;
        private @Nullable Second newest;
        private @Nullable Target target;
        private @Nullable ServiceMap targetOf;

        Requests(Signal.@Nullable Request like) {
            this.like = like;
        }

        /// Whether a request of the same server and way is counted like these: however it was served.
        private boolean areCountedLike(Signal.@Nullable Request other) {
            return like != null
                    && other != null
                    && like.outcome() == Signal.Outcome.SERVED
                    && other.outcome() == Signal.Outcome.SERVED
                    && like.upstream().equals(other.upstream())
                    && like.server().equals(other.server());
        }

        private Second second(long wanted) {
            Second last = newest;
            if (used > 0 && last != null && last.number == wanted) {
                return last;
            }
            newest = known(wanted);
            return newest;
        }

        private Second known(long wanted) {
            for (int i = used - 1; i >= 0; i--) {
                if (seconds.get(i).number == wanted) {
                    return seconds.get(i);
                }
            }
            if (used == seconds.size()) {
                seconds.add(new Second());
            }
            Second fresh = seconds.get(used++);
            fresh.number = wanted;
            fresh.firstAt = Long.MAX_VALUE;
            fresh.lastAt = Long.MIN_VALUE;
            fresh.lines = 0;
            return fresh;
        }

        private Target target(Signal.Request request, Combiner combiner, ServiceMap services) {
            Target known = target;
            if (known == null || targetOf != services) {
                known = combiner.target(request);
                target = known;
                targetOf = services;
            }
            return known;
        }
    }

    private static final class Second {
        private long number;
        private long firstAt;
        private long lastAt;
        private long lines;
    }

    /// Counts a line that the scan took.
    ///
    /// @param way which way the path goes
    /// @return whether its kind is known; if not, the line is not counted
    boolean add(byte[] bytes, TrafficScan line, int way) {
        int hash = hash(bytes, line, way);
        int slot = hash & (slots.length - 1);
        Kind kind = slots[slot];
        while (kind != null && !kind.is(bytes, line, way, hash)) {
            slot = (slot + 1) & (slots.length - 1);
            kind = slots[slot];
        }
        if (kind == null) {
            return false;
        }
        Requests requests = kind.requests;
        if (requests.used == 0) {
            counted.add(requests);
        }
        Second second = requests.second(Math.floorDiv(line.at(), 1_000L));
        second.firstAt = Math.min(second.firstAt, line.at());
        second.lastAt = Math.max(second.lastAt, line.at());
        second.lines++;
        return true;
    }

    /// Makes the kind of such a line known.
    ///
    /// @param reading what the full grammar reads in the line, null if it is no request
    void learn(byte[] bytes, TrafficScan line, int way, Signal.@Nullable Request reading) {
        byte[] name = Arrays.copyOfRange(bytes, line.nameFrom(), line.nameTo());
        Kind kind = new Kind(name, line.status(), way, hash(bytes, line, way), requests(name, way, reading));
        kinds.add(kind);
        if (kinds.size() * 4 > slots.length) {
            slots = new Kind[slots.length * 2];
            kinds.forEach(this::place);
        } else {
            place(kind);
        }
    }

    private Requests requests(byte[] name, int way, Signal.@Nullable Request reading) {
        for (Kind kind : kinds) {
            if (kind.way == way && Arrays.equals(kind.name, name) && kind.requests.areCountedLike(reading)) {
                return kind.requests;
            }
        }
        return new Requests(reading);
    }

    private void place(Kind kind) {
        int slot = kind.hash & (slots.length - 1);
        while (slots[slot] != null) {
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = kind;
    }

    /// Of the first and last eight bytes of the name and of eight in its middle; others differ too seldom.
    private static int hash(byte[] bytes, TrafficScan line, int way) {
        int from = line.nameFrom();
        int length = line.nameTo() - from;
        long hash = line.status() * 131L + way * 31L + length;
        if (length >= Long.BYTES) {
            hash += ByteSearch.eight(bytes, from) * PRIME
                    + ByteSearch.eight(bytes, from + (length - Long.BYTES) / 2) * PRIME_2
                    + ByteSearch.eight(bytes, from + length - Long.BYTES) * PRIME_3;
        } else {
            for (int i = 0; i < length; i++) {
                hash = hash * PRIME + bytes[from + i];
            }
        }
        hash ^= hash >>> 32; // a product's high bits say nothing to its low ones, and names differ at their ends
        return (int) ((hash * PRIME) >>> 32);
    }

    /// Hands over what was counted, and begins anew.
    void drain(Combiner combiner, ServiceMap services) {
        for (Requests requests : counted) {
            Signal.Request like = requests.like;
            if (like != null && combiner.counts(like)) {
                Target target = requests.target(like, combiner, services);
                for (int i = 0; i < requests.used; i++) {
                    Second second = requests.seconds.get(i);
                    combiner.add(like, target, second.firstAt, second.lastAt, second.lines);
                }
            }
            requests.used = 0;
        }
        counted.clear();
        if (kinds.size() > MOST_KINDS) {
            kinds.clear();
            slots = new Kind[64];
        }
    }
}
