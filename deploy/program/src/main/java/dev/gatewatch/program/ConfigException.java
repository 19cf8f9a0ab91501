package dev.gatewatch.program;

import java.util.List;

/// A configuration that cannot be used, with everything that is wrong with it: one sentence each, ready for
/// the operator.
public final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public ConfigException(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    /// What is wrong, in the order of the file.
    public List<String> problems() {
        return problems;
    }
}
