package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.Slice;

/// The server in an error line's `upstream:`, which is `scheme://peer/uri`, with `unix:/path:/uri` for a
/// socket. On timeout lines of a socket the colon is missing, so that path and URI run together.
///
/// @param address `ip:port`, `[ip]:port`, `unix:/path`, or the name of an `upstream` block if no server was
///     chosen
/// @param tls whether the scheme is one over TLS
record NginxPeer(Slice address, boolean tls) {

    static NginxPeer of(Slice upstream) {
        int scheme = upstream.sub(0, 16).indexOf("://", 0);
        boolean tls =
                upstream.startsWith("https://") || upstream.startsWith("grpcs://") || upstream.startsWith("suwsgi://");
        return new NginxPeer(address(upstream.after(scheme < 0 ? 0 : scheme + 3)), tls);
    }

    private static Slice address(Slice peer) {
        if (peer.startsWith("unix:")) {
            int colon = peer.indexOf(':', "unix:".length());
            return colon < 0 ? peer : peer.sub(0, colon);
        }
        return peer.before("/");
    }
}
