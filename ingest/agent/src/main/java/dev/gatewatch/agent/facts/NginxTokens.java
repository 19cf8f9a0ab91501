package dev.gatewatch.agent.facts;

/// Splits an NGINX configuration into words and punctuation, by the rules of `ngx_conf_read_token`: quotes
/// and comments count only at the beginning of a word, a backslash keeps the character after it, `${` does
/// not open a block.
final class NginxTokens {
    /// What [#next] found.
    enum Kind {
        WORD,
        SEMICOLON,
        OPEN,
        CLOSE,
        END
    }

    private final String text;
    private int at;
    private String word = "";

    NginxTokens(String text) {
        this.text = text;
    }

    /// The last word found, without its quotes.
    String word() {
        return word;
    }

    /// Moves to the next token.
    Kind next() {
        skipBlanksAndComments();
        if (at >= text.length()) {
            return Kind.END;
        }
        char c = text.charAt(at);
        switch (c) {
            case ';' -> {
                at++;
                return Kind.SEMICOLON;
            }
            case '{' -> {
                at++;
                return Kind.OPEN;
            }
            case '}' -> {
                at++;
                return Kind.CLOSE;
            }
            case '"', '\'' -> quoted(c);
            default -> bare();
        }
        return Kind.WORD;
    }

    /// Skips a block whose opening brace has been read, in the language of the configuration or in Lua, by
    /// counting the braces that are not in strings or comments.
    void skipBlock() {
        int depth = 1;
        while (at < text.length() && depth > 0) {
            char c = text.charAt(at++);
            switch (c) {
                case '{' -> depth++;
                case '}' -> depth--;
                case '"', '\'' -> skipString(c);
                case '#' -> skipLine();
                case '-' -> {
                    if (at < text.length() && text.charAt(at) == '-') {
                        skipLine();
                    }
                }
                default -> {
                    // a letter of no matter
                }
            }
        }
    }

    /// A string that does not end on its line is none, or else one stray quote would swallow the rest.
    private void skipString(char quote) {
        for (int i = at; i < text.length() && text.charAt(i) != '\n'; i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == quote) {
                at = i + 1;
                return;
            }
        }
    }

    private void skipLine() {
        int newline = text.indexOf('\n', at);
        at = newline < 0 ? text.length() : newline + 1;
    }

    private void skipBlanksAndComments() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                skipLine();
            } else if (isBlank(c)) {
                at++;
            } else {
                return;
            }
        }
    }

    private void quoted(char quote) {
        StringBuilder out = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                escaped(out);
            } else {
                out.append(text.charAt(at++));
            }
        }
        at++;
        word = out.toString();
    }

    private void bare() {
        StringBuilder out = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '$' && at + 1 < text.length() && text.charAt(at + 1) == '{') {
                out.append("${");
                at += 2;
            } else if (c == '\\' && at + 1 < text.length()) {
                escaped(out);
            } else if (isBlank(c) || c == ';' || c == '{') {
                break;
            } else {
                out.append(c);
                at++;
            }
        }
        word = out.toString();
    }

    /// Quotes, backslash and the blanks lose their backslash; in front of anything else it stays, as regular
    /// expressions need it.
    private void escaped(StringBuilder out) {
        char c = text.charAt(at + 1);
        switch (c) {
            case '"', '\'', '\\' -> out.append(c);
            case 't' -> out.append('\t');
            case 'r' -> out.append('\r');
            case 'n' -> out.append('\n');
            default -> out.append('\\').append(c);
        }
        at += 2;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
