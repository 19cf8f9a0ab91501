package dev.gatewatch.analyzer.grammar;

/// A place in a line that moves from left to right. Each verb either takes what it names or marks the line
/// malformed at the column where it should have stood; after that nothing moves any more, so a grammar asks
/// once, at its end.
public final class Cursor {
    private final byte[] bytes;
    private final int start;
    private final int end;
    private int position;
    private int failedAt = -1;
    private String expected = "";

    public Cursor(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.start = from;
        this.position = from;
        this.end = to;
    }

    public boolean malformed() {
        return failedAt >= 0;
    }

    public <R> Parsed.Malformed<R> complaint() {
        return new Parsed.Malformed<>(Math.max(0, failedAt), expected);
    }

    /// Marks the line malformed here, unless it is already.
    public void fail(String wanted) {
        if (!malformed()) {
            failedAt = position - start;
            expected = wanted;
            position = end;
        }
    }

    public boolean atEnd() {
        return position >= end;
    }

    public int column() {
        return position - start;
    }

    /// Goes back to, or on to, a column of the line.
    public void moveTo(int column) {
        if (!malformed()) {
            position = Math.clamp(start + (long) column, start, end);
        }
    }

    /// The byte under the cursor, 0 at the end.
    public byte peek() {
        return peek(0);
    }

    public byte peek(int ahead) {
        return position + ahead < end ? bytes[position + ahead] : 0;
    }

    public boolean atDigit() {
        return Slice.isDigit(peek());
    }

    public boolean at(String literal) {
        if (end - position < literal.length()) {
            return false;
        }
        for (int i = 0; i < literal.length(); i++) {
            if (bytes[position + i] != (byte) literal.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Takes the literal if it is there.
    public boolean take(String literal) {
        boolean there = at(literal);
        if (there) {
            position += literal.length();
        }
        return there;
    }

    /// Takes the byte if it is there.
    public boolean take(char wanted) {
        boolean there = position < end && bytes[position] == (byte) wanted;
        if (there) {
            position++;
        }
        return there;
    }

    /// Takes the literal, which must be there.
    public void skip(String literal) {
        if (!take(literal)) {
            fail(literal);
        }
    }

    public void skipBlanks() {
        while (peek() == ' ') {
            position++;
        }
    }

    /// Up to the byte, which must follow and is taken too.
    public Slice until(char wanted) {
        for (int i = position; i < end; i++) {
            if (bytes[i] == (byte) wanted) {
                Slice taken = new Slice(bytes, position, i);
                position = i + 1;
                return taken;
            }
        }
        fail(String.valueOf(wanted));
        return Slice.EMPTY;
    }

    /// Up to the literal, which must follow and is taken too.
    public Slice until(String literal) {
        Slice ahead = remaining();
        int at = ahead.indexOf(literal, 0);
        if (at < 0) {
            fail(literal);
            return Slice.EMPTY;
        }
        position += at + literal.length();
        return ahead.sub(0, at);
    }

    /// Up to the next blank or the end, with the blank; empty if a blank or the end is here.
    public Slice word() {
        int first = position;
        while (position < end && bytes[position] != ' ') {
            position++;
        }
        Slice taken = new Slice(bytes, first, position);
        take(' ');
        return taken;
    }

    /// A number of at most eighteen digits.
    public long digits() {
        int count = remaining().digitsAt(0);
        if (count == 0 || count > 18) {
            fail("a number");
            return -1;
        }
        long value = remaining().bigNumber();
        position += count;
        return value;
    }

    /// A number of exactly so many digits.
    public int digits(int count) {
        int value = 0;
        for (int i = 0; i < count; i++) {
            if (!atDigit()) {
                fail("a digit");
                return 0;
            }
            value = value * 10 + (bytes[position++] - '0');
        }
        return value;
    }

    /// A number that may have a sign and does not exceed nine digits.
    public int number() {
        boolean negative = take('-');
        if (!negative) {
            take('+');
        }
        long value = digits();
        if (value > 999_999_999) {
            fail("a number of at most nine digits");
        }
        return (int) (negative ? -value : value);
    }

    /// What is left, without taking it.
    public Slice remaining() {
        return new Slice(bytes, position, end);
    }

    /// What is left.
    public Slice rest() {
        Slice taken = remaining();
        position = end;
        return taken;
    }
}
