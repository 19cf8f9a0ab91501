package dev.gatewatch.analyzer.grammar;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// Numbers of one to eight digits with one byte behind each, as `0/0/1/45/46 `. Where they end is seen of 64 bytes at
/// once, instead of by looking at each digit: how long a number is cannot be guessed, which is what takes a processor
/// long.
///
/// After a row was found its places stay until the next one. Not safe for several threads at once.
final class NumberRow {
    /// So many bytes must be there from the first that is looked at.
    static final int BYTES = Long.SIZE + 1;

    private static final int MOST_DIGITS = 8;

    private final byte[] closings;
    private final int[] ends;

    private NumberRow(byte[] closings) {
        this.closings = closings;
        this.ends = new int[closings.length];
    }

    /// Numbers with these bytes behind them.
    static NumberRow closedBy(String closings) {
        return new NumberRow(closings.getBytes(US_ASCII));
    }

    /// Where the row ends; -1 if none stands there, or not within 64 bytes.
    ///
    /// @param at the first byte that is looked at, of [#BYTES]
    /// @param others [ByteSearch#othersThanDigits] of these
    /// @param from where the row begins
    int end(byte[] bytes, int at, long others, int from) {
        if (from - at >= Long.SIZE) {
            return -1;
        }
        int begin = from - at;
        long left = others & (-1L << begin);
        for (int i = 0; i < closings.length; i++) {
            int end = Long.numberOfTrailingZeros(left); // 64 if none is left
            boolean fits = bytes[at + end] == closings[i] && end > begin && end <= begin + MOST_DIGITS;
            if (!fits) {
                return -1;
            }
            ends[i] = at + end;
            begin = end + 1;
            left &= left - 1;
        }
        return at + begin;
    }

    /// Where a number of the row ends.
    int endOf(int number) {
        return ends[number];
    }

    /// A number of the row but its first. Eight bytes must be there before it ends.
    int value(byte[] bytes, int number) {
        int digits = ends[number] - ends[number - 1] - 1;
        return ByteSearch.decimal(ByteSearch.eight(bytes, ends[number] - Long.BYTES), digits);
    }
}
