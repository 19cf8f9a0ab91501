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
    private static final long DIGIT_VALUES = 0x0F0F0F0F0F0F0F0FL;
    private static final long SIDE_BY_SIDE = 0x0002040810204081L;

    private ByteSearch() {}

    /// The eight bytes from the index on, the first one lowest.
    public static long eight(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    /// Which of the 32 bytes from the index on are blanks or control characters, whatever their highest bits, each by a
    /// bit, the first byte's lowest.
    static long gaps(byte[] bytes, int at) {
        return gaps(eight(bytes, at))
                | (gaps(eight(bytes, at + 8)) << 8)
                | (gaps(eight(bytes, at + 16)) << 16)
                | (gaps(eight(bytes, at + 24)) << 24);
    }

    private static long gaps(long eight) {
        return bits(~atLeast(ascii(eight), '!'));
    }

    /// Which of the 64 bytes from the index on are no digits, each by a bit, the first byte's lowest.
    static long othersThanDigits(byte[] bytes, int at) {
        long others = 0;
        for (int word = 0; word < Long.BYTES; word++) {
            long fromZero = eight(bytes, at + word * Long.BYTES) ^ ('0' * ONES); // a digit becomes its value
            others |= (long) bits(atLeast(ascii(fromZero), 10) | fromZero) << (word * Byte.SIZE);
        }
        return others;
    }

    /// The number that the last so many of eight bytes are the digits of, one to eight: neighbours are added up, then
    /// neighbouring pairs, then fours.
    ///
    /// Source:
    /// [faster integer parsing](https://kholdstare.github.io/technical/2020/05/26/faster-integer-parsing.html).
    static int decimal(long eight, int digits) {
        long values = (eight >>> (Long.SIZE - digits * Byte.SIZE) << (Long.SIZE - digits * Byte.SIZE)) & DIGIT_VALUES;
        long pairs = (values * 10 + (values >>> 8)) & 0x00FF_00FF_00FF_00FFL;
        long fours = (pairs * 100 + (pairs >>> 16)) & 0x0000_FFFF_0000_FFFFL;
        return (int) (fours * 10_000 + (fours >>> 32));
    }

    /// Sets the highest bit of the first byte that is zero, and perhaps those of later ones; none if no byte is zero.
    private static long firstZero(long eight) {
        return (eight - ONES) & ~eight & HIGHS;
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
            long zeros = firstZero(eight(bytes, i) ^ pattern);
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
