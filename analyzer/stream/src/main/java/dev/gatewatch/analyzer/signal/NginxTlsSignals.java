package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.NginxError;
import dev.gatewatch.analyzer.grammar.Slice;

/// What a failed TLS conversation with a server says. One with a client says nothing: scanners make them all
/// day.
final class NginxTlsSignals {
    private NginxTlsSignals() {}

    static String id(NginxError line) {
        if (!line.action().contains("upstream")) {
            return "";
        }
        Slice message = line.message();
        if (message.startsWith("peer closed") || line.errno() == 104 || message.contains("unexpected eof")) {
            return "tls_peer_closed";
        }
        int alert = message.between("SSL alert number ", ")").number();
        if (alert >= 0) {
            return alertId(alert);
        }
        if (message.contains("wrong version number")
                || message.contains("unknown protocol")
                || message.contains("packet length too long")
                || message.contains("http request")
                || message.contains("record layer failure")) {
            return "tls_not_tls";
        }
        return message.contains("certificate verify failed") ? "tls_verify_failed" : "tls_protocol";
    }

    /// See [RFC 8446, section 6](https://www.rfc-editor.org/rfc/rfc8446#section-6).
    private static String alertId(int alert) {
        return switch (alert) {
            case 40 -> "tls_alert_handshake_failure";
            case 42 -> "tls_alert_bad_certificate";
            case 43 -> "tls_alert_unsupported_certificate";
            case 44 -> "tls_alert_certificate_revoked";
            case 45 -> "tls_alert_certificate_expired";
            case 46 -> "tls_alert_certificate_unknown";
            case 48 -> "tls_alert_unknown_ca";
            case 70 -> "tls_alert_protocol_version";
            case 80 -> "tls_alert_internal_error";
            case 112 -> "tls_alert_unrecognized_name";
            case 116 -> "tls_alert_certificate_required";
            default -> "tls_alert_other";
        };
    }
}
