package dev.gatewatch.program;

import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import java.util.Objects;

/// What went wrong in words for an operator. Exceptions of the file system have no more than a path for
/// a message.
public final class Failure {
    private Failure() {}

    /// The sentence that tells of it.
    public static String of(Throwable problem) {
        return switch (problem) {
            case AccessDeniedException e -> e.getFile() + " may not be read or written by this user";
            case NoSuchFileException e -> e.getFile() + " does not exist";
            case NotDirectoryException e -> e.getFile() + " is no folder";
            case FileSystemException e when e.getReason() == null -> e.getFile() + ": " + words(e);
            case UncheckedIOException e -> of(Objects.requireNonNull(e.getCause()));
            default -> {
                String message = problem.getMessage();
                yield message == null || message.isBlank() ? words(problem) : message;
            }
        };
    }

    /// `file already exists` for a FileAlreadyExistsException.
    private static String words(Throwable problem) {
        return problem.getClass()
                .getSimpleName()
                .replaceFirst("(?<=.)Exception$", "")
                .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                .toLowerCase(Locale.ROOT);
    }
}
