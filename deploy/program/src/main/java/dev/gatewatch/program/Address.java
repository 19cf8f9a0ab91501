package dev.gatewatch.program;

import java.net.InetSocketAddress;

/// A host and a port, written `127.0.0.1:9095`, `[::1]:9095` or `name:9095`. Port 0 asks for any free one.
///
/// @param host name or address, an IPv6 address without its brackets
/// @param port 0 to 65535
public record Address(String host, int port) {
    private static final String EXPECTED = " (expected: HOST:PORT such as 127.0.0.1:9095)";

    public Address {
        if (host.isBlank() || port < 0 || port > 65_535) {
            throw new IllegalArgumentException(host + ":" + port + EXPECTED);
        }
    }

    /// Reads `HOST:PORT`.
    ///
    /// @throws IllegalArgumentException if the text is not that
    public static Address parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException(text + EXPECTED);
        }
        return new Address(host(text, text.substring(0, colon)), port(text, text.substring(colon + 1)));
    }

    /// The socket address; a name is looked up.
    public InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    private static String host(String text, String host) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!bracketed && host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(text + EXPECTED);
        }
        return bracketed ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(String text, String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(text + EXPECTED, e);
        }
    }
}
