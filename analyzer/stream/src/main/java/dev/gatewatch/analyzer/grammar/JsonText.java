package dev.gatewatch.analyzer.grammar;

/// The text of a JSON string.
///
/// See [RFC 8259, section 7](https://www.rfc-editor.org/rfc/rfc8259#section-7).
final class JsonText {
    private static final Slice REPLACEMENT = Slice.of("\uFFFD");

    private JsonText() {}

    /// The text without its escapes; what has none stays where it is.
    static Slice unescaped(Slice raw) {
        int escape = raw.indexOf('\\', 0);
        if (escape < 0) {
            return raw;
        }
        byte[] text = new byte[raw.length()];
        int count = 0;
        int at = 0;
        while (at < raw.length()) {
            byte next = raw.byteAt(at);
            if (next != '\\') {
                text[count++] = next;
                at++;
            } else if (raw.byteAt(at + 1) == 'u') {
                boolean pair = isPair(raw, at);
                count = encode(pair ? pairAt(raw, at) : hex(raw, at + 2), text, count);
                at += pair ? 12 : 6;
            } else {
                text[count++] = plain(raw.byteAt(at + 1));
                at += 2;
            }
        }
        return new Slice(text, 0, Math.min(count, text.length));
    }

    private static byte plain(byte escaped) {
        return switch (escaped) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            default -> escaped;
        };
    }

    private static boolean isPair(Slice raw, int at) {
        return Character.isHighSurrogate((char) hex(raw, at + 2))
                && raw.hasAt(at + 6, "\\u")
                && Character.isLowSurrogate((char) hex(raw, at + 8));
    }

    private static int pairAt(Slice raw, int at) {
        return Character.toCodePoint((char) hex(raw, at + 2), (char) hex(raw, at + 8));
    }

    private static int hex(Slice raw, int at) {
        int value = 0;
        for (int i = at; i < at + 4; i++) {
            value = value * 16 + Math.max(0, Character.digit(raw.byteAt(i), 16));
        }
        return value;
    }

    /// Writes a code point as UTF-8, never longer than its escape was.
    private static int encode(int codePoint, byte[] text, int count) {
        Slice utf8 = codePoint >= 0xD800 && codePoint <= 0xDFFF ? REPLACEMENT : Slice.of(Character.toString(codePoint));
        for (int i = 0; i < utf8.length() && count + i < text.length; i++) {
            text[count + i] = utf8.byteAt(i);
        }
        return count + utf8.length();
    }
}
