package dev.gatewatch.alerts.alertmanager;

/// Cuts text to what may be sent: control characters become spaces, and no more bytes of JSON come out than
/// allowed.
final class Clip {
    private static final String MORE = "…";
    private static final int MORE_BYTES = 3;

    private Clip() {}

    /// The text on one line.
    static String line(String text, int mostBytes) {
        return clip(text, mostBytes, false);
    }

    /// The text with its line breaks.
    static String block(String text, int mostBytes) {
        return clip(text, mostBytes, true);
    }

    private static String clip(String text, int mostBytes, boolean breaks) {
        StringBuilder kept = new StringBuilder();
        int bytes = 0;
        int fitting = 0;
        for (int i = 0; i < text.length(); ) {
            int read = text.codePointAt(i);
            i += Character.charCount(read);
            int character = shown(read, breaks);
            bytes += jsonBytes(character);
            if (bytes > mostBytes) {
                return kept.substring(0, fitting) + MORE;
            }
            kept.appendCodePoint(character);
            if (bytes <= mostBytes - MORE_BYTES) {
                fitting = kept.length();
            }
        }
        return kept.toString().strip();
    }

    private static int shown(int character, boolean breaks) {
        if (character == '\n' && breaks) {
            return character;
        }
        boolean loneSurrogate = character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
        return loneSurrogate
                ? 0xFFFD
                : Character.isISOControl(character) || character == 0x2028 || character == 0x2029 ? ' ' : character;
    }

    private static int jsonBytes(int character) {
        if (character == '"' || character == '\\' || character == '\n') {
            return 2;
        }
        return character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }
}
