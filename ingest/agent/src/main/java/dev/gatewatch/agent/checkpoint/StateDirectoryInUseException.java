package dev.gatewatch.agent.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/// Another agent holds the state directory.
public final class StateDirectoryInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    StateDirectoryInUseException(Path directory) {
        super("state directory " + directory
                + " is in use by another agent (expected: a directory of its own for each agent)");
    }
}
