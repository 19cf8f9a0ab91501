package dev.gatewatch.analyzer.explain;

import dev.gatewatch.analyzer.grammar.Slice;
import java.util.Map;

/// Numbers of the operating system's errors where a line has a text instead, or has the number in a form
/// of its own.
///
/// ```
/// Server app/a1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", …
///    111
/// [Sat Oct 22 13:51:35 2022] [proxy_fcgi:error] [pid 12606] (70007)The timeout specified has expired: …
///  70007
/// ERROR:    [Errno 98] error while attempting to bind on address ('0.0.0.0', 8000): address already in
/// use    98
/// ```
/// See [errno](https://man7.org/linux/man-pages/man3/errno.3.html); the texts are those of glibc and
/// musl.
final class SystemErrors {
    private static final int LONGEST_HEAD = 300;

    private static final Map<String, Integer> OF_TEXT = Map.ofEntries(
            Map.entry("Operation not permitted", 1),
            Map.entry("No such file or directory", 2),
            Map.entry("Resource temporarily unavailable", 11),
            Map.entry("Permission denied", 13),
            Map.entry("Too many open files", 24),
            Map.entry("No file descriptors available", 24),
            Map.entry("Broken pipe", 32),
            Map.entry("Address already in use", 98),
            Map.entry("Address in use", 98),
            Map.entry("Cannot assign requested address", 99),
            Map.entry("Address not available", 99),
            Map.entry("Network is unreachable", 101),
            Map.entry("Network unreachable", 101),
            Map.entry("Connection reset by peer", 104),
            Map.entry("Connection timed out", 110),
            Map.entry("Operation timed out", 110),
            Map.entry("Connection refused", 111),
            Map.entry("No route to host", 113),
            Map.entry("Host is unreachable", 113));

    private SystemErrors() {}

    /// Linux' number of the error that the text is, or holds in parentheses as HAProxy 3.1 and later
    /// write it; -1 if it is none.
    static int inText(String text) {
        int open = text.lastIndexOf('(');
        String inside = open >= 0 && text.endsWith(")") ? text.substring(open + 1, text.length() - 1) : text;
        return OF_TEXT.getOrDefault(inside, -1);
    }

    /// The number that Apache or Python writes, -1 if there is none.
    static int ofApplication(Slice line) {
        Slice head = line.sub(0, LONGEST_HEAD);
        int python = head.between("[Errno ", "]").number();
        if (python >= 0) {
            return python;
        }
        Slice apache = head.between("] (", ")");
        boolean number = !apache.isEmpty() && apache.digitsAt(0) == apache.length();
        return number ? apache.number() : -1;
    }
}
