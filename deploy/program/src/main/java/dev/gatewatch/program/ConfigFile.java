package dev.gatewatch.program;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Configuration files: YAML whose keys are the components of a record, in snake case.
///
/// Components may be text, numbers, truth values, enums, [java.time.Duration] (`30s`, `5m`, `100ms`),
/// [java.net.URI], [Path], [java.time.ZoneId], [Address] (`127.0.0.1:9095`), [ByteSize] (`64KiB`), [Secret]
/// (from the file that the key `…_file` names), records, and lists, sets or maps by name of these. [Default]
/// tells what a component is if its key is left out.
///
/// Everything that is wrong is told at once, each with its place, its key and what was expected:
/// `agent.yaml:7:10: bursts.quiet: -5s (expected: a positive duration such as 30s)`. What a compact
/// constructor throws is told likewise; its message begins with the key ([Require] words it so).
public final class ConfigFile {
    private ConfigFile() {}

    /// The configuration in a file.
    ///
    /// @throws ConfigException with everything that is wrong with it
    public static <T> T read(Path file, Class<T> type) throws ConfigException {
        return bind(text(file), type, file.toString());
    }

    /// The configuration in a text; `{}` has all defaults.
    ///
    /// @throws ConfigException with everything that is wrong with it
    public static <T> T parse(String yaml, Class<T> type) throws ConfigException {
        return bind(yaml, type, "configuration");
    }

    /// The configuration as YAML, defaults filled in, without any secret.
    public static String print(Object config) {
        return ConfigPrinter.print(config);
    }

    private static <T> T bind(String text, Class<T> type, String name) throws ConfigException {
        List<Yaml.Problem> problems = new ArrayList<>();
        Yaml yaml = Yaml.read(text, problems);
        if (yaml == null) {
            if (problems.isEmpty()) {
                throw new ConfigException(
                        List.of(name + ": the file is empty (expected: keys and values, or {} for all defaults)"));
            }
            throw new ConfigException(sentences(name, problems));
        }
        @Nullable Object config = new Binder(problems).bind(type, yaml, "");
        if (!problems.isEmpty() || config == null) {
            throw new ConfigException(sentences(name, problems));
        }
        return type.cast(config);
    }

    private static List<String> sentences(String name, List<Yaml.Problem> problems) {
        return problems.stream()
                .sorted(Comparator.comparingInt(
                                (Yaml.Problem problem) -> problem.mark().line())
                        .thenComparingInt(problem -> problem.mark().column()))
                .map(problem -> name + place(problem.mark()) + ": " + problem.sentence())
                .toList();
    }

    private static String place(Yaml.Mark mark) {
        return mark.line() <= 0 ? "" : ":" + mark.line() + ":" + mark.column();
    }

    private static String text(Path file) throws ConfigException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw unreadable(file, "no such file", e);
        } catch (AccessDeniedException e) {
            throw unreadable(file, "may not be read by this user", e);
        } catch (CharacterCodingException e) {
            throw unreadable(file, "not UTF-8 text", e);
        } catch (IOException e) {
            throw unreadable(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static ConfigException unreadable(Path file, String why, IOException cause) {
        ConfigException problem = new ConfigException(List.of(file + ": " + why));
        problem.initCause(cause);
        return problem;
    }
}
