package dev.gatewatch.agent.tail;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Looks for line ends in bytes, eight at a time: every byte that an agent ships goes through here once.
final class Lines {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW = 0x0101010101010101L;
    private static final long SEVEN = 0x7F7F7F7F7F7F7F7FL;
    private static final long NEWLINES = LOW * '\n';

    private Lines() {}

    /// How many newlines stand in `[from, to)`.
    static int count(byte[] bytes, int from, int to) {
        int count = 0;
        int i = from;
        for (; i + 8 <= to; i += 8) {
            count += Long.bitCount(zeroBytes((long) LONGS.get(bytes, i) ^ NEWLINES));
        }
        for (; i < to; i++) {
            if (bytes[i] == '\n') {
                count++;
            }
        }
        return count;
    }

    /// Where the last newline in `[from, to)` is, -1 if there is none.
    static int last(byte[] bytes, int from, int to) {
        for (int i = to - 1; i >= from; i--) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /// Where the first newline in `[from, to)` is, -1 if there is none.
    static int first(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /// How many NUL bytes stand at `from`.
    static int nulRun(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] == 0) {
            i++;
        }
        return i - from;
    }

    /// Where in `[from, to)` a line begins with a NUL byte, -1 if none does. The line at `from` itself is not
    /// looked at.
    static int lineWithNul(byte[] bytes, int from, int to) {
        int i = from;
        for (; i + 8 <= to; i += 8) {
            if (zeroBytes((long) LONGS.get(bytes, i)) != 0) {
                int found = lineWithNulByByte(bytes, i, i + 8, from);
                if (found >= 0) {
                    return found;
                }
            }
        }
        return lineWithNulByByte(bytes, i, to, from);
    }

    private static int lineWithNulByByte(byte[] bytes, int from, int to, int lowest) {
        for (int i = Math.max(from, lowest + 1); i < to; i++) {
            if (bytes[i] == 0 && bytes[i - 1] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /// The top bit of each byte that is zero.
    private static long zeroBytes(long v) {
        return ~(((v & SEVEN) + SEVEN) | v | SEVEN);
    }
}
