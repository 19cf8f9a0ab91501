package dev.gatewatch.analyzer.grammar;

import java.util.Arrays;

/// What syslog puts before the lines of one stream: as a rule the same text again and again, but for its
/// seconds.
final class PrefixShape {
    private static final int LONGEST = 200;

    private byte[] text = new byte[0]; // empty if it is shorter than a word, and then read anew for each line
    private long[] words = new long[0]; // the text, the last one overlapping the one before
    private long[] masks = new long[0]; // of the words, without the digits that change
    private int digitsFrom;
    private int digitsTo;

    /// Where the message begins.
    int end(byte[] bytes, int from, int to) {
        int known = endOfKnown(bytes, from);
        if (known >= 0 && known <= to) {
            return known;
        }
        return hasNone(bytes, from, to) ? from : learn(bytes, from, to);
    }

    /// Where the message begins if the same stands before it as before the last one, -1 if not.
    int endOfKnown(byte[] bytes, int from) {
        int length = text.length;
        if (length == 0 || bytes.length - from < length) {
            return -1;
        }
        long different = 0;
        for (int i = 0; i < words.length; i++) {
            different |= (ByteSearch.eight(bytes, from + place(i, length)) ^ words[i]) & masks[i];
        }
        return different == 0 && isTime(bytes, from) ? from + length : -1;
    }

    private static int place(int word, int length) {
        return Math.min(word * Long.BYTES, length - Long.BYTES);
    }

    /// Whether digits stand where they should.
    private boolean isTime(byte[] bytes, int from) {
        for (int i = digitsFrom; i < digitsTo; i++) {
            if (Slice.isDigit(text[i]) && !Slice.isDigit(bytes[from + i])) {
                return false;
            }
        }
        return digitsFrom == digitsTo || bytes[from + digitsFrom] <= '5';
    }

    /// Whether the line begins with a client's address: four digits or letters, points and colons.
    private static boolean hasNone(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != ' ' && bytes[i] != '-' && bytes[i] != '<') {
            i++;
        }
        return i + 1 < to && bytes[i] == ' ' && bytes[i + 1] == '[' && i > from && Slice.isDigit(bytes[i - 1]);
    }

    private int learn(byte[] bytes, int from, int to) {
        Cursor line = new Cursor(bytes, from, to);
        SyslogPrefix.take(line);
        int length = line.column();
        if (line.malformed() || length > LONGEST) {
            return to;
        }
        text = length < Long.BYTES ? new byte[0] : Arrays.copyOfRange(bytes, from, from + length);
        digitsFrom = seconds();
        digitsTo = digitsFrom;
        while (digitsTo < text.length && (Slice.isDigit(text[digitsTo]) || isFraction(digitsTo))) {
            digitsTo++;
        }
        byte[] fixed = new byte[text.length];
        for (int i = 0; i < fixed.length; i++) {
            fixed[i] = (byte) (i >= digitsFrom && i < digitsTo && Slice.isDigit(text[i]) ? 0 : -1);
        }
        words = words(text);
        masks = words(fixed);
        return from + length;
    }

    private static long[] words(byte[] text) {
        long[] words = new long[(text.length + Long.BYTES - 1) / Long.BYTES];
        Arrays.setAll(words, i -> ByteSearch.eight(text, place(i, text.length)));
        return words;
    }

    private boolean isFraction(int index) {
        return text[index] == '.' && index == digitsFrom + 2;
    }

    /// Where the seconds of the first `13:55:15` stand, 0 if there is no time.
    private int seconds() {
        for (int i = 2; i + 6 <= text.length; i++) {
            if (text[i] == ':' && text[i + 3] == ':' && Slice.isDigit(text[i + 1]) && Slice.isDigit(text[i + 4])) {
                return i + 4;
            }
        }
        return 0;
    }
}
