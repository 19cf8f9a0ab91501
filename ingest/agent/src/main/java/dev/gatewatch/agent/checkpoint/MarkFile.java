package dev.gatewatch.agent.checkpoint;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;

/// The file that holds the marks: a first line with the version, a mark a line (stream, position,
/// milliseconds, bookmark, separated by tabs), a last line with a CRC-32C over everything before it. A save
/// writes beside and renames, and keeps the file before it, so that a kill or a power cut at any moment
/// leaves one whole file.
final class MarkFile {
    private static final String FIRST_LINE = "gatewatch-positions/1\n";
    private static final String LAST_LINE = "crc32c ";

    private final Path directory;

    MarkFile(Path directory) {
        this.directory = directory;
    }

    Path current() {
        return directory.resolve("positions");
    }

    Path previous() {
        return directory.resolve("positions.previous");
    }

    /// The marks in `file`.
    ///
    /// @throws java.nio.file.NoSuchFileException if there is no such file
    /// @throws DamagedException if it is cut, altered or of another version
    List<Mark> read(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), UTF_8);
        int last = text.lastIndexOf(LAST_LINE);
        if (!text.startsWith(FIRST_LINE) || last < 0 || !text.endsWith("\n")) {
            throw new DamagedException(
                    file + " has no first or last line (expected: " + FIRST_LINE.strip() + " … crc32c)");
        }
        String expected = text.substring(last + LAST_LINE.length()).strip();
        String actual = checksum(text.substring(0, last).getBytes(UTF_8));
        if (!expected.equals(actual)) {
            throw new DamagedException(file + " has checksum " + actual + " (expected: " + expected + ")");
        }
        List<Mark> marks = new ArrayList<>();
        for (String line : text.substring(FIRST_LINE.length(), last).split("\n", -1)) {
            if (!line.isEmpty()) {
                marks.add(mark(file, line));
            }
        }
        return marks;
    }

    private static Mark mark(Path file, String line) throws DamagedException {
        String[] fields = line.split("\t", 4);
        try {
            return new Mark(
                    fields[0],
                    Long.parseLong(fields[1]),
                    unescape(fields[3]),
                    Instant.ofEpochMilli(Long.parseLong(fields[2])));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw new DamagedException(
                    file + " has the line '" + line + "' (expected: stream, position, time, bookmark)");
        }
    }

    void save(Collection<Mark> marks) throws IOException {
        StringBuilder out = new StringBuilder(FIRST_LINE);
        for (Mark mark : marks) {
            out.append(mark.stream())
                    .append('\t')
                    .append(mark.position())
                    .append('\t')
                    .append(mark.at().toEpochMilli())
                    .append('\t')
                    .append(escape(mark.bookmark()))
                    .append('\n');
        }
        byte[] body = out.toString().getBytes(UTF_8);
        byte[] end = (LAST_LINE + checksum(body) + "\n").getBytes(UTF_8);
        Path beside = directory.resolve("positions.new");
        try (FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            write(channel, ByteBuffer.wrap(body));
            write(channel, ByteBuffer.wrap(end));
            channel.force(true);
        }
        if (Files.exists(current())) {
            Files.move(current(), previous(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(beside, current(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static String checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return Long.toHexString(crc.getValue());
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n");
    }

    private static String unescape(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                char next = text.charAt(++i);
                out.append(next == 'n' ? '\n' : next);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /// The file is there but does not hold what was saved.
    static final class DamagedException extends IOException {
        private static final long serialVersionUID = 1L;

        DamagedException(String message) {
            super(message);
        }
    }
}
