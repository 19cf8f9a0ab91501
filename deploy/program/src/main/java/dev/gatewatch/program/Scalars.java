package dev.gatewatch.program;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The types that one YAML scalar can be read into.
final class Scalars {
    /// How a text becomes a value.
    ///
    /// @param expected completes "expected: …"
    /// @param read throws [IllegalArgumentException] for a text that is not of the type; a message that has
    ///     an expectation of its own, in brackets at its end, is shown as it is
    record Type(String expected, Read read) {}

    @FunctionalInterface
    interface Read {
        Object read(String text);
    }

    private static final Type WHOLE = new Type("a whole number", Long::valueOf);
    private static final Type NUMBER = new Type("a number", Scalars::number);
    private static final Type TRUTH = new Type("true or false", Scalars::truth);

    private static final Map<Class<?>, Type> TYPES = Map.ofEntries(
            Map.entry(String.class, new Type("a text", text -> text)),
            Map.entry(int.class, new Type("a whole number", Integer::valueOf)),
            Map.entry(Integer.class, new Type("a whole number", Integer::valueOf)),
            Map.entry(long.class, WHOLE),
            Map.entry(Long.class, WHOLE),
            Map.entry(double.class, NUMBER),
            Map.entry(Double.class, NUMBER),
            Map.entry(boolean.class, TRUTH),
            Map.entry(Boolean.class, TRUTH),
            Map.entry(Duration.class, new Type("a duration such as 30s", Durations::parse)),
            Map.entry(URI.class, new Type("an absolute URL such as http://127.0.0.1:9093", Scalars::uri)),
            Map.entry(Path.class, new Type("a path", Scalars::path)),
            Map.entry(ZoneId.class, new Type("a time zone such as UTC or Europe/Berlin", Scalars::zone)),
            Map.entry(Address.class, new Type("HOST:PORT such as 127.0.0.1:9095", Address::parse)),
            Map.entry(ByteSize.class, new Type("a size such as 64KiB", ByteSize::parse)),
            Map.entry(Secret.class, new Type("the path of a file", text -> Secret.in(Path.of(text)))));

    private Scalars() {}

    /// The scalar type of a class, null if it is none.
    static @Nullable Type of(Class<?> type) {
        return type.isEnum() ? enumeration(type) : TYPES.get(type);
    }

    static String lower(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT);
    }

    private static Type enumeration(Class<?> type) {
        Object[] constants = type.getEnumConstants();
        String names = Arrays.stream(constants).map(Scalars::lower).collect(Collectors.joining(", "));
        return new Type(
                "one of " + names,
                text -> Arrays.stream(constants)
                        .filter(constant -> lower(constant).equals(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(text)));
    }

    private static Object number(String text) {
        double number = Double.parseDouble(text);
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException(text);
        }
        return number;
    }

    private static Object truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static Object uri(String text) {
        URI uri = URI.create(text);
        if (!uri.isAbsolute() || uri.getHost() == null) {
            throw new IllegalArgumentException(text);
        }
        return uri;
    }

    private static Object path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Object zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
