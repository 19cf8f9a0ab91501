package dev.gatewatch.standalone.explain;

import java.nio.charset.StandardCharsets;

/// Text of strangers, made fit for a terminal: what could drive it, hide text or turn its direction is
/// written as an escape.
final class Printable {
    /// More of a line is not shown.
    private static final int LONGEST = 2_000;

    private Printable() {}

    static String of(byte[] bytes, int length) {
        return of(new String(bytes, 0, Math.min(length, 4 * LONGEST), StandardCharsets.UTF_8));
    }

    static String of(String text) {
        StringBuilder printable = new StringBuilder();
        int shown = Math.min(LONGEST, text.codePointCount(0, text.length()));
        text.codePoints().limit(shown).forEach(c -> append(printable, c));
        return shown < text.codePointCount(0, text.length())
                ? printable.append("…").toString()
                : printable.toString();
    }

    private static void append(StringBuilder printable, int c) {
        switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED ->
                printable.append(c < 0x100 ? "\\x%02x".formatted(c) : "\\u{%x}".formatted(c));
            default -> printable.appendCodePoint(c);
        }
    }
}
