package dev.gatewatch.analyzer.grammar;

import static java.nio.charset.StandardCharsets.UTF_8;

/// A text that stands in every line of a format, compared eight bytes at a time where it is short.
final class Literal {
    private final byte[] text;
    private final int length;
    private final long value;
    private final long mask;

    private Literal(byte[] text) {
        this.text = text;
        this.length = text.length;
        byte[] head = new byte[Long.BYTES];
        byte[] ones = new byte[Long.BYTES];
        for (int i = 0; i < Math.min(length, Long.BYTES); i++) {
            head[i] = text[i];
            ones[i] = -1;
        }
        this.value = ByteSearch.eight(head, 0);
        this.mask = ByteSearch.eight(ones, 0);
    }

    static Literal of(String text) {
        return new Literal(text.getBytes(UTF_8));
    }

    int length() {
        return length;
    }

    boolean isAt(byte[] bytes, int at, int to) {
        if (to - at < length) {
            return false;
        }
        if (bytes.length - at < Long.BYTES) {
            return isAtFrom(bytes, at, 0);
        }
        return ((ByteSearch.eight(bytes, at) ^ value) & mask) == 0
                && (length <= Long.BYTES || isAtFrom(bytes, at, Long.BYTES));
    }

    private boolean isAtFrom(byte[] bytes, int at, int first) {
        for (int i = first; i < length; i++) {
            if (bytes[at + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    /// Index of its first occurrence that lies whole in `[from, to)`, -1 if there is none.
    int indexIn(byte[] bytes, int from, int to) {
        int at = ByteSearch.indexOf(bytes, text[0], from, to);
        while (at >= 0 && !isAt(bytes, at, to)) {
            at = ByteSearch.indexOf(bytes, text[0], at + 1, to);
        }
        return at;
    }
}
