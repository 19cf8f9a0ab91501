package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.Slice;

/// What is wrong with an answer that NGINX could not use: the text after `upstream sent`.
final class NginxResponseSignals {
    private NginxResponseSignals() {}

    static String id(Slice what, boolean body) {
        if (what.startsWith("too big header")) {
            return "header_too_big";
        }
        if (what.startsWith("invalid header") || what.startsWith("invalid status")) {
            return "invalid_response_header";
        }
        if (what.startsWith("no valid HTTP/")) {
            return "invalid_response_http09";
        }
        if (what.startsWith("too large http2 frame")) {
            return "h2_protocol_mismatch";
        }
        if (what.startsWith("goaway with error")) {
            return "h2_goaway";
        }
        if (what.contains(" FastCGI ")) {
            return "fcgi";
        }
        if (what.startsWith("data after") || what.startsWith("more data than")) {
            return "";
        }
        return body ? "invalid_response_body" : "invalid_response_header";
    }
}
