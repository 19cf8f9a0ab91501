package dev.gatewatch.analyzer.grammar;

/// The first line of an HTTP request.
///
/// ```
/// GET /orders/7?page=2 HTTP/1.1
/// ```
/// See [RFC 9112, section 3](https://www.rfc-editor.org/rfc/rfc9112#section-3).
public final class RequestLine {
    private RequestLine() {}

    /// The path without its query, also of a target that names scheme and host; empty if there is none.
    public static Slice path(Slice request) {
        int blank = request.indexOf(' ', 0);
        return blank < 0 ? Slice.EMPTY : pathOf(request.after(blank + 1).before(" "));
    }

    /// The path of a target without its query; empty if it has none.
    static Slice pathOf(Slice requested) {
        Slice target = requested;
        if (target.startsWith("http://") || target.startsWith("https://")) {
            int path = target.indexOf('/', "https://".length());
            target = path < 0 ? Slice.EMPTY : target.after(path);
        }
        return target.startsWith("/") || target.is("*") ? target.before("?") : Slice.EMPTY;
    }
}
