package dev.gatewatch.analyzer.grammar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A stretch of a line: text that has not been made a string yet. Indices count from the slice's beginning,
/// literals are ASCII.
public final class Slice {
    /// Nothing, for what a line does not give.
    public static final Slice EMPTY = new Slice(new byte[0], 0, 0);

    private static final int LONGEST_BRIEF = 512;

    private final byte[] bytes;
    private final int from;
    private final int to;

    public Slice(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = Math.max(from, to);
    }

    public static Slice of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Slice(bytes, 0, bytes.length);
    }

    public int length() {
        return to - from;
    }

    public boolean isEmpty() {
        return to == from;
    }

    /// The byte at the index, 0 outside of the slice.
    public byte byteAt(int index) {
        return index < 0 || index >= length() ? 0 : bytes[from + index];
    }

    public boolean is(String literal) {
        return length() == literal.length() && startsWith(literal);
    }

    /// Whether the other slice holds the same bytes.
    boolean sameBytes(Slice other) {
        return Arrays.equals(bytes, from, to, other.bytes, other.from, other.to);
    }

    public boolean startsWith(String literal) {
        return hasAt(0, literal);
    }

    public boolean endsWith(String literal) {
        return hasAt(length() - literal.length(), literal);
    }

    public boolean contains(String literal) {
        return indexOf(literal, 0) >= 0;
    }

    public boolean hasAt(int index, String literal) {
        if (index < 0 || index + literal.length() > length()) {
            return false;
        }
        for (int i = 0; i < literal.length(); i++) {
            if (bytes[from + index + i] != (byte) literal.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    public int indexOf(char wanted, int start) {
        int at = ByteSearch.indexOf(bytes, (byte) wanted, from + Math.max(0, start), to);
        return at < 0 ? -1 : at - from;
    }

    public int indexOf(String literal, int start) {
        int last = length() - literal.length();
        for (int i = indexOf(literal.charAt(0), start); i >= 0 && i <= last; i = indexOf(literal.charAt(0), i + 1)) {
            if (hasAt(i, literal)) {
                return i;
            }
        }
        return -1;
    }

    public int lastIndexOf(String literal) {
        for (int i = length() - literal.length(); i >= 0; i--) {
            if (hasAt(i, literal)) {
                return i;
            }
        }
        return -1;
    }

    /// From the beginning index up to the end index; both are pulled into the slice.
    public Slice sub(int begin, int end) {
        int first = Math.clamp(begin, 0, length());
        return new Slice(bytes, from + first, from + Math.clamp(end, first, length()));
    }

    public Slice after(int begin) {
        return sub(begin, length());
    }

    /// What stands before the literal, all of it if the literal is missing.
    public Slice before(String literal) {
        int at = indexOf(literal, 0);
        return at < 0 ? this : sub(0, at);
    }

    /// What stands between the two literals, up to the end if the second is missing, nothing if the first is.
    public Slice between(String opening, String closing) {
        int at = indexOf(opening, 0);
        return at < 0 ? EMPTY : after(at + opening.length()).before(closing);
    }

    public Slice trimmed() {
        int first = 0;
        int last = length();
        while (first < last && byteAt(first) == ' ') {
            first++;
        }
        while (last > first && byteAt(last - 1) == ' ') {
            last--;
        }
        return sub(first, last);
    }

    /// The number that the slice begins with, -1 if it begins with none or with more than nine digits.
    public int number() {
        int digits = digitsAt(0);
        return digits == 0 || digits > 9 ? -1 : (int) decimal(digits);
    }

    /// The number that the slice begins with, -1 if it begins with none or with more than eighteen digits.
    public long bigNumber() {
        int digits = digitsAt(0);
        return digits == 0 || digits > 18 ? -1 : decimal(digits);
    }

    /// How many digits stand from the index on.
    public int digitsAt(int index) {
        int end = index;
        while (isDigit(byteAt(end))) {
            end++;
        }
        return end - index;
    }

    private long decimal(int digits) {
        long value = 0;
        for (int i = 0; i < digits; i++) {
            value = value * 10 + (bytes[from + i] - '0');
        }
        return value;
    }

    public Cursor cursor() {
        return new Cursor(bytes, from, to);
    }

    /// As text; what is not UTF-8 becomes the replacement character.
    public String text() {
        return isEmpty() ? "" : new String(bytes, from, length(), StandardCharsets.UTF_8);
    }

    /// As text, at most its first 512 bytes: strangers write lines, and what they write is kept.
    public String brief() {
        return sub(0, LONGEST_BRIEF).text();
    }

    /// The beginning as text, behind something that the reader puts before it; all together no longer than
    /// [#brief()].
    public String briefAfter(String prefix) {
        return prefix + sub(0, LONGEST_BRIEF - prefix.length()).text();
    }

    @Override
    public String toString() {
        return text();
    }

    static boolean isDigit(byte candidate) {
        return candidate >= '0' && candidate <= '9';
    }
}
