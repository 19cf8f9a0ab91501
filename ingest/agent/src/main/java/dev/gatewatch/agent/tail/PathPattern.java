package dev.gatewatch.agent.tail;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;

/// The path of a configuration entry, maybe with a glob in its last segment.
final class PathPattern {
    private static final List<String> COMPRESSED = List.of(".gz", ".xz", ".bz2", ".zst", ".lz4");

    private final Path directory;
    private final Path path;
    private final boolean glob;
    private final PathMatcher matcher;

    PathPattern(String text) {
        path = Path.of(text).toAbsolutePath().normalize();
        Path parent = path.getParent();
        Path name = path.getFileName();
        if (parent == null || name == null) {
            throw new IllegalArgumentException(
                    "path '" + text + "' (expected: a file, such as /var/log/nginx/access.log)");
        }
        directory = parent;
        glob = name.toString().matches(".*[*?\\[{].*");
        matcher = FileSystems.getDefault().getPathMatcher("glob:" + (glob ? name.toString() : "*"));
    }

    /// The path as configured, glob included.
    Path path() {
        return path;
    }

    /// Whether the pattern stands for any number of files.
    boolean isGlob() {
        return glob;
    }

    boolean matches(Path candidate) {
        Path name = candidate.getFileName();
        return glob
                ? directory.equals(candidate.getParent()) && name != null && matcher.matches(name)
                : path.equals(candidate);
    }

    /// The files to read: all that are there for a glob, or the one path, whether it is there or not.
    ///
    /// @throws IOException if the directory cannot be listed
    List<Path> paths() throws IOException {
        if (!glob) {
            return List.of(path);
        }
        List<Path> paths = new ArrayList<>();
        for (Path candidate : list(directory)) {
            if (matches(candidate) && Files.isRegularFile(candidate)) {
                paths.add(candidate);
            }
        }
        paths.sort(null);
        return paths;
    }

    /// The uncompressed files of a directory.
    static List<Path> list(Path directory) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            for (Path candidate : stream) {
                String name = candidate.toString();
                if (COMPRESSED.stream().noneMatch(name::endsWith)) {
                    paths.add(candidate);
                }
            }
        }
        return paths;
    }
}
