package dev.gatewatch.agent.facts;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where a `proxy_pass` or one of its sisters points: `https://payments_tls/v1` is `payments_tls` with TLS.
///
/// @param name the authority as written: an upstream's name, `HOST`, `HOST:PORT` or `unix:/PATH`
/// @param address the same with the scheme's port where it has none
/// @param tls whether the scheme speaks TLS
record NginxTarget(String name, String address, boolean tls) {

    /// The target of a directive `directive` with the argument `value`, null if it depends on variables.
    static @Nullable NginxTarget of(String directive, String value) {
        int schemeEnd = value.indexOf("://");
        String scheme = schemeEnd < 0 ? "" : value.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
        String authority = authority(schemeEnd < 0 ? value : value.substring(schemeEnd + 3));
        if (authority.isEmpty() || authority.indexOf('$') >= 0 || scheme.indexOf('$') >= 0) {
            return null;
        }
        boolean tls = scheme.equals("https") || scheme.equals("grpcs") || scheme.equals("suwsgi");
        return new NginxTarget(authority, withPort(authority, defaultPort(directive, tls)), tls);
    }

    /// An address with `port` added if it has none; `port` 0 leaves it as it is.
    static String withPort(String address, int port) {
        if (port == 0 || address.startsWith("unix:")) {
            return address;
        }
        boolean hasPort = address.startsWith("[") ? address.contains("]:") : address.indexOf(':') >= 0;
        return hasPort ? address : address + ":" + port;
    }

    private static int defaultPort(String directive, boolean tls) {
        return directive.equals("proxy_pass") || directive.equals("grpc_pass") ? tls ? 443 : 80 : 0;
    }

    /// Up to the URI: `unix:/run/app.sock:/uri` ends at the second colon, everything else at the first slash.
    /// A variable that can only be the URI (`http://orders_api$request_uri`) is cut off too.
    private static String authority(String rest) {
        if (rest.startsWith("unix:")) {
            int uri = rest.indexOf(':', "unix:".length());
            return uri < 0 ? rest : rest.substring(0, uri);
        }
        int slash = rest.indexOf('/');
        String authority = slash < 0 ? rest : rest.substring(0, slash);
        for (String variable : new String[] {"$request_uri", "$uri", "${request_uri}", "${uri}"}) {
            if (authority.endsWith(variable)) {
                return authority.substring(0, authority.length() - variable.length());
            }
        }
        return authority;
    }
}
