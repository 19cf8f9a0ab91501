package dev.gatewatch.standalone.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/// A temporary folder that is removed with all it holds, also if a signal ends the process before.
public final class TemporaryFolder implements AutoCloseable {
    private static final int TRIES = 40;
    private static final int PAUSE_MILLIS = 50;

    private final Path path;
    private final List<Runnable> users = new CopyOnWriteArrayList<>();
    private final Thread atSignal = new Thread(this::removeAtSignal, "temporary-folder");

    private TemporaryFolder(Path path) {
        this.path = path;
    }

    /// Makes one.
    ///
    /// @param prefix what its name begins with
    public static TemporaryFolder create(String prefix) throws IOException {
        TemporaryFolder folder = new TemporaryFolder(Files.createTempDirectory(prefix));
        try {
            Runtime.getRuntime().addShutdownHook(folder.atSignal);
        } catch (IllegalStateException e) {
            folder.remove();
            throw new IOException("the process is ending", e);
        }
        return folder;
    }

    /// Where it is.
    public Path path() {
        return path;
    }

    /// Adds what has to stop before the folder is removed, if a signal ends the process.
    public void stopAtSignal(Runnable user) {
        users.add(user);
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(atSignal);
        } catch (IllegalStateException e) {
            return; // the process is ending, and the hook removes the folder
        }
        remove();
    }

    /// Whoever was not stopped writes on while the process ends, so that one try may not be enough.
    private void removeAtSignal() {
        users.forEach(Runnable::run);
        try {
            for (int i = 0; i < TRIES && Files.exists(path); i++) {
                tryToRemove();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tryToRemove() {
        try {
            remove();
        } catch (IOException e) {
            // something was written meanwhile
        }
    }

    private void remove() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder()).forEach(TemporaryFolder::delete);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
