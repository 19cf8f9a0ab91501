package dev.gatewatch.analyzer.read;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatewatch.analyzer.grammar.ByteSearch;
import dev.gatewatch.wire.LineBatch;
import dev.gatewatch.wire.SourceKind;
import java.util.Arrays;

/// Where a line stands in its stream, so that a line that was read already is known again.
final class LinePositions {
    private static final byte[] CURSOR = "\"__CURSOR\":\"".getBytes(ISO_8859_1);
    private static final byte[] CURSOR_SPACED = "\"__CURSOR\" : \"".getBytes(ISO_8859_1);

    private LinePositions() {}

    /// Position of the line at `from` of the batch's bytes; the batch's start if the line does not tell its
    /// own.
    static long of(LineBatch batch, int from, int to) {
        if (batch.source().positionsAreBytes()) {
            return batch.start() + from;
        }
        long own = batch.source() == SourceKind.KERNEL
                ? kernelSequence(batch.lines(), from, to)
                : journalSequence(batch.lines(), from, to);
        return own < 0 ? batch.start() : own;
    }

    /// The second number of `6,1234,5678,-;text`.
    private static long kernelSequence(byte[] bytes, int from, int to) {
        int comma = ByteSearch.indexOf(bytes, (byte) ',', from, to);
        int end = comma < 0 ? -1 : ByteSearch.indexOf(bytes, (byte) ',', comma + 1, to);
        return end < 0 ? -1 : number(bytes, comma + 1, end, 10);
    }

    /// The `i=` of `"__CURSOR":"s=…;i=5a4;b=…"`, hexadecimal.
    private static long journalSequence(byte[] bytes, int from, int to) {
        int at = indexOf(bytes, CURSOR, from, to);
        int start = at >= 0 ? at + CURSOR.length : indexOf(bytes, CURSOR_SPACED, from, to) + CURSOR_SPACED.length;
        if (at < 0 && start < from + CURSOR_SPACED.length) {
            return -1;
        }
        int end = ByteSearch.indexOf(bytes, (byte) '"', start, to);
        int i = end < 0 ? -1 : indexOf(bytes, new byte[] {';', 'i', '='}, start, end);
        if (i < 0) {
            return -1;
        }
        int semicolon = ByteSearch.indexOf(bytes, (byte) ';', i + 3, end);
        return number(bytes, i + 3, semicolon < 0 ? end : semicolon, 16);
    }

    private static long number(byte[] bytes, int from, int to, int radix) {
        if (to <= from || to - from > 15) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(bytes[i], radix);
            if (digit < 0) {
                return -1;
            }
            number = number * radix + digit;
        }
        return number;
    }

    private static int indexOf(byte[] bytes, byte[] wanted, int from, int to) {
        for (int i = from; i <= to - wanted.length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }
}
