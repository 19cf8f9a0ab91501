package dev.gatewatch.analyzer.grammar;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Looks at bytes, eight at a time.
///
/// Formulas: [zero in a word](https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord), of which the short form
/// is exact in its lowest hit only. Highest bits side by side: the product has bit 8i + 7 of a word at bit 56 + i.
public final class ByteSearch {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long LOWS = ~HIGHS;
    private static final long SIDE_BY_SIDE = 0x0002040810204081L;

    private ByteSearch() {}

    /// The eight bytes from the index on, the first one lowest.
    public static long eight(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    /// Which of the 32 bytes from the index on are the wanted one, each by a bit, the first byte's lowest.
    static int places(byte[] bytes, byte wanted, int at) {
        long pattern = (wanted & 0xFFL) * ONES;
        return bits(zeros(eight(bytes, at) ^ pattern))
                | (bits(zeros(eight(bytes, at + 8) ^ pattern)) << 8)
                | (bits(zeros(eight(bytes, at + 16) ^ pattern)) << 16)
                | (bits(zeros(eight(bytes, at + 24) ^ pattern)) << 24);
    }

    /// Sets the highest bit of each byte that is zero, and of no other.
    private static long zeros(long eight) {
        return ~(((eight & LOWS) + LOWS) | eight);
    }

    /// The highest bits of eight bytes side by side, the first byte's lowest.
    static int bits(long eight) {
        return (int) (((eight & HIGHS) * SIDE_BY_SIDE) >>> 56);
    }

    /// Eight bytes without their highest bits.
    static long ascii(long eight) {
        return eight & LOWS;
    }

    /// Sets the highest bit of each byte that is at least so high.
    ///
    /// @param ascii eight bytes below 128
    static long atLeast(long ascii, int lowest) {
        return ascii + (0x80L - lowest) * ONES;
    }

    /// Index of the first such byte in `[from, to)`, -1 if there is none.
    public static int indexOf(byte[] bytes, byte wanted, int from, int to) {
        long pattern = (wanted & 0xFFL) * ONES;
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long difference = (long) LONGS.get(bytes, i) ^ pattern;
            long zeros = (difference - ONES) & ~difference & HIGHS;
            if (zeros != 0) {
                return i + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
        }
        for (; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
