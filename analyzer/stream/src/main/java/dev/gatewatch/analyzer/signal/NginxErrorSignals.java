package dev.gatewatch.analyzer.signal;

import dev.gatewatch.analyzer.grammar.NginxError;
import dev.gatewatch.analyzer.grammar.RequestLine;
import dev.gatewatch.analyzer.grammar.Slice;
import dev.gatewatch.analyzer.grammar.Stamp;

/// What a line of NGINX's error log says: the message names the failure, the action its phase.
final class NginxErrorSignals {
    private NginxErrorSignals() {}

    static Reading read(LineContext context, NginxError line) {
        long at = line.when().millis(context.utcOffset(), context.readAt());
        Reading event = NginxProcessSignals.read(at, line);
        if (event != null) {
            return event;
        }
        String id = id(line);
        if (id.isEmpty()) {
            return NginxNoise.of(line);
        }
        NginxPeer peer = NginxPeer.of(line.upstream());
        boolean chosen = !id.equals("no_live_upstreams");
        return new Reading.Says(new Signal.Trouble(
                id,
                "nginx",
                at,
                chosen ? "" : peer.address().brief(),
                chosen ? peer.address().brief() : "",
                name(line.message()),
                errno(id, line),
                RequestLine.path(line.request()).brief(),
                line.client().brief(),
                peer.tls()));
    }

    private static String id(NginxError line) {
        Slice message = line.message();
        String limit = NginxProcessSignals.limit(line);
        if (!limit.isEmpty()) {
            return limit;
        }
        if (message.startsWith("FastCGI sent in stderr")) {
            return "fcgi_stderr";
        }
        if (endsRecord(line)) {
            return "fcgi_stderr_continuation";
        }
        if (message.startsWith("connect() ")) {
            return connectFailure(line);
        }
        if (isSystemCall(message)) {
            return transferFailure(line);
        }
        if (message.startsWith("upstream ")) {
            return upstreamFailure(line);
        }
        if (message.startsWith("SSL_") || message.startsWith("peer closed connection in SSL handshake")) {
            return NginxTlsSignals.id(line);
        }
        if (message.startsWith("no live upstreams")) {
            return "no_live_upstreams";
        }
        if (message.startsWith("memcached sent ")) {
            return "invalid_response_header";
        }
        if (message.startsWith("[lua] ")) {
            boolean noEndpoint = message.contains("no host allowed") || message.contains("no peer was returned");
            return noEndpoint ? "lua_no_endpoint" : "";
        }
        String name = nameFailure(line);
        return name.isEmpty() && isUnknownTrouble(line) ? "upstream_error" : name;
    }

    /// Whether a FastCGI application's text, which has its own newlines, ends here: whatever it says is the
    /// application's.
    private static boolean endsRecord(NginxError line) {
        return line.level().isEmpty()
                && line.when().equals(Stamp.NONE)
                && line.message().endsWith("\"")
                && line.upstream().startsWith("fastcgi://");
    }

    /// A message that is not in the catalogue, but is about an upstream and serious.
    private static boolean isUnknownTrouble(NginxError line) {
        boolean serious = line.level().is("error")
                || line.level().is("crit")
                || line.level().is("alert");
        return serious && !line.upstream().isEmpty() && !line.message().startsWith("client ");
    }

    private static String connectFailure(NginxError line) {
        boolean unix = line.message().startsWith("connect() to unix:")
                || line.upstream().contains("://unix:");
        return switch (errno(line)) {
            case 111 -> isHealthCheck(line) ? "healthcheck_connect_refused" : "connect_refused";
            case 110 -> "connect_timeout_os";
            case 112, 113 -> "no_route";
            case 100, 101 -> "net_unreachable";
            case 99 -> "proxy_port_exhaustion";
            case 2 -> unix ? "unix_missing" : "upstream_error";
            case 11 -> unix ? "unix_backlog_full" : "upstream_error";
            case 13 -> unix ? "unix_denied" : "connect_denied_policy";
            case 1 -> "connect_denied_policy";
            case 22 -> "lua_no_endpoint";
            case 104 -> "conn_reset_header";
            default -> "upstream_error";
        };
    }

    /// Third-party modules check servers without a client; a line that was cut off looks alike but for its
    /// end.
    private static boolean isHealthCheck(NginxError line) {
        return line.client().isEmpty()
                && line.action().isEmpty()
                && line.message().endsWith(")");
    }

    private static boolean isSystemCall(Slice message) {
        return message.startsWith("recv() ")
                || message.startsWith("readv() ")
                || message.startsWith("send() ")
                || message.startsWith("writev() ")
                || message.startsWith("sendfile() ")
                || message.startsWith("sendfile64() ")
                || message.startsWith("sendmsg() ");
    }

    private static String transferFailure(NginxError line) {
        Slice action = line.action();
        if (action.startsWith("resolving")) {
            return "dns_transport";
        }
        if (action.isEmpty() && line.client().isEmpty()) {
            return errno(line) == 111 ? "healthcheck_connect_refused" : "healthcheck_conn_reset";
        }
        if (line.upstream().isEmpty() && !action.contains("upstream")) {
            return "";
        }
        if (action.startsWith("SSL handshaking to upstream")) {
            return "tls_peer_closed";
        }
        boolean reads = line.message().startsWith("rec") || line.message().startsWith("read");
        if (action.startsWith("sending to client") || action.startsWith("prox")) {
            return reads && !action.contains("client and upstream") ? "conn_reset_body" : "";
        }
        if (action.startsWith("reading upstream")) {
            return "conn_reset_body";
        }
        return transferBeforeHeader(errno(line), action);
    }

    private static String transferBeforeHeader(int errno, Slice action) {
        boolean ofUpstream = action.contains("upstream");
        return switch (errno) {
            case 104, 32, 131, 103 -> ofUpstream ? "conn_reset_header" : "";
            case 111 -> "connect_refused";
            case 113, 112 -> "no_route";
            case 110 -> action.startsWith("sending") ? "upstream_timeout_send" : "upstream_timeout_header";
            default -> ofUpstream ? "upstream_error" : "";
        };
    }

    private static String upstreamFailure(NginxError line) {
        Slice message = line.message().after("upstream ".length());
        Slice action = line.action();
        boolean body = action.startsWith("reading upstream")
                || action.startsWith("sending to client")
                || action.startsWith("prox");
        if (message.startsWith("timed out")) {
            return timeout(action, body);
        }
        if (message.startsWith("prematurely closed ")) {
            return body ? "upstream_closed_body" : "upstream_closed_early";
        }
        if (message.startsWith("sent ")) {
            return NginxResponseSignals.id(message.after("sent ".length()), body);
        }
        if (message.startsWith("SSL certificate verify error")) {
            return "tls_verify_failed";
        }
        if (message.startsWith("SSL certificate does not match")) {
            return "tls_name_mismatch";
        }
        if (message.startsWith("prematurely sent response")) {
            return line.upstream().startsWith("https") ? "tls_not_tls" : "invalid_response_header";
        }
        if (message.startsWith("server temporarily disabled")) {
            return "server_temporarily_disabled";
        }
        if (message.startsWith("rejected request with error")) {
            return "h2_rejected";
        }
        if (message.startsWith("servers are busy")) {
            return "no_live_upstreams";
        }
        return isUnknownTrouble(line) ? "upstream_error" : "";
    }

    private static String timeout(Slice action, boolean body) {
        if (action.startsWith("connecting")) {
            return "upstream_timeout_connect";
        }
        if (action.startsWith("SSL handshaking")) {
            return "upstream_timeout_tls";
        }
        if (action.startsWith("sending request")) {
            return "upstream_timeout_send";
        }
        return body ? "upstream_timeout_body" : "upstream_timeout_header";
    }

    private static String nameFailure(NginxError line) {
        Slice message = line.message();
        if (!unresolved(message).isEmpty()) {
            return switch (line.errno()) {
                case 3 -> "dns_nxdomain";
                case 5 -> "dns_refused";
                case 110 -> "dns_timeout";
                default -> "dns_servfail";
            };
        }
        if (message.startsWith("no resolver defined to resolve ")) {
            return "dns_no_resolver";
        }
        boolean ofResolver = line.client().isEmpty();
        if (message.startsWith("unexpected response for ") || (ofResolver && message.contains(" DNS response"))) {
            return "dns_unexpected_response";
        }
        if (message.startsWith("DNS error (")) {
            return "dns_transport";
        }
        if (message.startsWith("host not found in upstream ")) {
            return "dns_host_not_found_startup";
        }
        if (message.startsWith("no port in upstream ") || message.startsWith("invalid port in upstream ")) {
            return "no_port";
        }
        return message.startsWith("invalid URL prefix in ") ? "bad_url" : "";
    }

    /// What could not be resolved. A name has no blanks, unlike the files and requests of other messages.
    private static Slice unresolved(Slice message) {
        int end = message.indexOf(" could not be resolved (", 0);
        return end > 0 && message.indexOf(' ', 0) == end ? message.sub(0, end) : Slice.EMPTY;
    }

    /// What could not be resolved, or did not match.
    private static String name(Slice message) {
        Slice unresolved = unresolved(message);
        if (!unresolved.isEmpty()) {
            return unresolved.brief();
        }
        if (message.startsWith("DNS error (")) {
            return message.between("name:\"", "\"").brief();
        }
        boolean quoted = message.startsWith("host not found in upstream ")
                || message.startsWith("upstream SSL certificate does not match ")
                || message.contains(" in upstream \"")
                || message.startsWith("invalid URL prefix in ");
        if (quoted) {
            return message.between("\"", "\"").brief();
        }
        String resolve = "no resolver defined to resolve ";
        return message.startsWith(resolve) ? message.after(resolve.length()).brief() : "";
    }

    /// The code of a failed name resolution is the name server's, not the operating system's.
    private static int errno(String id, NginxError line) {
        boolean called = id.equals("dns_transport") && !line.message().startsWith("DNS error (");
        boolean foreign = (id.startsWith("dns_") && !called) || id.startsWith("fcgi");
        return foreign ? -1 : line.errno();
    }

    /// The number as Linux has it, also on a BSD.
    private static int errno(NginxError line) {
        Slice text = line.errnoText();
        return switch (line.errno()) {
            case 61 -> text.startsWith("Connection refused") ? 111 : 61;
            case 60 -> text.startsWith("Operation timed out") ? 110 : 60;
            case 54 -> text.startsWith("Connection reset") ? 104 : 54;
            case 65 -> text.startsWith("No route to host") ? 113 : 65;
            default -> line.errno();
        };
    }
}
