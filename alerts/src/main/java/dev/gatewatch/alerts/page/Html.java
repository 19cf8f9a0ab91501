package dev.gatewatch.alerts.page;

import java.util.List;

/// Markup. It is made of elements and text, and text is always escaped: there is no way to turn a string into
/// markup.
sealed interface Html permits Element, Html.Text, Html.Fragment {
    /// Appends the markup.
    void write(StringBuilder out);

    /// The text, escaped.
    static Html text(String text) {
        return new Text(text);
    }

    /// Several one after the other.
    static Html all(List<? extends Html> parts) {
        return new Fragment(List.copyOf(parts));
    }

    /// A whole document.
    static String document(Element root) {
        StringBuilder out = new StringBuilder(16_384).append("<!doctype html>\n");
        root.write(out);
        return out.append('\n').toString();
    }

    /// Characters that would be markup become references. Control characters, and those that reorder the text
    /// around them, become visible escapes, so that a line cannot look like another than it is.
    record Text(String text) implements Html {
        @Override
        public void write(StringBuilder out) {
            escape(text, out);
        }

        static void escape(String text, StringBuilder out) {
            for (int i = 0; i < text.length(); i++) {
                char character = text.charAt(i);
                switch (character) {
                    case '&' -> out.append("&amp;");
                    case '<' -> out.append("&lt;");
                    case '>' -> out.append("&gt;");
                    case '"' -> out.append("&quot;");
                    case '\'' -> out.append("&#39;");
                    case '\n', '\t' -> out.append(character);
                    default -> plain(text, i, character, out);
                }
            }
        }

        private static void plain(String text, int at, char character, StringBuilder out) {
            if (Character.isISOControl(character) || reorders(character)) {
                out.append("\\u%04x".formatted((int) character));
            } else if (Character.isSurrogate(character) && !paired(text, at)) {
                out.append('\ufffd');
            } else {
                out.append(character);
            }
        }

        private static boolean reorders(char character) {
            return (character >= '\u202a' && character <= '\u202e')
                    || (character >= '\u2066' && character <= '\u2069')
                    || character == '\u200e'
                    || character == '\u200f';
        }

        private static boolean paired(String text, int at) {
            return Character.isHighSurrogate(text.charAt(at))
                    ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
                    : at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
        }
    }

    /// Several one after the other.
    record Fragment(List<? extends Html> parts) implements Html {
        @Override
        public void write(StringBuilder out) {
            parts.forEach(part -> part.write(out));
        }
    }
}
