package dev.gatewatch.agent.tail;

/// What tells a file from every other on the same host, whatever it is called.
///
/// @param device number of the file system
/// @param inode number in the file system; given out again as soon as a file is gone
/// @param born nanoseconds since 1970 when the inode was made, 0 where the file system does not say or it
///     cannot be told yet from the time of the last change
record FileIdentity(long device, long inode, long born) {

    /// Whether both are the same file, as far as can be told.
    boolean matches(FileIdentity other) {
        return device == other.device && inode == other.inode && (born == other.born || born == 0 || other.born == 0);
    }
}
