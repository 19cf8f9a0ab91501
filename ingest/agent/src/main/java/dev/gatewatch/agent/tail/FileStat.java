package dev.gatewatch.agent.tail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What the file system says about a path.
///
/// @param size bytes
/// @param modified nanoseconds since 1970
record FileStat(FileIdentity identity, long size, long modified, boolean regular) {

    /// @throws IOException if there is no such file, or it cannot be looked at
    static FileStat of(Path path) throws IOException {
        Map<String, Object> attributes =
                Files.readAttributes(path, "unix:dev,ino,size,creationTime,lastModifiedTime,isRegularFile");
        long modified = nanos(attributes, "lastModifiedTime");
        long born = nanos(attributes, "creationTime");
        boolean bornKnown = born > 0
                && (born != modified || hasBirthTimes(path.toAbsolutePath().getParent()));
        return new FileStat(
                new FileIdentity(number(attributes, "dev"), number(attributes, "ino"), bornKnown ? born : 0),
                number(attributes, "size"),
                modified,
                Boolean.TRUE.equals(attributes.get("isRegularFile")));
    }

    /// Where there are no birth times, the JDK answers with the time of the last change. A directory was
    /// changed since it was made, or else it cannot be told.
    private static boolean hasBirthTimes(@Nullable Path directory) throws IOException {
        if (directory == null) {
            return false;
        }
        Map<String, Object> attributes = Files.readAttributes(directory, "unix:creationTime,lastModifiedTime");
        return nanos(attributes, "creationTime") != nanos(attributes, "lastModifiedTime");
    }

    /// Who may do what with the file, for an operator: `mode 0640, owner 33, group 4`. Empty if that cannot
    /// be seen.
    static String rights(Path path) {
        try {
            Map<String, Object> attributes = Files.readAttributes(path, "unix:mode,uid,gid");
            return "mode 0" + Long.toOctalString(number(attributes, "mode") & 07777) + ", owner "
                    + attributes.get("uid") + ", group " + attributes.get("gid");
        } catch (IOException e) {
            return "";
        }
    }

    private static long number(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof Number number ? number.longValue() : 0;
    }

    private static long nanos(Map<String, Object> attributes, String name) {
        return attributes.get(name) instanceof FileTime time ? time.to(TimeUnit.NANOSECONDS) : 0;
    }
}
