package dev.gatewatch.agent.tail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The beginning of a file: its first line, or the first 1024 bytes of a longer one. It never changes while
/// the file only grows.
final class FileHead {
    private static final int MAX = 1024;

    private FileHead() {}

    /// The head's hash, null while the first line is not complete.
    static @Nullable String hash(FileChannel channel) throws IOException {
        return hash(channel, false);
    }

    /// The hash of what is there, even if the first line has no end; null for an empty file.
    static @Nullable String hashOfDead(FileChannel channel) throws IOException {
        return hash(channel, true);
    }

    private static @Nullable String hash(FileChannel channel, boolean dead) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX);
        while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) > 0) {
            // until the buffer is full or the file ends
        }
        int length = bytes.position();
        int newline = Lines.first(bytes.array(), 0, length);
        if (length == 0 || (newline < 0 && length < MAX && !dead)) {
            return null;
        }
        return hash(Arrays.copyOf(bytes.array(), newline < 0 ? length : newline + 1));
    }

    /// 16 hexadecimal digits that stand for `bytes`.
    static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
