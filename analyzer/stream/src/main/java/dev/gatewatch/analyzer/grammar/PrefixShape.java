package dev.gatewatch.analyzer.grammar;

import java.util.Arrays;

/// What syslog puts before the lines of one stream: as a rule the same text again and again, but for its
/// seconds.
final class PrefixShape {
    private static final int LONGEST = 200;

    private byte[] text = new byte[0];
    private int digitsFrom;
    private int digitsTo;

    /// Where the message begins.
    int end(byte[] bytes, int from, int to) {
        if (text.length > 0 && matches(bytes, from, to)) {
            return from + text.length;
        }
        return hasNone(bytes, from, to) ? from : learn(bytes, from, to);
    }

    private boolean matches(byte[] bytes, int from, int to) {
        int length = text.length;
        if (to - from < length
                || !Arrays.equals(bytes, from, from + digitsFrom, text, 0, digitsFrom)
                || !Arrays.equals(bytes, from + digitsTo, from + length, text, digitsTo, length)) {
            return false;
        }
        for (int i = digitsFrom; i < digitsTo; i++) {
            boolean digit = Slice.isDigit(text[i]);
            if (digit ? !Slice.isDigit(bytes[from + i]) : bytes[from + i] != text[i]) {
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
        text = Arrays.copyOfRange(bytes, from, from + length);
        digitsFrom = seconds();
        digitsTo = digitsFrom;
        while (digitsTo < text.length && (Slice.isDigit(text[digitsTo]) || isFraction(digitsTo))) {
            digitsTo++;
        }
        return from + length;
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
