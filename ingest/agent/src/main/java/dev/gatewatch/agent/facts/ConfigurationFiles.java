package dev.gatewatch.agent.facts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The files that a configuration consists of, as they are found while it is read: their texts, the hash over
/// all of them, and the time of the newest change.
final class ConfigurationFiles implements IncludeResolver {
    /// No file of a configuration is as long.
    private static final long MAX_BYTES = 8 << 20;

    private final Path directory;
    private final Map<Path, Version> versions = new TreeMap<>();
    private final Map<Path, String> texts = new TreeMap<>();
    private final List<String> patterns = new ArrayList<>();

    /// @param main the main file; relative includes begin at its directory
    ConfigurationFiles(Path main) {
        Path parent = main.toAbsolutePath().getParent();
        this.directory = parent == null ? Path.of("/") : parent;
    }

    /// Size and time of change, by which a change is seen without reading.
    private record Version(long size, long modified) {
        static Version of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Version(attributes.size(), attributes.lastModifiedTime().toMillis());
        }
    }

    /// The text of one file.
    ///
    /// @throws IOException if it cannot be read
    String read(Path file) throws IOException {
        Version version = Version.of(file);
        versions.put(file, version);
        if (version.size > MAX_BYTES) {
            throw new IOException(file + " has " + version.size + " bytes (expected: at most " + MAX_BYTES + ")");
        }
        String text = new String(Files.readAllBytes(file), UTF_8);
        texts.put(file, text);
        return text;
    }

    @Override
    public List<String> textsOf(String pattern) {
        patterns.add(pattern);
        List<String> found = new ArrayList<>();
        for (Path file : matching(pattern)) {
            try {
                found.add(read(file));
            } catch (IOException e) {
                // not readable or gone: what it says is not known
            }
        }
        return found;
    }

    private List<Path> matching(String pattern) {
        try {
            Path path = directory.resolve(pattern).normalize();
            Path name = path.getFileName();
            Path parent = path.getParent();
            if (name == null || parent == null) {
                return List.of();
            }
            if (!pattern.matches(".*[*?\\[].*")) {
                return List.of(path);
            }
            List<Path> files = new ArrayList<>();
            for (Path folder : folders(parent)) {
                try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, name.toString())) {
                    stream.forEach(files::add);
                } catch (IOException e) {
                    // no such folder: nothing to include
                }
            }
            files.removeIf(file -> !Files.isRegularFile(file));
            files.sort(null);
            return files;
        } catch (IllegalArgumentException e) {
            return List.of(); // no path, or no pattern
        }
    }

    /// `/etc/nginx/*/conf.d` stands for several folders; one level of it is enough.
    private static List<Path> folders(Path parent) {
        Path name = parent.getFileName();
        Path above = parent.getParent();
        if (name == null || above == null || !name.toString().matches(".*[*?\\[].*")) {
            return List.of(parent);
        }
        List<Path> folders = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(above, name.toString())) {
            stream.forEach(folders::add);
        } catch (IOException e) {
            return List.of();
        }
        folders.sort(null);
        return folders;
    }

    /// Whether any of the files has changed, came or went since they were read.
    boolean changed() {
        for (Map.Entry<Path, Version> entry : versions.entrySet()) {
            try {
                if (!Version.of(entry.getKey()).equals(entry.getValue())) {
                    return true;
                }
            } catch (IOException e) {
                return true;
            }
        }
        return patterns.stream()
                .flatMap(pattern -> matching(pattern).stream())
                .anyMatch(file -> !versions.containsKey(file) && Files.isReadable(file));
    }

    /// SHA-256 over the names and texts of all files.
    String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            texts.forEach((file, text) -> {
                digest.update(file.toString().getBytes(UTF_8));
                digest.update((byte) 0);
                digest.update(text.getBytes(UTF_8));
                digest.update((byte) 0);
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// When the newest of the files was changed.
    Instant changedAt() {
        return Instant.ofEpochMilli(
                versions.values().stream().mapToLong(Version::modified).max().orElse(0));
    }
}
