package dev.gatewatch.agent.tail;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The files beside a log file, where rotation puts what the log file was. Compressed files are not looked
/// at.
final class Siblings {
    private Siblings() {}

    /// Where the file is now that once had another name.
    static Optional<Path> byIdentity(Path origin, FileIdentity identity) {
        return stats(origin).stream()
                .filter(found -> found.stat.identity().matches(identity))
                .map(Found::path)
                .findFirst();
    }

    /// The copy of a file that was truncated since: the same first line, and at least as long as what had
    /// been read.
    static Optional<Path> copyOf(Path origin, FileBookmark original, long position) {
        return stats(origin).stream()
                .filter(found -> !found.stat.identity().matches(original.identity()))
                .filter(found -> found.stat.size() >= position && isRotatedNameOf(origin, found.path))
                .filter(found -> original.head().equals(headOf(found.path)))
                .max(Comparator.comparingLong(found -> found.stat.modified()))
                .map(Found::path);
    }

    /// Files that were born after `from` and before `to` under the same name and rotated away since, in the
    /// order of their births. Copies of known files are left out.
    static List<Path> bornBetween(Path origin, FileIdentity from, FileIdentity to, Set<String> knownHeads) {
        if (from.born() == 0 || to.born() == 0) {
            return List.of();
        }
        return stats(origin).stream()
                .filter(found -> isRotatedNameOf(origin, found.path))
                .filter(found -> found.stat.identity().born() > from.born()
                        && found.stat.identity().born() < to.born())
                .filter(found -> {
                    String head = headOf(found.path);
                    return head != null && !knownHeads.contains(head);
                })
                .sorted(Comparator.comparingLong(found -> found.stat.identity().born()))
                .map(Found::path)
                .toList();
    }

    /// `access.log.1` and `access.log-20260301`, but also `access-20260301.log` where rotation keeps the
    /// extension.
    private static boolean isRotatedNameOf(Path origin, Path candidate) {
        if (origin.equals(candidate)) {
            return false;
        }
        String name = String.valueOf(origin.getFileName());
        String other = String.valueOf(candidate.getFileName());
        int dot = name.lastIndexOf('.');
        return other.startsWith(name)
                || (dot > 0 && other.startsWith(name.substring(0, dot) + "-") && other.endsWith(name.substring(dot)));
    }

    private static @Nullable String headOf(Path path) {
        try (FileChannel channel = FileChannel.open(path)) {
            return FileHead.hash(channel);
        } catch (IOException e) {
            return null;
        }
    }

    private static List<Found> stats(Path origin) {
        List<Found> all = new ArrayList<>();
        Path directory = origin.getParent();
        try {
            for (Path path : directory == null ? List.<Path>of() : PathPattern.list(directory)) {
                try {
                    FileStat stat = FileStat.of(path);
                    if (stat.regular()) {
                        all.add(new Found(path, stat));
                    }
                } catch (IOException e) {
                    // gone since it was listed
                }
            }
        } catch (IOException e) {
            // a directory that cannot be listed has no siblings that could be read
        }
        return all;
    }

    private record Found(Path path, FileStat stat) {}
}
