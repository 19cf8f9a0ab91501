package dev.gatewatch.program;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A YAML document as a tree that knows where each of its values stands. Scalars stay text: what they mean is
/// up to the type that they are read into.
sealed interface Yaml {
    /// Where the value, or for a mapping's entry the key, begins.
    Mark mark();

    record Mark(int line, int column) {
        static final Mark NONE = new Mark(0, 0);
    }

    record Mapping(Mark mark, Map<String, Entry> entries) implements Yaml {}

    record Entry(Mark key, Yaml value) {}

    record Sequence(Mark mark, List<Yaml> elements) implements Yaml {}

    /// A single value.
    ///
    /// @param text null for a value that is left out, or `null`, or `~`
    record Scalar(Mark mark, @Nullable String text) implements Yaml {
        boolean missing() {
            return text == null;
        }
    }

    /// A place and what is wrong there.
    record Problem(Mark mark, String sentence) {}

    /// Reads one document. Null if there is none, or if it cannot be read as YAML at all.
    static @Nullable Yaml read(String text, List<Problem> problems) {
        try (YAMLParser in = YAMLFactory.builder().build().createParser(text)) {
            if (in.nextToken() == null) {
                return null;
            }
            Yaml root = new Reader(in, problems).value();
            if (in.nextToken() != null) {
                problems.add(new Problem(markOf(in.currentTokenLocation()), "a second document (expected: one)"));
            }
            return root;
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            problems.add(
                    new Problem(at == null ? Mark.NONE : markOf(at), "not YAML: " + firstLine(e.getOriginalMessage())));
        } catch (IOException e) {
            problems.add(new Problem(Mark.NONE, "not YAML: " + e.getMessage()));
        }
        return null;
    }

    private static Mark markOf(JsonLocation location) {
        return new Mark(location.getLineNr(), location.getColumnNr());
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "" : message.lines().findFirst().orElse("");
    }

    /// Builds the tree from the parser's events.
    final class Reader {
        private final YAMLParser in;
        private final List<Problem> problems;

        private Reader(YAMLParser in, List<Problem> problems) {
            this.in = in;
            this.problems = problems;
        }

        private Yaml value() throws IOException {
            Mark mark = here();
            if (in.isCurrentAlias()) {
                problems.add(new Problem(mark, "*" + in.getText() + " (expected: a value, aliases are not read)"));
            }
            return switch (in.currentToken()) {
                case START_OBJECT -> mapping(mark);
                case START_ARRAY -> sequence(mark);
                case VALUE_NULL -> new Scalar(mark, null);
                default -> new Scalar(mark, in.getText());
            };
        }

        private Yaml mapping(Mark mark) throws IOException {
            Map<String, Entry> entries = new LinkedHashMap<>();
            while (in.nextToken() != JsonToken.END_OBJECT) {
                String key = in.currentName();
                Mark at = here();
                in.nextToken();
                Entry earlier = entries.putIfAbsent(key, new Entry(at, value()));
                if (earlier != null) {
                    problems.add(new Problem(
                            at,
                            key + ": given twice (first in line "
                                    + earlier.key().line() + ")"));
                }
            }
            return new Mapping(mark, entries);
        }

        private Yaml sequence(Mark mark) throws IOException {
            List<Yaml> elements = new ArrayList<>();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                elements.add(value());
            }
            return new Sequence(mark, elements);
        }

        private Mark here() {
            return markOf(in.currentTokenLocation());
        }
    }
}
