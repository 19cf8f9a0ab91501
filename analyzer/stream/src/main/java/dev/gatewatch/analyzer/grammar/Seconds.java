package dev.gatewatch.analyzer.grammar;

/// A time in seconds as a decimal, such as `0.004`, `-1` or `8.4838e-05`.
final class Seconds {
    private static final int MOST_DIGITS = 12;

    private Seconds() {}

    /// The time in milliseconds, cut; -1 if the text is no such number or is negative.
    static long millis(Slice text) {
        int digits = text.digitsAt(0);
        if (digits == 0 || digits > MOST_DIGITS) {
            return -1;
        }
        int decimals = text.byteAt(digits) == '.' ? text.digitsAt(digits + 1) : 0;
        int end = digits + (decimals > 0 ? 1 + decimals : 0);
        if (text.byteAt(end) == 'e' && text.byteAt(end + 1) == '-') {
            return 0; // a program writes less than a ten-thousandth like this
        }
        if (end != text.length()) {
            return -1;
        }
        long millis = text.bigNumber() * 1000;
        int scale = 100;
        for (int i = 0; i < decimals && scale > 0; i++, scale /= 10) {
            millis += (long) (text.byteAt(digits + 1 + i) - '0') * scale;
        }
        return millis;
    }
}
