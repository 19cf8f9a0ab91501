package dev.gatewatch.agent.tail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Words for an operator whose agent may not read a file.
final class Rights {
    private Rights() {}

    /// Who the agent is, what the file or the first directory that is closed to it allows, and what to do.
    static String remedy(Path path) {
        Path closed = path;
        for (Path parent = path.getParent();
                parent != null && !Files.isExecutable(parent);
                parent = parent.getParent()) {
            closed = parent;
        }
        String rights = FileStat.rights(closed);
        return "uid " + uid() + " may not read it"
                + (rights.isEmpty() ? "" : " (" + closed + ": " + rights + ")")
                + "; add the agent's user to the file's group, on Debian: usermod -a -G adm gatewatch";
    }

    private static String uid() {
        try {
            return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return "unknown";
        }
    }
}
