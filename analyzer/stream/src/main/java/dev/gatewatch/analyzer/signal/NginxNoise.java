package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.NginxError;
import dev.gatewatch.analyzer.grammar.Slice;
import dev.gatewatch.analyzer.grammar.Stamp;

/// Names for the lines of NGINX's error log that say nothing about a gateway.
final class NginxNoise {
    private static final Reading CLIENT_TLS = new Reading.Ordinary("client_tls_noise");
    private static final Reading CLIENT_ABORT = new Reading.Ordinary("client_abort");
    private static final Reading LIMIT = new Reading.Ordinary("limit");

    private NginxNoise() {}

    static Reading of(NginxError line) {
        Slice message = line.message();
        if (message.contains("client prematurely closed connection")) {
            return CLIENT_ABORT;
        }
        if (message.startsWith("limiting ")) {
            return message.contains(", dry run") ? Reading.Ordinary.NOISE : LIMIT;
        }
        if (message.startsWith("SSL_") || message.startsWith("peer closed connection in SSL handshake")) {
            return CLIENT_TLS;
        }
        boolean whole = !line.level().isEmpty() || !line.when().equals(Stamp.NONE);
        return whole ? Reading.Ordinary.NOISE : Reading.Ordinary.UNNAMED;
    }
}
