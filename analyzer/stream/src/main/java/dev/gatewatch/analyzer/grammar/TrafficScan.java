package dev.gatewatch.analyzer.grammar;

import java.time.ZoneOffset;

/// Recognizes lines of ordinary traffic in one pass and without allocating: requests that ended well. Whatever
/// is unusual about a line, the scan leaves it to the full grammar.
///
/// A scan takes a line only if the full grammar would read it, and all lines that it takes with the same
/// name and [#status()] in the same second, whose paths go the same way, say the same. So it is enough to
/// read the first of them, and to count the others.
///
/// After a line was taken its values stay until the next one. Not safe for several threads at once.
public abstract sealed class TrafficScan permits HaproxyTraffic, NginxTraffic {
    long at;
    int status;
    int nameFrom;
    int nameTo;
    int pathFrom;
    int pathTo;

    /// Takes the offset of stamps without zone.
    public abstract void use(ZoneOffset offset);

    /// Whether the line is of ordinary traffic.
    public abstract boolean takes(byte[] bytes, int from, int to);

    /// Takes a line before it is known where it ends, if it is one of the most usual.
    ///
    /// @return where it ends, -1 if it is another one, perhaps of ordinary traffic too
    public int endOfUsual(byte[] bytes, int from) {
        return -1;
    }

    /// When the request ended, in milliseconds since 1970.
    public long at() {
        return at;
    }

    /// What tells apart how the requests of a second ended, beside their server.
    public int status() {
        return status;
    }

    /// Where the name of the server begins in the line's bytes; its text is as the line has it.
    public int nameFrom() {
        return nameFrom;
    }

    /// Where the name ends; nothing is between if the line names no server.
    public int nameTo() {
        return nameTo;
    }

    /// Finds the path of the line that was taken last.
    public abstract void findPath(byte[] bytes);

    /// Where the path begins, -1 if the line gives no plain path.
    public int pathFrom() {
        return pathFrom;
    }

    /// Where the path ends, before its query.
    public int pathTo() {
        return pathTo;
    }

    /// Up to the blank; -1 if there is none.
    static int blank(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    /// Past the digits, at most nine of them; -1 if there are none or more.
    static int pastDigits(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && Slice.isDigit(bytes[i])) {
            i++;
        }
        return i == from || i - from > 9 ? -1 : i;
    }

    static int number(byte[] bytes, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + (bytes[i] - '0');
        }
        return number;
    }
}
