package dev.gatewatch.analyzer.explain;

import dev.gatewatch.analyzer.grammar.AccessFormat;
import dev.gatewatch.analyzer.grammar.Cursor;
import dev.gatewatch.analyzer.grammar.NginxAccess;
import dev.gatewatch.analyzer.grammar.NginxAccessGrammar;
import dev.gatewatch.analyzer.grammar.Parsed;
import dev.gatewatch.analyzer.grammar.Slice;
import java.util.List;

/// Formats of access logs that many sites have and that a line does not tell by itself, since their
/// fields about the upstream have no names.
///
/// See
/// [ingress-nginx](https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/log-format/).
final class AccessFormats {
    private static final String REQUEST =
            "$remote_user [$time_local] \"$request\" $status $body_bytes_sent \"$http_referer\" \"$http_user_agent\""
                    + " $request_length $request_time [$proxy_upstream_name] ";
    private static final String TRIES =
            "$upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id";

    private static final List<String> WELL_KNOWN = List.of(
            "$remote_addr - " + REQUEST + "[$proxy_alternative_upstream_name] " + TRIES,
            "$remote_addr - [$the_real_ip] - " + REQUEST + "[$proxy_alternative_upstream_name] " + TRIES,
            "$remote_addr - [$the_real_ip] - " + REQUEST + TRIES,
            "$remote_addr - " + REQUEST + TRIES);

    private final NginxAccessGrammar grammar = new NginxAccessGrammar();
    private final List<AccessFormat> compiled = WELL_KNOWN.stream()
            .map(format -> AccessFormat.of(format, AccessFormat.Escape.DEFAULT))
            .toList();

    /// The format that the line has, empty if it is none of these.
    String of(Slice line) {
        int bracket = line.indexOf("] ", 0);
        if (bracket < 0 || line.indexOf("] ", bracket + 1) < 0) {
            return ""; // all of them have a name in brackets besides the time
        }
        for (int i = 0; i < compiled.size(); i++) {
            if (parse(compiled.get(i), line.cursor()) instanceof Parsed.Ok<NginxAccess> ok
                    && ok.record().tellsUpstream()) {
                return WELL_KNOWN.get(i);
            }
        }
        return "";
    }

    /// Reads the line by this format.
    Parsed<NginxAccess> parse(String format, Cursor line) {
        int known = WELL_KNOWN.indexOf(format);
        return known < 0 ? grammar.parse(line) : parse(compiled.get(known), line);
    }

    private Parsed<NginxAccess> parse(AccessFormat format, Cursor line) {
        return grammar.parse(format, line);
    }
}
