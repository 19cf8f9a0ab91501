package dev.gatewatch.analyzer.grammar;

import static java.nio.charset.StandardCharsets.UTF_8;

/// A text that stands in every line of a format, compared eight bytes at a time where it is short.
final class Literal {
    private final byte[] text;
    private final long value;
    private final long mask;

    private Literal(byte[] text) {
        this.text = text;
        byte[] head = new byte[Long.BYTES];
        byte[] ones = new byte[Long.BYTES];
        for (int i = 0; i < Math.min(text.length, Long.BYTES); i++) {
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
        return text.length;
    }

    boolean isAt(byte[] bytes, int at, int to) {
        if (to - at < text.length) {
            return false;
        }
        if (text.length > Long.BYTES || bytes.length - at < Long.BYTES) {
            return isAtByBytes(bytes, at);
        }
        return ((ByteSearch.eight(bytes, at) ^ value) & mask) == 0;
    }

    private boolean isAtByBytes(byte[] bytes, int at) {
        for (int i = 0; i < text.length; i++) {
            if (bytes[at + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    /// Index of its first occurrence that lies whole in `[from, to)`, -1 if there is none.
    int indexIn(byte[] bytes, int from, int to) {
        byte first = text[0];
        for (int i = from; i < to; i++) {
            if (bytes[i] == first && isAt(bytes, i, to)) {
                return i;
            }
        }
        return -1;
    }
}
