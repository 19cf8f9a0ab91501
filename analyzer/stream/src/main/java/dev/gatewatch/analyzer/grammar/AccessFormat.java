package dev.gatewatch.analyzer.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// A `log_format` of NGINX, made into a reader of the few fields that are looked at.
///
/// ```
/// $remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer"
/// "$http_user_agent"
/// ```
/// See [log_format](https://nginx.org/en/docs/http/ngx_http_log_module.html#log_format).
public final class AccessFormat {
    /// NGINX's default.
    public static final String COMBINED =
            "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent"
                    + " \"$http_referer\" \"$http_user_agent\"";

    /// A variable of the format.
    enum Field {
        TIME_LOCAL,
        TIME_ISO8601,
        MSEC,
        REQUEST,
        URI,
        REQUEST_URI,
        STATUS,
        REMOTE_ADDR,
        REQUEST_TIME,
        PROXY_UPSTREAM_NAME,
        UPSTREAM_ADDR,
        UPSTREAM_STATUS,
        UPSTREAM_CONNECT_TIME,
        UPSTREAM_HEADER_TIME,
        UPSTREAM_RESPONSE_TIME,
        UPSTREAM_RESPONSE_LENGTH,
        OTHER;

        static Field ofVariable(String name) {
            String wanted = name.toUpperCase(Locale.ROOT);
            return Arrays.stream(values())
                    .filter(field -> field.name().equals(wanted))
                    .findFirst()
                    .orElse(OTHER);
        }

        boolean isList() {
            return name().startsWith("UPSTREAM_");
        }
    }

    /// How NGINX writes what could be mistaken for the format itself.
    public enum Escape {
        /// `"`, `\` and what is not printable ASCII as `\xXX`
        DEFAULT,
        /// as in JSON
        JSON,
        /// not at all
        NONE;

        /// By its name in the configuration, the default for any other.
        public static Escape of(String name) {
            return switch (name) {
                case "json" -> JSON;
                case "none" -> NONE;
                default -> DEFAULT;
            };
        }
    }

    private final List<Field> fields;
    private final List<String> literals;
    private final Escape escape;
    private final Set<Field> told;

    private AccessFormat(List<Field> fields, List<String> literals, Escape escape) {
        this.fields = fields;
        this.literals = literals;
        this.escape = escape;
        this.told = EnumSet.of(Field.OTHER);
        this.told.addAll(fields);
    }

    /// Compiles the format's text, or the name `combined`.
    public static AccessFormat of(String format, Escape escape) {
        String text = format.equals("combined") ? COMBINED : format;
        List<Field> fields = new ArrayList<>();
        List<String> literals = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            int end = text.charAt(i) == '$' ? endOfName(text, i + 1) : i;
            if (end > i + 1) {
                literals.add(literal.toString());
                literal.setLength(0);
                fields.add(Field.ofVariable(text.substring(i + 1, end).replaceAll("[{}]", "")));
                i = end - 1;
            } else {
                literal.append(text.charAt(i));
            }
        }
        literals.add(literal.toString());
        return new AccessFormat(List.copyOf(fields), List.copyOf(literals), escape);
    }

    private static int endOfName(String text, int from) {
        int end = from;
        if (end < text.length() && text.charAt(end) == '{') {
            return text.indexOf('}', end) + 1;
        }
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        return end;
    }

    List<Field> fields() {
        return fields;
    }

    /// What stands before the first field, between each two, and after the last one.
    List<String> literals() {
        return literals;
    }

    Escape escape() {
        return escape;
    }

    boolean tells(Field field) {
        return told.contains(field);
    }

    /// The line's values; malformed on the cursor if the line does not fit.
    Map<Field, Slice> values(Cursor line) {
        Map<Field, Slice> values = new EnumMap<>(Field.class);
        line.skip(literals.getFirst());
        for (int i = 0; i < fields.size(); i++) {
            String closing = literals.get(i + 1);
            boolean quoted = literals.get(i).endsWith("\"") && closing.startsWith("\"");
            Slice value = value(line, fields.get(i), quoted, closing);
            values.put(fields.get(i), value);
        }
        return values;
    }

    private Slice value(Cursor line, Field field, boolean quoted, String closing) {
        if (closing.isEmpty()) {
            return line.rest();
        }
        if (quoted && escape != Escape.NONE) {
            Slice value = untilQuote(line);
            line.skip(closing);
            return value;
        }
        if (field.isList() && closing.startsWith(" ")) {
            Slice value = TryList.take(line);
            line.skip(closing);
            return value;
        }
        return line.until(closing);
    }

    /// Up to the next quote that no backslash escapes. Stays before it.
    static Slice untilQuote(Cursor line) {
        Slice ahead = line.remaining();
        int end = 0;
        while (end < ahead.length() && ahead.byteAt(end) != '"') {
            end += ahead.byteAt(end) == '\\' ? 2 : 1;
        }
        line.moveTo(line.column() + Math.min(end, ahead.length()));
        return ahead.sub(0, end);
    }
}
