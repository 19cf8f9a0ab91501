package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.Slice;

/// The address in a sentence about listening.
///
/// ```
/// Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)      127.0.0.1:8000
/// Listening at: unix:/run/app.sock (4711)                              unix:/run/app.sock
/// Server listening on port 3000                                        :3000
/// Tomcat started on port(s): 8080 (http)                               :8080
/// ```
final class ListeningAddress {
    private ListeningAddress() {}

    /// The address that the sentence names.
    ///
    /// @param sentence from its first known word on
    /// @param rest what follows the known words
    /// @return `host:port`, `unix:/path`, `:port` if the line gives no address, empty if it gives no port
    ///     either
    static String in(Slice sentence, Slice rest) {
        if (sentence.startsWith("Starting ProtocolHandler")) {
            Slice handler = sentence.between("[\"", "\"");
            return port(handler.after(handler.lastIndexOf("-") + 1));
        }
        Slice text = withoutScheme(rest.sub(0, 200));
        for (int words = 0; words < 6 && !text.isEmpty(); words++) {
            Slice word = text.before(" ").before(",");
            String address = address(word);
            if (!address.isEmpty()) {
                return address;
            }
            int blank = text.indexOf(' ', 0);
            text = withoutScheme(text.after(blank < 0 ? text.length() : blank + 1));
        }
        return "";
    }

    private static Slice withoutScheme(Slice text) {
        int scheme = text.sub(0, 12).indexOf("://", 0);
        return scheme < 0 ? text : text.after(scheme + 3);
    }

    private static String address(Slice word) {
        if (word.startsWith("unix:") || word.startsWith("/")) {
            return word.startsWith("/") ? word.briefAfter("unix:") : word.brief();
        }
        Slice bare = word.before("/");
        if (bare.digitsAt(0) > 0 && port(bare).length() > 1 && bare.digitsAt(0) >= bare.length() - 1) {
            return port(bare);
        }
        int colon = bare.lastIndexOf(":");
        Slice port = bare.after(colon + 1);
        boolean ported = colon >= 0 && port.digitsAt(0) > 0 && !port(port).isEmpty();
        return ported ? bare.sub(0, colon).brief() + port(port) : "";
    }

    /// `:port`, empty if the text does not begin with a port.
    private static String port(Slice text) {
        int port = text.number();
        return port > 0 && port < 65_536 ? ":" + port : "";
    }
}
