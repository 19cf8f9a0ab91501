package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.Slice;
import org.jspecify.annotations.Nullable;

/// What failed at a server, in the words of Go's standard library, in which Caddy and Traefik tell it.
///
/// ```
/// dial tcp 127.0.0.1:19099: connect: connection refused
/// read tcp 10.0.0.5:60162->10.0.0.1:8080: read: connection reset by peer
/// x509: certificate is valid for a.example, not b.example
/// ```
/// There is no official grammar but the code: `net/net.go`, `syscall`, `crypto/tls`, `crypto/x509`.
final class GoErrors {
    private static final int CERTIFICATE_EXPIRED = 10;
    private static final int UNKNOWN_ISSUER = 20;

    private GoErrors() {}

    /// The failed try, null if the message is not about a server: the client gave up.
    static @Nullable Signal trouble(String proxy, long at, Slice message, Slice path) {
        String id = id(message);
        return id.isEmpty()
                ? null
                : new Signal.Trouble(
                        id,
                        proxy,
                        at,
                        "",
                        server(message),
                        name(message),
                        errno(message),
                        path.brief(),
                        "",
                        id.startsWith("tls_"));
    }

    private static String id(Slice message) {
        if (message.isEmpty() || message.contains("context canceled") || message.contains("client disconnected")) {
            return "";
        }
        if (message.contains(" lookup ")) {
            return lookup(message);
        }
        if (message.contains("tls: ") || message.contains("x509: ")) {
            return tls(message);
        }
        if (message.startsWith("dial ")) {
            return dial(message);
        }
        return answer(message);
    }

    private static String lookup(Slice message) {
        if (message.endsWith("no such host")) {
            return "dns_nxdomain";
        }
        return message.contains("timeout") ? "dns_timeout" : "dns_servfail";
    }

    private static String dial(Slice message) {
        boolean unix = message.startsWith("dial unix ");
        if (message.endsWith("connection refused")) {
            return "connect_refused";
        }
        if (message.endsWith("i/o timeout") || message.contains("context deadline exceeded")) {
            return "upstream_timeout_connect";
        }
        if (message.endsWith("connection timed out")) {
            return "connect_timeout_os";
        }
        if (message.endsWith("no route to host")) {
            return "no_route";
        }
        if (message.endsWith("network is unreachable")) {
            return "net_unreachable";
        }
        if (message.endsWith("cannot assign requested address")) {
            return "proxy_port_exhaustion";
        }
        if (message.endsWith("too many open files")) {
            return "proxy_fd_exhaustion";
        }
        if (unix && message.endsWith("no such file or directory")) {
            return "unix_missing";
        }
        if (message.endsWith("permission denied")) {
            return unix ? "unix_denied" : "connect_denied_policy";
        }
        return unix && message.endsWith("resource temporarily unavailable") ? "unix_backlog_full" : "upstream_error";
    }

    private static String tls(Slice message) {
        if (message.contains("first record does not look like a TLS handshake")
                || message.contains("server gave HTTP response to HTTPS client")) {
            return "tls_not_tls";
        }
        if (message.contains("certificate is valid for ") || message.contains("doesn't contain any ")) {
            return "tls_name_mismatch";
        }
        if (message.contains("x509: ")) {
            return "tls_verify_failed";
        }
        if (message.contains("remote error: tls: ")) {
            return alert(message.between("remote error: tls: ", "\n"));
        }
        return "tls_protocol";
    }

    private static String alert(Slice alert) {
        return switch (alert.sub(0, 40).text()) {
            case "handshake failure" -> "tls_alert_handshake_failure";
            case "protocol version not supported" -> "tls_alert_protocol_version";
            case "unrecognized name" -> "tls_alert_unrecognized_name";
            case "certificate required" -> "tls_alert_certificate_required";
            case "bad certificate" -> "tls_alert_bad_certificate";
            case "expired certificate" -> "tls_alert_certificate_expired";
            case "unknown certificate authority" -> "tls_alert_unknown_ca";
            case "internal error" -> "tls_alert_internal_error";
            default -> "tls_alert_other";
        };
    }

    private static String answer(Slice message) {
        if (message.is("EOF") || message.endsWith(": EOF") || message.endsWith("server closed idle connection")) {
            return "upstream_closed_early";
        }
        if (message.endsWith("connection reset by peer") || message.endsWith("broken pipe")) {
            return "conn_reset_header";
        }
        if (message.contains("TLS handshake timeout")) {
            return "upstream_timeout_tls";
        }
        if (message.contains("timeout") || message.contains("deadline exceeded")) {
            return "upstream_timeout_header";
        }
        if (message.contains("malformed HTTP ") || message.contains("malformed MIME header")) {
            return "invalid_response_header";
        }
        if (message.contains("server response headers exceeded")) {
            return "header_too_big";
        }
        return message.is("no upstreams available") ? "no_live_upstreams" : "upstream_error";
    }

    /// From `dial tcp 10.0.0.1:80: …`, `dial unix /run/app.sock: …` or `read tcp 10.0.0.5:6->10.0.0.1:80:
    /// …`.
    private static String server(Slice message) {
        if (message.startsWith("dial unix ")) {
            return message.after("dial unix ".length()).before(": ").briefAfter("unix:");
        }
        if (message.startsWith("dial tcp ")) {
            Slice address = message.after("dial tcp ".length()).before(": ");
            return address.startsWith("lookup ") ? "" : address.brief();
        }
        boolean transfer = message.startsWith("read tcp ") || message.startsWith("write tcp ");
        return transfer ? message.between("->", ": ").brief() : "";
    }

    private static String name(Slice message) {
        if (message.contains(" lookup ")) {
            return message.between(" lookup ", ": ").before(" on ").brief();
        }
        return message.between("certificate is valid for ", "\n")
                .between(", not ", "\n")
                .brief();
    }

    private static int errno(Slice message) {
        if (message.contains("x509: certificate has expired")) {
            return CERTIFICATE_EXPIRED;
        }
        if (message.contains("signed by unknown authority")) {
            return UNKNOWN_ISSUER;
        }
        return -1;
    }
}
