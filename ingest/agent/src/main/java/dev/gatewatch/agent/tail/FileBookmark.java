package dev.gatewatch.agent.tail;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gatewatch.wire.SourceKind;
import java.nio.file.Path;
import java.util.Optional;

/// Which file generation a stream is: written beside each checkpoint, so that the file is found again under
/// any name.
///
/// @param path the path by which the file is known to the configuration, not a name that rotation gave it
/// @param head hash of the file's first line, empty text until that is complete
/// @param generation how often the file had been truncated
/// @param finished whether the file is dead and read to its end
record FileBookmark(Path path, FileIdentity identity, String head, int generation, boolean finished) {
    private static final String KIND = "file";

    /// The stream's id, the same for the same bytes whenever it is computed.
    String stream(String host, SourceKind source) {
        String identityText = host + " " + identity.device() + " " + identity.inode() + " " + identity.born() + " "
                + head + " " + generation;
        return host + ":" + source.id() + ":" + FileHead.hash(identityText.getBytes(UTF_8));
    }

    FileBookmark finish() {
        return new FileBookmark(path, identity, head, generation, true);
    }

    /// The generation after this one, before its first line is known.
    FileBookmark next() {
        return new FileBookmark(path, identity, "", generation + 1, false);
    }

    /// The same generation, now that its first line is known.
    FileBookmark withHead(String newHead) {
        return new FileBookmark(path, identity, newHead, generation, false);
    }

    /// Whether the generation's first line is known.
    boolean hasHead() {
        return !head.isEmpty();
    }

    String encode() {
        return String.join(
                "\t",
                KIND,
                Long.toString(identity.device()),
                Long.toString(identity.inode()),
                Long.toString(identity.born()),
                head,
                Integer.toString(generation),
                finished ? "finished" : "open",
                path.toString());
    }

    /// The bookmark in a checkpoint, empty if the checkpoint belongs to another kind of source.
    static Optional<FileBookmark> decode(String text) {
        String[] f = text.split("\t", 8);
        if (f.length != 8 || !f[0].equals(KIND)) {
            return Optional.empty();
        }
        try {
            FileIdentity identity = new FileIdentity(Long.parseLong(f[1]), Long.parseLong(f[2]), Long.parseLong(f[3]));
            return Optional.of(
                    new FileBookmark(Path.of(f[7]), identity, f[4], Integer.parseInt(f[5]), f[6].equals("finished")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
