package dev.gatewatch.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A password or token that stands in a file of its own. A component `Secret password` is the key
/// `password_file` in the configuration. The file is read again at each use, so that a rotated secret needs
/// no restart.
public final class Secret {
    private final Path file;

    private Secret(Path file) {
        this.file = file;
    }

    /// The secret in a file.
    ///
    /// @throws IllegalArgumentException if it cannot be read or is empty
    public static Secret in(Path file) {
        Secret secret = new Secret(file);
        try {
            if (secret.reveal().isEmpty()) {
                throw new IllegalArgumentException(file + " (expected: a secret, the file is empty)");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " (expected: a readable file that holds the secret)", e);
        }
        return secret;
    }

    /// The secret itself, without the line break at the end of the file.
    public String reveal() throws IOException {
        return Files.readString(file).stripTrailing();
    }

    /// Where the secret stands.
    public Path file() {
        return file;
    }

    @Override
    public String toString() {
        return "<redacted>";
    }
}
