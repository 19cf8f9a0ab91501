package dev.gatewatch.standalone.explain;

import dev.gatewatch.analyzer.explain.LineSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the command line of `explain` asks for.
///
/// @param source where all lines come from, null to guess
/// @param corpus file of a corpus, null to explain lines
/// @param files files of lines, empty for standard input
record ExplainOptions(
        boolean json, @Nullable LineSource source, @Nullable String corpus, List<String> files) {

    /// Reads the arguments.
    ///
    /// @throws IllegalArgumentException if they ask for what there is not; the message says what would be
    ///     right
    static ExplainOptions parse(List<String> arguments) {
        boolean json = false;
        LineSource source = null;
        String corpus = null;
        List<String> files = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String name = argument.startsWith("--") ? argument.replaceFirst("=.*", "") : argument;
            switch (name) {
                case "--json" -> json = true;
                case "--source" -> source = source(value(arguments, i));
                case "--corpus" -> corpus = value(arguments, i);
                case "--" -> {
                    files.addAll(arguments.subList(i + 1, arguments.size()));
                    i = arguments.size();
                }
                default -> files.add(file(argument));
            }
            boolean separate = argument.equals("--source") || argument.equals("--corpus");
            i += separate ? 1 : 0;
        }
        if (corpus != null && (json || source != null || !files.isEmpty())) {
            throw new IllegalArgumentException("--corpus FILE stands alone");
        }
        return new ExplainOptions(json, source, corpus, List.copyOf(files));
    }

    /// The value of `--option=VALUE` or `--option VALUE`.
    private static String value(List<String> arguments, int at) {
        String argument = arguments.get(at);
        int equals = argument.indexOf('=');
        if (equals >= 0) {
            return argument.substring(equals + 1);
        }
        if (at + 1 == arguments.size()) {
            throw new IllegalArgumentException(argument + " needs a value");
        }
        return arguments.get(at + 1);
    }

    private static LineSource source(String id) {
        return LineSource.ofId(id)
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no source '" + id + "' (expected: " + LineSource.ids() + ")"));
    }

    private static String file(String argument) {
        if (argument.startsWith("-") && argument.length() > 1) {
            throw new IllegalArgumentException(
                    "unknown option '" + argument + "' (expected: --json, --source KIND or --corpus FILE)");
        }
        return argument;
    }
}
